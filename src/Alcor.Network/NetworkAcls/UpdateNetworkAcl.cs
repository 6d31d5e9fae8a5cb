using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

internal sealed record UpdateNetworkAcl(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.NetworkAcl(Id);

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
        var added = updated.SubnetIds.RemoveRange(acl.SubnetIds);
        if (Association.Check(updated, added, Change.Caller, context) is { } error)
            return error;
        var decision = new Decision().Update(NetworkAcl.Type, updated, found.Value).AndAnswer();
        if (!Change.Body.Has(NetworkAclAttributes.SubnetIds))
            return decision;
        // Those that stay too: an earlier version left them without a word of it.
        return decision
            .Associate(updated, updated.SubnetIds, context)
            .Dissociate(acl.SubnetIds.RemoveRange(updated.SubnetIds), context);
    }
}
