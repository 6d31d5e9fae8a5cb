using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.IpAllocations;

/// <summary>Lets ports have reserved addresses again, all that are named or none.</summary>
/// <param name="Current">Each once, as it was when the request came.</param>
/// <param name="IfRevision">Of the only one.</param>
public sealed record ReleaseAddresses(IReadOnlyList<IpAllocation> Current, long? IfRevision = null) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current[0].NetworkId);

    public IReadOnlyList<PartitionKey> Others =>
    [
        .. Current.Select(one => PartitionKey.Network(one.NetworkId)).Where(partition => partition != Lane).Distinct(),
    ];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var view = new PartitionView(snapshot, context);
        var decision = new Decision();
        foreach (var allocation in Current)
        {
            if (allocation.PortId is not null)
                return IpAllocationErrors.IsOfPort(allocation);
            var found = view.Of(PartitionKey.Network(allocation.NetworkId))
                .Find(IpAllocation.Type, allocation.Id, IfRevision);
            if (found.Error is { } missing)
                return missing;
            decision.Delete(IpAllocation.Type, found.Value).AndAnswer();
        }
        return decision;
    }
}
