using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

internal sealed record DeleteNetworkAclRule(NetworkAclRule Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.NetworkAcl(Current.NetworkAclId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Delete(NetworkAclRule.Type, Current.Id, IfRevision);
}
