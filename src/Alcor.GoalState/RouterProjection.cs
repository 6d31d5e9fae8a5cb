using Alcor.Kernel.Store;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.GoalState;

/// <summary>
/// Routers. Each leads to the networks that it joins, and to the one outside that its gateway is in, where no other
/// router is but those that join it.
/// </summary>
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
            Gateway = router.Gateway is { } gateway ? ValueOf(gateway) : null,
            ConntrackHelpers = { router.ConnectionTrackers.Select(ValueOf) },
        },
        [
            .. NetworksOf(router).Distinct().Select(PartitionKey.Network),
            .. QosProjection.LeadsOf(router.Gateway?.QosPolicyId),
        ]);

    private static IEnumerable<string> NetworksOf(Router router)
    {
        var joined = router.Interfaces.Select(one => one.NetworkId);
        return router.Gateway is { } gateway ? joined.Append(gateway.NetworkId) : joined;
    }

    private static Protocol.V1.RouterGateway ValueOf(Network.Routers.RouterGateway gateway)
    {
        var value = new Protocol.V1.RouterGateway
        {
            NetworkId = EntryId.Encode(gateway.NetworkId),
            Mac = gateway.MacAddress.Bits,
            FixedIps = { gateway.FixedIps.Select(FieldValue.Of) },
            EnableSnat = gateway.EnableSnat,
            QosPolicy = QosProjection.IdOf(gateway.QosPolicyId),
        };
        if (gateway.Host is not { } host)
            return value;
        value.Host = host.Name;
        value.TunnelAddress = FieldValue.Of(host.TunnelAddress);
        value.Zone = host.Zone;
        return value;
    }

    private static ConntrackHelper ValueOf(ConnectionTracker helper) => new()
    {
        Name = helper.Helper,
        Protocol = (uint)IpProtocols.NumberOf(helper.Protocol),
        Port = (uint)helper.Port,
    };

    private static Protocol.V1.RouterInterface ValueOf(Network.Routers.RouterInterface one) => new()
    {
        PortId = EntryId.Encode(one.PortId),
        NetworkId = EntryId.Encode(one.NetworkId),
        FixedIps = { one.FixedIps.Select(FieldValue.Of) },
    };
}
