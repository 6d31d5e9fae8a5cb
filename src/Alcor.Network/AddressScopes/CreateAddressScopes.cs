using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.AddressScopes;

internal sealed record CreateAddressScopes(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => AddressScope.PartitionOf(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        foreach (var item in Items)
        {
            var body = item.Body;
            var scope = new AddressScope(
                item.Id,
                item.ProjectId,
                body.Get(AddressScopeAttributes.Name),
                (int)body.Get(AddressScopeAttributes.IpVersion),
                Pools: [])
            {
                Shares = ImmutableArray<Share>.Empty.WithEverybody(
                    ShareAction.AsShared, body.Get(AddressScopeAttributes.Shared)),
            };
            decision
                .Create(AddressScope.Type, scope)
                .AndAnswer()
                .CreateShares(
                    AddressScope.Type.Key(scope.Id),
                    AddressScope.PartitionOf(scope.Id),
                    scope.ProjectId,
                    scope.Shares);
        }
        return decision;
    }
}
