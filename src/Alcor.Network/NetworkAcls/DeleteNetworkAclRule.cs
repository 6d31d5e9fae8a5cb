using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

internal sealed record DeleteNetworkAclRule(NetworkAclRule Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => NetworkAcl.PartitionOf(Current.NetworkAclId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(NetworkAclRule.Type, Current.Id, IfRevision);
        return found.Error is { } missing
            ? missing
            : new Decision().Delete(NetworkAclRule.Type, found.Value).AndAnswer();
    }
}
