using Alcor.Kernel;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Ports;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.GoalState;

/// <summary>Ports, as everybody in their network knows them, and as their host does.</summary>
internal static class PortProjection
{
    /// <summary>
    /// A neighbour, if it is bound. The port by which a router is in the network is none, wherever it is bound: it is
    /// on every host. Nor is the gateway of a router: those who must know it know the router.
    /// </summary>
    public static GoalEntry? Of(Port port, long revision)
    {
        if (DeviceOwner.IsRouterInterface(port.DeviceOwner) && Guid.TryParseExact(port.DeviceId, "D", out _))
        {
            return GoalEntry.Present(
                EntryKey.Parse(EntryKind.RouterPort, port.Id),
                revision,
                RouterPortOf(port),
                PartitionKey.Router(port.DeviceId));
        }
        return port is { IsBound: true, GatewayOf: null }
            ? GoalEntry.Present(EntryKey.Parse(EntryKind.Neighbor, port.Id), revision, NeighborOf(port))
            : null;
    }

    public static GoalEntry Of(Binding binding, long revision) =>
        binding.GatewayOf is { } router ? GatewayOf(binding, router, revision) : PortOf(binding, revision);

    private static GoalEntry GatewayOf(Binding binding, string router, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.RouterGateway, binding.PortId),
        revision,
        new RouterGatewayEntry
        {
            RouterId = EntryId.Encode(router),
            NetworkId = EntryId.Encode(binding.NetworkId),
            Generation = (ulong)binding.Generation,
        },
        PartitionKey.Router(router));

    private static GoalEntry PortOf(Binding binding, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.Port, binding.PortId),
        revision,
        new PortEntry
        {
            NetworkId = EntryId.Encode(binding.NetworkId),
            Mac = binding.MacAddress.Bits,
            FixedIps = { binding.FixedIps.Select(FieldValue.Of) },
            AdminStateUp = binding.AdminStateUp,
            Generation = (ulong)binding.Generation,
            Inactive = binding.IsInactive,
            Unprotected = binding.IsUnprotected,
            SecurityGroups = { binding.SecurityGroups.OrEmpty().Select(EntryId.Encode) },
            AllowedAddressPairs = { binding.AllowedAddresses.OrEmpty().Select(FieldValue.Of) },
            DhcpOptions = { binding.DhcpOptions.OrEmpty().Select(FieldValue.Of) },
            DnsName = binding.Dns?.Name ?? "",
            DnsDomain = binding.Dns?.CloudDomain ?? PortDns.DefaultDomain,
            QosPolicy = QosProjection.IdOf(binding.QosPolicyId),
            SubPort = binding.Carriage is { } carriage ? SubPortOf(carriage) : null,
            DeviceId = binding.MachineId ?? "",
            ProjectId = binding.ProjectId ?? "",
        },
        [
            PartitionKey.Network(binding.NetworkId),
            .. binding.SecurityGroups.OrEmpty().Select(PartitionKey.SecurityGroup),
            .. QosProjection.LeadsOf(binding.QosPolicyId),
        ]);

    private static SubPort SubPortOf(SubPortCarriage carriage) => new()
    {
        ParentPort = EntryId.Encode(carriage.ParentId),
        Vlan = (uint)carriage.Vlan,
        Number = carriage.Number,
    };

    private static NeighborEntry NeighborOf(Port port) => new()
    {
        Mac = port.MacAddress.Bits,
        Addresses = { port.FixedIps.Select(ip => FieldValue.Of(ip.IpAddress)) },
        Host = port.HostId,
        TunnelAddress = FieldValue.Of(
            port.TunnelAddress ?? throw new InvariantException("a bound port has a tunnel address")),
        AllowedAddressPairs = { AllowedAddress.Of(port).Select(FieldValue.Of) },
        DnsName = port.Dns?.Name ?? "",
        DnsDomain = DomainOf(port),
    };

    /// <summary>Not said where it is the usual one: there is an entry for every port of the network.</summary>
    private static string DomainOf(Port port) => port.Dns?.CloudDomain switch
    {
        null or PortDns.DefaultDomain => "",
        "" => ".",
        var domain => domain,
    };

    private static RouterPortEntry RouterPortOf(Port port) => new()
    {
        Mac = port.MacAddress.Bits,
        Addresses = { port.FixedIps.Select(ip => FieldValue.Of(ip.IpAddress)) },
        RouterId = EntryId.Encode(port.DeviceId),
    };
}
