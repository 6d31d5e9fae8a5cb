using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.AddressGroups;

internal sealed record CreateAddressGroups(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.AddressGroup(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        foreach (var item in Items)
        {
            var group = new AddressGroup(
                item.Id,
                item.ProjectId,
                item.Body.Get(AddressGroupAttributes.Name),
                item.Body.Get(AddressGroupAttributes.Description),
                [.. item.Body.Get(AddressGroupAttributes.Addresses).Distinct()],
                Shares: []);
            decision.Create(AddressGroup.Type, group).AndAnswer();
        }
        return decision;
    }
}
