using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

internal sealed record UpdateNetworkAcl(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => NetworkAcl.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(NetworkAcl.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var acl = found.Value.Value;
        var updated = acl with
        {
            Name = Change.Body.Get(NetworkAclAttributes.Name, acl.Name),
            Description = Change.Body.Get(NetworkAclAttributes.Description, acl.Description),
            SubnetIds = Change.Body.Get(NetworkAclAttributes.SubnetIds, acl.SubnetIds),
            UpdatedAt = context.Now,
        };
        return Association.Check(updated, updated.SubnetIds.RemoveRange(acl.SubnetIds), Change.Caller, context)
            is { } error
            ? error
            : new Decision().Update(NetworkAcl.Type, updated, found.Value).AndAnswer();
    }
}
