using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.SecurityGroups;

internal sealed record DeleteSecurityGroupRule(SecurityGroupRule Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.SecurityGroup(Current.SecurityGroupId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(SecurityGroupRule.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var group = snapshot.Find(SecurityGroup.Type, Current.SecurityGroupId)!.Value;
        return new Decision()
            .Delete(SecurityGroupRule.Type, found.Value)
            .AndAnswer()
            .Update(SecurityGroup.Type, group.Value with { UpdatedAt = context.Now }, group);
    }
}
