using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tracing;

/// <summary>
/// Hosts with the flows that they should have, joined by tunnels and physical networks that carry packets at once.
/// </summary>
/// <param name="outside">Who has which address in networks outside.</param>
internal sealed class TracedFabric(
    IReadOnlyCollection<TracedHost> hosts,
    ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress> outside,
    Narrator narrator,
    TraceNames names)
{
    // From a host to that of a gateway, from there outside to another, and to the port: no packet has further to go.
    private const int HopsMax = 8;
    private readonly Dictionary<IPAddress, TracedSwitch> _switches = [];

    public TracedSwitch? At(IPAddress tunnelAddress)
    {
        if (_switches.TryGetValue(tunnelAddress, out var found))
            return found;
        return hosts.FirstOrDefault(host => host.TunnelAddress.Equals(tunnelAddress)) is { } host
            ? _switches[tunnelAddress] = new TracedSwitch(host, outside)
            : null;
    }

    public void Send(TracedSwitch host, uint port, Packet packet, Journey journey) =>
        Receive(new Entrance(host, port, default, HopsMax), packet, journey);

    private void Receive(Entrance at, Packet packet, Journey journey)
    {
        var host = at.Host;
        var result = host.Receive(at.Port, packet, at.Tunnel);
        journey.Steps.AddRange(narrator.Tell(host, result));
        journey.Flows.AddRange(result.Visits.Select(visit => names.Host(host.Host.Name)
            + (visit.Flow is { } flow ? $" {flow}" : $" table={visit.Table}, no flow")));
        foreach (var punted in result.PacketIns)
        {
            journey.IsPunted = true;
            if (punted.Table == Tables.NextHops && SoughtOutside(host, punted) is { } sought)
                journey.Sought.Add(sought);
        }
        foreach (var output in result.Outputs)
        {
            if (TracedSwitch.Tunnels.At(output.Port) is not null)
                Tunnel(at, output, journey);
            else if (output.Port == TracedSwitch.ServicePort)
                journey.IsServed = true;
            else if (host.PhysicalNetworkAt(output.Port) is { } physical)
                Leave(at, output, physical, journey);
            else
                Arrive(host, output, journey);
        }
    }

    private static void Arrive(TracedSwitch host, SwitchOutput output, Journey journey)
    {
        var vlan = TracedPacket.VlanOf(output.Packet);
        journey.Arrivals.Add(new Arrival(
            host, host.PortAt(output.Port, vlan)!.Value, vlan == 0 ? output.Packet : output.Packet.PopVlan()));
    }

    private void Tunnel(Entrance from, SwitchOutput output, Journey journey)
    {
        var to = output.Tunnel.Destination.Value != 0
            ? output.Tunnel.Destination.ToIPAddress()
            : output.Tunnel.Ipv6Destination.ToIPAddress();
        if (from.HopsLeft == 0)
            return;
        if (At(to) is { } peer)
        {
            var tunnel = new TunnelFields { Id = output.Tunnel.Id };
            Receive(new Entrance(peer, output.Port, tunnel, from.HopsLeft - 1), output.Packet, journey);
        }
        else
        {
            journey.MissingHost ??= to;
        }
    }

    /// <summary>A host that has the address in the physical network gets it; of others nobody knows.</summary>
    private void Leave(Entrance from, SwitchOutput output, string physical, Journey journey)
    {
        var owner = HostOf(from.Host, TracedPacket.MacOf(output.Packet, Field.EthDst));
        if (owner is not null && from.HopsLeft > 0 && !owner.Equals(from.Host.Host.TunnelAddress))
        {
            if (At(owner) is not { } peer)
            {
                journey.MissingHost ??= owner;
                return;
            }
            if (peer.PortTo(physical) is { } port)
            {
                Receive(new Entrance(peer, port, default, from.HopsLeft - 1), output.Packet, journey);
                return;
            }
        }
        journey.Departures.Add((from.Host, output.Port, output.Packet));
        journey.Steps.Add(new TraceStep(
            names.Host(from.Host.Host.Name), null, null, $"leaves to physical network {physical}"));
    }

    /// <summary>The tunnel address of the host that has a MAC address in a network outside, as far as that is known
    /// where the packet leaves.</summary>
    private static IPAddress? HostOf(TracedSwitch at, MacAddress mac)
    {
        foreach (var (_, router) in at.State.All<RouterValue>())
        {
            if (router.Gateway is { } gateway && gateway.Mac == mac)
                return gateway.TunnelAddress;
        }
        foreach (var (address, ip) in at.State.All<FloatingIpValue>())
        {
            if (ip.Mac != mac)
                continue;
            return ip.IsOnGateway
                ? GatewayOf(at, address)
                : at.State.Find<NeighborValue>(EntryKind.Neighbor, ip.PortId)?.TunnelAddress;
        }
        foreach (var (address, forwarding) in at.State.All<PortForwardingValue>())
        {
            if (forwarding.Mac == mac)
                return GatewayOf(at, address);
        }
        return at.State.All<NeighborValue>().FirstOrDefault(known => known.Value.Mac == mac).Value?.TunnelAddress;
    }

    private static IPAddress? GatewayOf(TracedSwitch at, EntryAddress address) =>
        Rendering.Partitions.RouterOf(address) is { } router
            ? at.State.Find<RouterValue>(EntryKind.Router, router)?.Gateway?.TunnelAddress
            : null;

    private static (Guid Network, IPAddress Address)? SoughtOutside(TracedSwitch host, PacketInEvent punted) =>
        host.Renderer.OutsideNetwork((uint)punted[Field.Register(Registers.Network)]) is { } network
            && Punts.NextHop(PacketPunted.From(punted)) is { } hop
            ? (network, hop)
            : null;

    /// <summary>Where a packet comes into a switch.</summary>
    private readonly record struct Entrance(TracedSwitch Host, uint Port, TunnelFields Tunnel, int HopsLeft);
}
