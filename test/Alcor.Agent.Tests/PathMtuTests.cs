using System.Buffers.Binary;
using System.Net;
using Alcor.Agent.Icmp;
using Alcor.Agent.Packets;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tests;

/// <summary>What a router says of packets that are too large, and to whom.</summary>
public sealed class PathMtuTests : IDisposable
{
    private const int Wide = 1;
    private const int Narrow = 70;
    private const byte EchoRequest = 8;
    private const byte EchoReply = 0;
    private static readonly RouterFace Face = new(
        Say.MacOf(82), [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("2001:db8::1")], Say.MacOf(10));

    private readonly AgentWorld _world = new();
    private readonly List<Packet> _said = [];

    public PathMtuTests() => _world.Switch.Sent = sent => _said.Add(sent.Packet);

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(1_400, false)]
    [InlineData(1_401, true)]
    [InlineData(1_500, true)]
    public void A_packet_is_too_large_from_the_first_byte_on_that_a_network_does_not_take(int size, bool isTooLarge)
    {
        Join(narrow: 1_400);
        var result = Send(10, 7, "10.0.0.10", "10.0.1.11", size);
        Assert.Equal(isTooLarge, result.PacketIns.Count == 1);
        Assert.Equal(!isTooLarge, result.Outputs.Any(output => output.Port == 8));
        Assert.Equal(isTooLarge ? ["3 4 1400"] : [], Said());
        Assert.Equal(isTooLarge ? 1 : 0, _world.Status.RoutingRefused);
    }

    [Fact]
    public void Into_the_wider_network_nothing_is_too_large()
    {
        Join(narrow: 1_400);
        Assert.Contains(Send(11, 8, "10.0.1.11", "10.0.0.10", 1_500).Outputs, output => output.Port == 7);
    }

    [Fact]
    public void A_network_that_changes_its_mtu_is_measured_by_the_new_one_and_then_no_more()
    {
        Join(narrow: 1_400);
        ChangeNarrow(revision: 1, 1_420);
        Assert.Single(Send(10, 7, "10.0.0.10", "10.0.1.11", 1_450).PacketIns);
        Assert.Equal(["3 4 1420"], Said());
        ChangeNarrow(revision: 2, 1_500);
        Assert.Empty(Send(10, 7, "10.0.0.10", "10.0.1.11", 1_450).PacketIns);
        Assert.DoesNotContain(_world.Switch.Flows, flow => Pipeline.PathMtu.BoundOf(flow) is not null);
    }

    [Fact]
    public void A_machine_that_does_not_listen_is_told_no_more_than_others_and_gets_its_lease()
    {
        Join(narrow: 1_400);
        for (var i = 0; i < 100; i++)
            Send(10, 7, "10.0.0.10", "10.0.1.11", 1_450);
        Assert.Equal(AgentLimits.Refusals.Burst, Said().Count());
        _world.Do(() => _world.Switch.Receive(7, Ask.Discover(10)));
        Assert.Equal(1, _world.Status.DhcpAnswered);
    }

    [Fact]
    public void In_ipv6_it_is_a_message_of_its_own()
    {
        var error = About(Frame("2001:db8::10", "2001:db8:1::11", 1_450));
        Assert.Equal([2, 0], error.Payload[..2].ToArray());
        Assert.Equal(1_400u, BinaryPrimitives.ReadUInt32BigEndian(error.Payload.Span[4..]));
        Assert.Equal(IPAddress.Parse("2001:db8::1"), error.Source);
        Assert.Equal(1_280 - 40, error.Payload.Length);
    }

    [Theory]
    [InlineData(EchoReply, 0, true)]
    [InlineData(EchoRequest, 0x2000, true)]
    [InlineData(EchoRequest, 0x2001, false)]
    [InlineData(3, 0, false)]
    public void Of_a_datagram_in_pieces_the_first_is_answered_and_an_error_never(
        byte type, ushort fragment, bool isAnswered)
    {
        var frame = Frame("10.0.0.10", "10.0.1.11", 1_450);
        frame[34] = type;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), fragment);
        var error = IcmpErrors.About(frame, RoutingObstacle.TooLarge, Face, 1_400);
        Assert.Equal(isAnswered, error is not null);
    }

    private static IpFrame About(byte[] frame)
    {
        Assert.True(IpFrame.TryParse(
            IcmpErrors.About(frame, RoutingObstacle.TooLarge, Face, 1_400), out var error));
        return error;
    }

    /// <summary>Type, code and MTU of every error that a machine was told.</summary>
    private IEnumerable<string> Said() => _said.Where(packet => packet.Has(Field.Icmpv4Type)).Select(packet =>
    {
        Assert.True(IpFrame.TryParse(packet.Bytes, out var error));
        Assert.Equal((IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.10")), (error.Source, error.Destination));
        // What it had sent is quoted, and it knows it by that.
        Assert.Equal(IPAddress.Parse("10.0.1.11"), new IPAddress(error.Payload.Span[24..28]));
        return $"{error.Payload.Span[0]} {error.Payload.Span[1]} "
            + BinaryPrimitives.ReadUInt32BigEndian(error.Payload.Span[4..]);
    });

    private ForwardingResult Send(int from, uint port, string source, string target, int size)
    {
        ForwardingResult? result = null;
        var frame = Frame(source, target, size, from, to: from == 10 ? 82 : 81);
        _world.Do(() => result = _world.Switch.Receive(port, frame));
        return result!;
    }

    /// <summary>An echo request of so many bytes of IP.</summary>
    private static byte[] Frame(string source, string target, int size, int from = 10, int to = 82)
    {
        var isIpv4 = IPAddress.Parse(source).GetAddressBytes().Length == 4;
        var payload = new byte[size - (isIpv4 ? 20 : 40)];
        payload[0] = isIpv4 ? EchoRequest : (byte)128;
        return new IpFrame
        {
            SourceMac = Say.MacOf(from), DestinationMac = Say.MacOf(to), Source = IPAddress.Parse(source),
            Destination = IPAddress.Parse(target), Protocol = isIpv4 ? (byte)1 : (byte)58, Payload = payload,
        }.Encode();
    }

    private void ChangeNarrow(ulong revision, uint mtu) => _world.Say(Say.Difference(
        Say.NetworkPartition(Narrow), revision, revision + 1, Say.Network(Narrow, 700, mtu: mtu)));

    /// <summary>A router between a network of 1500 bytes and a narrow one, each with a machine here.</summary>
    private void Join(uint narrow)
    {
        _world.Plug(10, 7);
        _world.Plug(11, 8);
        var here = AgentWorld.Tunnel.ToString();
        _world.Say(
            Say.Snapshot(Say.NetworkPartition(Wide), 1, Say.Network(Wide, 100, mtu: 1_500),
                Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"), Say.Neighbor(10, "10.0.0.10", here),
                Say.RouterPort(82, 80, "10.0.0.1")),
            Say.Snapshot(Say.NetworkPartition(Narrow), 1, Say.Network(Narrow, 700, mtu: narrow),
                Say.Subnet(72, "10.0.1.0/24", "10.0.1.1"), Say.Neighbor(11, "10.0.1.11", here),
                Say.RouterPort(81, 80, "10.0.1.1")),
            Say.Snapshot(Say.RouterPartition(80), 1, Say.Router(
                80, Say.Interface(82, Wide, 2, "10.0.0.1"), Say.Interface(81, Narrow, 72, "10.0.1.1"))),
            Say.Snapshot(Say.HostPartition, 1,
                Say.Port(10, Wide, 2, "10.0.0.10"), Say.Port(11, Narrow, 72, "10.0.1.11")),
            Say.Synchronized());
    }
}
