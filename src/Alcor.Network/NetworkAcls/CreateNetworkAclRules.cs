using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

internal sealed record CreateNetworkAclRules(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionOf(Items[0]);

    public IReadOnlyList<PartitionKey> Others =>
        [.. Items.Select(PartitionOf).Where(partition => partition != Lane).Distinct()];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var snapshots = Others.ToDictionary(key => key, context.Partition);
        snapshots.Add(Lane, snapshot);
        var decision = new Decision();
        for (var i = 0; i < Items.Count; i++)
        {
            var partition = PartitionOf(Items[i]);
            var built = Build(Items[i], snapshots[partition], context.Now);
            if (built.Error is { } error)
                return Items.Count == 1 ? error : error.OfItem(i, NetworkAclRule.Type.Collection);
            decision.Create(NetworkAclRule.Type, built.Value).AndAnswer();
            snapshots[partition] = snapshots[partition].WithClaimsOf(NetworkAclRule.Type, built.Value);
        }
        return decision;
    }

    private static PartitionKey PartitionOf(NewResource item) =>
        PartitionKey.NetworkAcl(item.Body.Get(NetworkAclRuleAttributes.NetworkAclId));

    private static Result<NetworkAclRule> Build(NewResource item, Snapshot partition, DateTimeOffset now)
    {
        var aclId = item.Body.Get(NetworkAclRuleAttributes.NetworkAclId);
        if (partition.Find(NetworkAcl.Type, aclId)?.Value is not { } acl || !item.Caller.Sees(NetworkAcl.Type, acl))
            return NetworkAcl.Type.Api.NotFound(aclId);
        var rule = NetworkAclRulePlan.Build(item.Id, acl, item.Body, now);
        return rule.IsOk && NetworkAclRulePlan.IsNumberTaken(rule.Value, partition)
            ? NetworkAclErrors.NumberInUse(rule.Value)
            : rule;
    }
}
