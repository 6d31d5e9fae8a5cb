using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent.Tests.World;

/// <summary>
/// A host that has the gateway of a router, two machines with a floating IP each, and one that port forwardings of a
/// third lead to; and what its meters are asked.
/// </summary>
internal sealed class LimitedOutside
{
    public const int Router = 80;
    public const int Outer = 90;
    public const int First = 10;
    public const int Second = 11;
    public const int Third = 12;
    public const uint Physical = 3;

    /// <summary>Ids of entries, and of ports outside.</summary>
    public const int Gateway = 83;
    public const int FirstIp = 84;
    public const int SecondIp = 85;
    public const int ForwardedIp = 86;

    public const string Stranger = "203.0.113.1";
    public const string StrangerIpv6 = "2001:db8:ff::1";
    private const int StrangerMac = 38;
    private const int RouterPort = 82;

    private readonly FlowTableSwitch _switch = new(1, Physical, KeyOf(First), KeyOf(Second), KeyOf(Third));
    private readonly HashSet<uint> _dropping = [];

    /// <param name="policies">Of ports outside, and of the network outside by <see cref="Outer"/>.</param>
    /// <param name="limits">Of each policy that is known.</param>
    public LimitedOutside(Dictionary<int, int> policies, Dictionary<int, QosLimit[]> limits)
    {
        var desired = Updates(policies, limits).Aggregate(
            DesiredState.Empty, (state, update) => state.Apply(update).State);
        Renderer = Renderer.Full(desired, Facts);
        foreach (var meter in Renderer.Meters)
            Assert.Null(_switch.Apply(MeterModCommand.Add, meter));
        Assert.True(_switch.Apply([.. Renderer.Flows.Select(FlowMod.Add)], FlowDelivery.Bundle).IsComplete);
        _switch.Admits = (meter, _) =>
        {
            Asked.Add(meter);
            return !_dropping.Contains(meter);
        };
    }

    public static SwitchFacts Facts { get; } = new(
        ImmutableDictionary<Guid, uint>.Empty.Add(Say.Id(First), KeyOf(First)).Add(Say.Id(Second), KeyOf(Second))
            .Add(Say.Id(Third), KeyOf(Third)),
        new TunnelPorts(Vxlan: 1, Geneve: null), AgentWorld.Tunnel)
    {
        PhysicalPorts = ImmutableSortedDictionary.Create<string, uint>(StringComparer.Ordinal)
            .Add("physnet1", Physical),
        OutsideNeighbors = ImmutableDictionary<(Guid, IPAddress), MacAddress>.Empty
            .Add((Say.Id(Outer), IPAddress.Parse(Stranger)), Say.MacOf(StrangerMac))
            .Add((Say.Id(Outer), IPAddress.Parse(StrangerIpv6)), Say.MacOf(StrangerMac)),
    };

    public Renderer Renderer { get; }

    /// <summary>The meters that the last packet passed.</summary>
    public List<uint> Asked { get; } = [];

    public static uint KeyOf(int machine) => (uint)machine - 3;

    public static uint Meter(int port, bool isEgress, bool isPackets = false) => MeterIds.Of(
        OutsideNumbers.HomeOf(new OutsidePort(Say.Id(Outer), Say.MacOf(port))), isEgress, isPackets);

    public void Drop(params uint[] meters) => _dropping.UnionWith(meters);

    /// <summary>A machine here sends a datagram to port 80; where it arrives, and from which address.</summary>
    /// <param name="port">That it sends from.</param>
    public (uint Port, IPAddress From)? Send(int machine, string from, string to, int port = 80) =>
        Receive(KeyOf(machine), Frame(Say.MacOf(machine), Say.MacOf(RouterPort), from, to, port));

    /// <summary>A machine on another host sends by way of the router.</summary>
    public (uint Port, IPAddress From)? SendFromElsewhere(string from, string to) => Receive(
        1, Frame(Routing.HostMac(IPAddress.Parse(AgentWorld.Other)), Say.MacOf(RouterPort), from, to, 80),
        new TunnelFields { Id = 100 });

    /// <summary>Somebody outside sends to a port there.</summary>
    public (uint Port, IPAddress From)? SendFromOutside(int target, string from, string to, int port = 80) =>
        Receive(Physical, Frame(Say.MacOf(StrangerMac), Say.MacOf(target), from, to, port));

    private static byte[] Frame(MacAddress source, MacAddress target, string from, string to, int port) =>
        new IpFrame
        {
            SourceMac = source,
            DestinationMac = target,
            Source = IPAddress.Parse(from),
            Destination = IPAddress.Parse(to),
            Protocol = Protocols.Udp,
            Payload = new byte[] { 0, (byte)port, 0, 80, 0, 8, 0, 0 },
        }.Encode();

    private (uint Port, IPAddress From)? Receive(uint port, byte[] frame, TunnelFields tunnel = default)
    {
        Asked.Clear();
        var result = _switch.Receive(port, new Packet(frame), tunnel);
        if (result.Outputs.Count == 0)
            return null;
        var output = Assert.Single(result.Outputs);
        var from = output.Packet.Has(Field.Ipv4Src)
            ? new Ipv4Address((uint)output.Packet[Field.Ipv4Src]).ToIPAddress()
            : new Ipv6Address(output.Packet[Field.Ipv6Src]).ToIPAddress();
        return (output.Port, from);
    }

    /// <inheritdoc cref="LimitedOutside(Dictionary{int, int}, Dictionary{int, QosLimit[]})"/>
    public static IEnumerable<PartitionUpdate> Updates(
        Dictionary<int, int> policies, Dictionary<int, QosLimit[]> limits)
    {
        ByteString PolicyOf(int port) => policies.TryGetValue(port, out var id) ? Say.Bytes(id) : ByteString.Empty;
        var inside = Say.Interface(RouterPort, 1, 2, "10.0.0.1");
        inside.FixedIps.Add(new FixedIp { SubnetId = Say.Bytes(3), Address = Say.Bytes("2001:db8::1") });
        return
        [
            Say.SnapshotOf(Say.HostPartition, 1, [.. new[] { First, Second, Third }.Select(
                port => Say.Port(port, 1, 2, $"10.0.0.{port}"))]),
            Say.SnapshotOf(Say.NetworkPartition(1), 1,
                Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"), Say.Ipv6Subnet(3, "2001:db8::/64", ""),
                Neighbor(First), Neighbor(Second), Neighbor(Third),
                Say.RouterPort(RouterPort, Router, "10.0.0.1", "2001:db8::1")),
            Say.SnapshotOf(Say.NetworkPartition(Outer), 1,
                Say.External(Outer, policy: PolicyOf(Outer)),
                Say.Subnet(92, "203.0.113.0/24", Stranger, dhcp: false),
                Say.Ipv6Subnet(93, "2001:db8:ff::/64", "", dhcp: false)),
            .. limits.Select(known =>
                Say.SnapshotOf(Say.QosPolicyPartition(known.Key), 1, Say.QosPolicy(known.Key, known.Value))),
            Say.SnapshotOf(Say.RouterPartition(Router), 1,
                Say.Entry(EntryKind.Router, Router, new RouterEntry
                {
                    AdminStateUp = true, Interfaces = { inside }, Gateway = GatewayOf(PolicyOf(Gateway)),
                }),
                FloatingIp(FirstIp, "203.0.113.10", First, PolicyOf(FirstIp)),
                FloatingIp(SecondIp, "203.0.113.11", Second, PolicyOf(SecondIp)),
                Say.Entry(EntryKind.PortForwarding, ForwardedIp, new PortForwardingEntry
                {
                    Address = Say.Bytes("203.0.113.12"), Mac = Say.Mac(ForwardedIp), Protocol = Protocols.Udp,
                    ExternalPorts = new Protocol.V1.PortRange { First = 80, Last = 80 },
                    InternalAddress = Say.Bytes("10.0.0.12"), QosPolicy = PolicyOf(ForwardedIp),
                    InternalPorts = new Protocol.V1.PortRange { First = 80, Last = 80 },
                })),
        ];
    }

    private static RouterGateway GatewayOf(ByteString policy)
    {
        var gateway = Say.Gateway(
            Outer, Gateway, AgentWorld.Tunnel.ToString(), (92, "203.0.113.5"), (93, "2001:db8:ff::5"));
        gateway.QosPolicy = policy;
        return gateway;
    }

    private static Entry Neighbor(int port) => Say.Entry(EntryKind.Neighbor, port, new NeighborEntry
    {
        Mac = Say.Mac(port), Host = "h1", TunnelAddress = Say.Bytes(AgentWorld.Tunnel.ToString()),
        Addresses = { Say.Bytes($"10.0.0.{port}"), Say.Bytes($"2001:db8::{port}") },
    });

    private static Entry FloatingIp(int id, string address, int port, ByteString policy) => Say.Entry(
        EntryKind.FloatingIp, id, new FloatingIpEntry
        {
            Address = Say.Bytes(address), Mac = Say.Mac(id), PortId = Say.Bytes(port),
            FixedAddress = Say.Bytes($"10.0.0.{port}"), QosPolicy = policy,
        });
}
