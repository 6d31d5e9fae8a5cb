using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.SecurityGroups;

/// <summary>
/// Creates security groups with the rules that every group has, and the default group of their project before them.
/// The lane is that of the default group: their own partitions do not exist yet.
/// </summary>
internal sealed record CreateSecurityGroups(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.SecurityGroup(DefaultSecurityGroup.IdOf(Items[0].ProjectId));

    public IReadOnlyList<ResourceKey> Reads => [.. Projects.Select(DefaultSecurityGroup.KeyOf)];

    private IEnumerable<string> Projects => Items.Select(item => item.ProjectId).Distinct();

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision().EnsureDefaultSecurityGroups(Projects, context);
        for (var i = 0; i < Items.Count; i++)
        {
            var group = Build(Items[i], context.Now);
            if (DefaultSecurityGroup.IsReserved(group.Name))
                return SecurityGroupErrors.DefaultAlreadyExists.OfItem(i, SecurityGroup.Type.Collection);
            decision.Create(SecurityGroup.Type, group).AndAnswer();
            foreach (var rule in DefaultSecurityGroup.EgressRules(group))
                decision.Create(SecurityGroupRule.Type, rule);
        }
        return decision;
    }

    private static SecurityGroup Build(NewResource item, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(SecurityGroupAttributes.Name),
            item.Body.Get(SecurityGroupAttributes.Description),
            item.Body.Get(SecurityGroupAttributes.Stateful),
            Shares: [],
            Tags: [],
            now,
            now);
}
