using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.AddressScopes;
using Alcor.Network.Sharing;

namespace Alcor.Network.SubnetPools;

internal sealed record DeleteSubnetPool(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => SubnetPool.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(SubnetPool.Type, Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var blocks = snapshot.Find(SubnetPoolBlocks.Type, Id)!.Value;
        if (!blocks.Value.Blocks.IsEmpty)
            return SubnetPoolErrors.HasAllocations();
        var decision = new Decision()
            .Delete(SubnetPool.Type, found.Value)
            .AndAnswer()
            .DeleteShares(snapshot, SubnetPool.Type.Key(Id))
            .Delete(SubnetPoolBlocks.Type, blocks);
        return found.Value.Value.AddressScopeId is { } scopeId
            && context.Read(AddressScope.Type, scopeId) is { } scope
            ? decision.Update(AddressScope.Type, scope.Value.Without(Id), scope)
            : decision;
    }
}
