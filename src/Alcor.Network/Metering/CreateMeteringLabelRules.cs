using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Metering;

internal sealed record CreateMeteringLabelRules(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => MeteringLabel.PartitionOf(LabelOf(Items[0]));

    public IReadOnlyList<PartitionKey> Others =>
        [.. Items.Select(item => MeteringLabel.PartitionOf(LabelOf(item))).Where(one => one != Lane).Distinct()];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var view = new PartitionView(snapshot, context);
        var decision = new Decision();
        var made = new List<MeteringLabelRule>();
        for (var i = 0; i < Items.Count; i++)
        {
            var built = Build(Items[i]);
            var error = built.Error ?? Check(built.Value, view.Of(MeteringLabel.PartitionOf(LabelOf(Items[i]))), made);
            if (error is not null)
                return error.OfItem(i, MeteringLabelRule.Type.Collection);
            made.Add(built.Value);
            decision.Create(MeteringLabelRule.Type, built.Value).AndAnswer();
        }
        return decision;
    }

    private static string LabelOf(NewResource item) => item.Body.Get(MeteringLabelRuleAttributes.LabelId);

    /// <summary>Neutron holds remote prefixes alone against one another.</summary>
    private static ApiError? Check(MeteringLabelRule rule, Snapshot label, IEnumerable<MeteringLabelRule> made)
    {
        var overlaps = label.All(MeteringLabelRule.Type).Concat(made).Any(other =>
            other.LabelId == rule.LabelId
            && other.Direction == rule.Direction
            && other.Excluded == rule.Excluded
            && Overlap(other.RemotePrefix, rule.RemotePrefix));
        return overlaps
            ? ApiError.Conflict(
                "MeteringLabelRuleOverlaps",
                $"Metering label rule with remote_ip_prefix '{rule.RemotePrefix}' overlaps another.")
            : label.Find(MeteringLabel.Type, rule.LabelId) is null
                ? MeteringLabel.Type.Api.NotFound(rule.LabelId)
                : null;
    }

    private static bool Overlap(string? left, string? right) =>
        left is not null
        && right is not null
        && AddressPrefix.TryParse(left, out var one)
        && AddressPrefix.TryParse(right, out var other)
        && one.IsIpv4 == other.IsIpv4
        && one.Network.Overlaps(other.Network);

    private static Result<MeteringLabelRule> Build(NewResource item)
    {
        var attributes = new[]
        {
            MeteringLabelRuleAttributes.RemotePrefix,
            MeteringLabelRuleAttributes.SourcePrefix,
            MeteringLabelRuleAttributes.DestinationPrefix,
        };
        var prefixes = new string?[attributes.Length];
        for (var i = 0; i < attributes.Length; i++)
        {
            if (item.Body.Get(attributes[i]) is not { Length: > 0 } text)
                continue;
            if (!AddressPrefix.TryParse(text, out var prefix))
                return Invalid($"{attributes[i].Name}: {text} is invalid.");
            prefixes[i] = prefix.ToString();
        }
        return prefixes switch
        {
            [null, null, null] => Invalid(
                "You must define at least one of the following parameters 'remote_ip_prefix', or 'source_ip_prefix' "
                + "or 'destination_ip_prefix'."),
            [not null, var source, var destination] when (source ?? destination) is not null => Invalid(
                "Cannot use 'remote-ip-prefix' in conjunction with 'source-ip-prefix' or 'destination-ip-prefix'."),
            _ => new MeteringLabelRule(
                item.Id,
                LabelOf(item),
                item.Body.Get(MeteringLabelRuleAttributes.Direction),
                item.Body.Get(MeteringLabelRuleAttributes.Excluded),
                prefixes[0],
                prefixes[1],
                prefixes[2]),
        };
    }

    private static ApiError Invalid(string message) => new(400, "Invalid", message);
}
