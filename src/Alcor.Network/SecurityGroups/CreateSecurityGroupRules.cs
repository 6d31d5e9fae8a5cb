using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.AddressGroups;

namespace Alcor.Network.SecurityGroups;

/// <summary>
/// Creates rules of one group. The group is written too: its revision says that what it allows has changed, and two
/// creations of the same rule see one another.
/// </summary>
internal sealed record CreateSecurityGroupRules(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.SecurityGroup(GroupOf(Items[0]) is { Length: > 0 } id ? id : "none");

    public IReadOnlyList<ResourceKey> Reads => [.. Items.SelectMany(RemotesOf).Distinct()];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (Items.Any(item => GroupOf(item) != GroupOf(Items[0])))
            return SecurityGroupErrors.NotSingleGroup;
        if (Items.Any(item => item.ProjectId != Items[0].ProjectId))
            return SecurityGroupErrors.NotSingleTenant;
        var group = snapshot.Find(SecurityGroup.Type, GroupOf(Items[0]));
        var rules = new List<SecurityGroupRule>(Items.Count);
        for (var i = 0; i < Items.Count; i++)
        {
            var rule = Build(Items[i], group?.Value, context);
            if (rule.Error is { } error)
                return error.OfItem(i, SecurityGroupRule.Type.Collection);
            rules.Add(rule.Value);
        }
        if (FindDuplicate(rules, snapshot) is { } duplicate)
            return duplicate;
        var decision = new Decision();
        foreach (var rule in rules)
            decision.Create(SecurityGroupRule.Type, rule).AndAnswer();
        return decision.Update(SecurityGroup.Type, group!.Value.Value with { UpdatedAt = context.Now }, group.Value);
    }

    private static Result<SecurityGroupRule> Build(NewResource item, SecurityGroup? group, DecideContext context)
    {
        var built = RulePlan.Build(item, group?.ProjectId ?? "", context.Now);
        if (built.Error is not null)
            return built;
        var rule = built.Value;
        if (rule.RemoteGroupId is { } remoteId
            && !MayUse(item, context.Read(SecurityGroup.Type, remoteId)?.Value))
            return SecurityGroup.Type.Api.NotFound(remoteId);
        if (rule.RemoteAddressGroupId is { } addressesId
            && !MayUse(item, context.Read(AddressGroup.Type, addressesId)?.Value))
            return AddressGroup.Type.Api.NotFound(addressesId);
        return MayUse(item, group) ? rule : SecurityGroup.Type.Api.NotFound(rule.SecurityGroupId);
    }

    /// <summary>The first that is there twice in the request, or there already.</summary>
    private static ApiError? FindDuplicate(List<SecurityGroupRule> rules, Snapshot snapshot)
    {
        var identities = new HashSet<object>();
        if (!rules.All(rule => identities.Add(RulePlan.Identity(rule))))
            return SecurityGroupErrors.DuplicateInPost;
        var there = snapshot.All(SecurityGroupRule.Type)
            .FirstOrDefault(rule => identities.Contains(RulePlan.Identity(rule)));
        return there is null ? null : SecurityGroupErrors.RuleExists(there.Id);
    }

    private static bool MayUse(NewResource item, SecurityGroup? group) =>
        group is not null && MayUse(item, SecurityGroup.Type, group);

    private static bool MayUse(NewResource item, AddressGroup? group) =>
        group is not null && MayUse(item, AddressGroup.Type, group);

    /// <summary>The rule's owner has to see it, unless an administrator asks.</summary>
    private static bool MayUse(NewResource item, IResourceType type, object group) =>
        item.Caller.IsAdmin || type.IsVisible(group, item.ProjectId);

    private static string GroupOf(NewResource item) => item.Body.Get(SecurityGroupRuleAttributes.SecurityGroupId);

    private static IEnumerable<ResourceKey> RemotesOf(NewResource item)
    {
        if (item.Body.Get(SecurityGroupRuleAttributes.RemoteGroupId) is { Length: > 0 } group)
            yield return SecurityGroup.Type.Key(group);
        if (item.Body.Get(SecurityGroupRuleAttributes.RemoteAddressGroupId) is { Length: > 0 } addresses)
            yield return AddressGroup.Type.Key(addresses);
    }
}
