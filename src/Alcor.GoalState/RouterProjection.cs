using Alcor.Kernel.Store;
using Alcor.Network.Routers;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.GoalState;

/// <summary>Routers. Each leads to the networks that it joins, and not out of its gateway.</summary>
internal static class RouterProjection
{
    public static GoalEntry Of(Router router, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.Router, router.Id),
        revision,
        new RouterEntry
        {
            AdminStateUp = router.AdminStateUp,
            Interfaces = { router.Interfaces.Select(ValueOf) },
            Routes = { router.Routes.Select(FieldValue.Of) },
        },
        [.. router.Interfaces.Select(one => PartitionKey.Network(one.NetworkId)).Distinct()]);

    private static Protocol.V1.RouterInterface ValueOf(Network.Routers.RouterInterface one) => new()
    {
        PortId = EntryId.Encode(one.PortId),
        NetworkId = EntryId.Encode(one.NetworkId),
        FixedIps = { one.FixedIps.Select(FieldValue.Of) },
    };
}
