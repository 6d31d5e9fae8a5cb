using System.Net;
using Alcor.Kernel;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.GoalState;

/// <summary>
/// What hosts must know of a resource. One resource gives at most one entry, from its own value alone: no joins, and
/// what its end means follows from its key. So a change of a partition is projected change by change, in any order.
/// Hosts know IPv4 only so far: subnets and addresses of IPv6 are left out.
/// </summary>
public static class Projection
{
    /// <summary>The entry that a change leads to, or null when no host needs to know of such resources.</summary>
    public static GoalEntry? Of(Change change, Catalog catalog) =>
        change.Resource is { } resource
            ? Of(catalog[resource.Key.Type].Decode(resource.Value), resource.Revision)
            : OfEnd(change.Key, change.Revision);

    /// <param name="resource">A decoded resource of the catalog.</param>
    public static GoalEntry? Of(object resource, long revision) => resource switch
    {
        Network.Networks.Network { VxlanId: { } vxlanId } network => GoalEntry.Present(
            EntryKey.Parse(EntryKind.Network, network.Id), revision, ValueOf(network, vxlanId)),
        Network.Networks.Network network => GoalEntry.Absent(
            EntryKey.Parse(EntryKind.Network, network.Id), revision),
        Subnet { IpVersion: 6 } => null,
        Subnet subnet => GoalEntry.Present(EntryKey.Parse(EntryKind.Subnet, subnet.Id), revision, ValueOf(subnet)),
        Port { IsBound: true } port => GoalEntry.Present(NeighborKey(port.Id), revision, ValueOf(port)),
        Port port => GoalEntry.Absent(NeighborKey(port.Id), revision),
        Binding binding => GoalEntry.Present(
            EntryKey.Parse(EntryKind.Port, binding.PortId),
            revision,
            ValueOf(binding),
            PartitionKey.Network(binding.NetworkId)),
        _ => null,
    };

    /// <summary>What the end of a resource means, known from its key.</summary>
    public static GoalEntry? OfEnd(ResourceKey key, long revision)
    {
        if (key.Type == Network.Networks.Network.Type.Name)
            return GoalEntry.Absent(EntryKey.Parse(EntryKind.Network, key.Id), revision);
        if (key.Type == Subnet.Type.Name)
            return GoalEntry.Absent(EntryKey.Parse(EntryKind.Subnet, key.Id), revision);
        if (key.Type == Port.Type.Name)
            return GoalEntry.Absent(NeighborKey(key.Id), revision);
        // The key of a binding is port@host; a port's id is a UUID and has no @.
        return key.Type == Binding.Type.Name
            ? GoalEntry.Absent(EntryKey.Parse(EntryKind.Port, key.Id.Split('@', 2)[0]), revision)
            : null;
    }

    private static EntryKey NeighborKey(string portId) => EntryKey.Parse(EntryKind.Neighbor, portId);

    private static NetworkEntry ValueOf(Network.Networks.Network network, uint vxlanId) => new()
    {
        SegmentationId = vxlanId,
        Mtu = (uint)network.Mtu,
        AdminStateUp = network.AdminStateUp,
    };

    private static SubnetEntry ValueOf(Subnet subnet) => new()
    {
        Cidr = subnet.Cidr.ToString(),
        Gateway = subnet.GatewayIp?.ToString() ?? "",
        EnableDhcp = subnet.EnableDhcp,
        DnsNameservers = { subnet.DnsNameservers.Select(server => server.ToString()) },
        HostRoutes =
        {
            subnet.HostRoutes.Select(route => new Protocol.V1.HostRoute
            {
                Destination = route.Destination.ToString(),
                Nexthop = route.Nexthop.ToString(),
            }),
        },
    };

    private static NeighborEntry ValueOf(Port port) => new()
    {
        Mac = port.MacAddress.Bits,
        Addresses = { Ipv4(port.FixedIps).Select(ip => Bytes(ip.IpAddress)) },
        Host = port.HostId,
        TunnelAddress = Bytes(port.TunnelAddress ?? throw new InvariantException("a bound port has a tunnel address")),
    };

    private static PortEntry ValueOf(Binding binding) => new()
    {
        NetworkId = EntryId.Encode(binding.NetworkId),
        Mac = binding.MacAddress.Bits,
        FixedIps =
        {
            Ipv4(binding.FixedIps).Select(ip => new Protocol.V1.FixedIp
            {
                SubnetId = EntryId.Encode(ip.SubnetId),
                Address = Bytes(ip.IpAddress),
            }),
        },
        AdminStateUp = binding.AdminStateUp,
        Generation = (ulong)binding.Generation,
    };

    private static IEnumerable<Network.Ports.FixedIp> Ipv4(IEnumerable<Network.Ports.FixedIp> addresses) =>
        addresses.Where(ip => ip.IpAddress.Version() == 4);

    private static ByteString Bytes(IPAddress address) => ByteString.CopyFrom(address.GetAddressBytes());
}
