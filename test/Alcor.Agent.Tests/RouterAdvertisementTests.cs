using System.Net;
using Alcor.Agent.Icmp;
using Alcor.Agent.Packets;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>Machines are told of their routers, when they ask and unasked.</summary>
public sealed class RouterAdvertisementTests : IDisposable
{
    private const string Label = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static readonly RouterAdvertisement Full = new(Say.MacOf(82), 1450)
    {
        IsManaged = true,
        Prefixes = [new(IPNetwork.Parse("2001:db8::/64"), IsAutonomous: true),
            new(IPNetwork.Parse("2001:db8:1::/80"), IsAutonomous: false)],
        NameServers = [IPAddress.Parse("2001:db8::53"), IPAddress.Parse("fe80::a9fe:a9fe")],
        Domain = "cloud.test.",
    };

    private readonly AgentWorld _world = new();
    private readonly List<SwitchOutput> _sent = [];

    public RouterAdvertisementTests() => _world.Switch.Sent = _sent.Add;

    public void Dispose() => _world.Dispose();

    private List<SwitchOutput> Advertisements => [.. _sent.Where(sent => sent.Packet[Field.Icmpv6Type] == 134)];

    [Fact]
    public void All_that_is_said_is_in_the_frame() => Assert.Equal(
        string.Join('\n',
        [
            "333300000001" + "FA163E000052" + "86DD",
            "60000000" + "00A0" + "3A" + "FF",
            "FE80000000000000F8163EFFFE000052", "FF020000000000000000000000000001",
            "8600" + "40" + "80" + "2328" + "00000000" + "00000000",
            "0101" + "FA163E000052",
            "0501" + "0000" + "000005AA",
            "0304" + "40C0" + "00278D00" + "00093A80" + "00000000" + "20010DB8000000000000000000000000",
            "0304" + "5080" + "00278D00" + "00093A80" + "00000000" + "20010DB8000100000000000000000000",
            "1905" + "0000" + "00002328" + "20010DB8000000000000000000000053" + "FE8000000000000000000000A9FEA9FE",
            "1F03" + "0000" + "00002328" + "05636C6F7564" + "0474657374" + "00" + "00000000",
        ]),
        Lines(Full.Encode(), 14, 8, 16, 16, 16, 8, 8, 32, 32, 40, 24));

    [Theory]
    [InlineData("")]
    [InlineData("cloud..test")] // no name that could be said
    [InlineData($"{Label}.{Label}.{Label}.{Label}")] // nor this, of 257 bytes
    public void A_domain_that_is_none_is_not_said(string domain) =>
        Assert.Equal(Full.Encode().Length - 24, (Full with { Domain = domain }).Encode().Length);

    [Fact]
    public void What_is_said_of_most_subnets_fits_into_what_every_link_takes()
    {
        var prefixes = Enumerable.Range(0, RouterAdvertisement.PrefixesMax)
            .Select(i => new AdvertisedPrefix(IPNetwork.Parse($"2001:db8:{i:x}::/64"), IsAutonomous: true));
        var servers = Enumerable.Repeat(IPAddress.IPv6Loopback, RouterAdvertisement.NameServersMax);
        var frame = (Full with
        {
            Prefixes = [.. prefixes], NameServers = [.. servers], Domain = $"{Label}.{Label}.{Label}.{Label[2..]}",
        }).Encode();
        Assert.InRange(frame.Length, 1_280 - 32, 1_280 + 14);
    }

    [Theory]
    [InlineData("fe80::1", 255, "", true)]
    [InlineData("fe80::1", 255, "0101020304050607", true)]
    [InlineData("fe80::1", 255, "0101020304050607FF", false)] // half an option
    [InlineData("fe80::1", 255, "0100020304050607", false)] // an option of no length
    [InlineData("fe80::1", 255, "0102020304050607", false)] // longer than what there is
    [InlineData("fe80::1", 254, "", false)] // from elsewhere
    [InlineData("::", 255, "", true)]
    [InlineData("::", 255, "0101020304050607", false)]
    [InlineData("::", 255, "0E01020304050607", true)]
    public void A_solicitation_is_believed_if_it_is_well_formed(
        string source, byte hopLimit, string options, bool isValid)
    {
        var frame = Ask.RouterSolicitation(10, source, hopLimit, Convert.FromHexString(options));
        Assert.True(IpFrame.TryParse(frame, out var packet));
        Assert.Equal(isValid, RouterSolicitation.IsValid(packet));
    }

    [Fact]
    public void Bytes_of_a_stranger_are_a_solicitation_or_not_and_nothing_else()
    {
        var random = Seed.For(nameof(Bytes_of_a_stranger_are_a_solicitation_or_not_and_nothing_else));
        var valid = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var options = new byte[8 * random.Next(4)];
            for (var at = 0; at < options.Length; at += 8)
                (options[at], options[at + 1]) = ((byte)random.Next(4), (byte)random.Next(3));
            var frame = Ask.RouterSolicitation(10, "fe80::1", 255, options);
            for (var flips = random.Next(3); flips > 0; flips--)
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
            if (IpFrame.TryParse(frame.AsMemory(0, random.Next(60, frame.Length + 1)), out var packet))
                valid += RouterSolicitation.IsValid(packet) ? 1 : 0;
        }
        Assert.InRange(valid, 1, 19_999);
    }

    [Theory]
    [InlineData("slaac", 0x00, 0xC0)]
    [InlineData("dhcpv6-stateless", 0x40, 0xC0)]
    [InlineData("dhcpv6-stateful", 0x80, 0x80)]
    public void The_mode_of_a_subnet_says_how_machines_come_by_their_addresses(string mode, byte flags, byte ofPrefix)
    {
        SayIpv6(mode);
        _sent.Clear();
        _world.Do(() => _world.Switch.Receive(7, Ask.RouterSolicitation(10, "::")));
        var answer = Assert.Single(Advertisements);
        Assert.Equal(7u, answer.Port);
        var frame = answer.Packet.Bytes.Span;
        Assert.Equal((flags, ofPrefix), (frame[14 + 40 + 5], frame[14 + 40 + 16 + 8 + 8 + 3]));
        Assert.Equal(1, _world.Status.SolicitationsAnswered);
    }

    [Fact]
    public void A_subnet_that_is_not_to_be_announced_leaves_solicitations_to_the_machines_of_the_network()
    {
        SayIpv6("");
        _world.Do(() => _world.Switch.Receive(7, Ask.RouterSolicitation(10, "::")));
        _world.Advance(TimeSpan.FromHours(1));
        Assert.Empty(Advertisements);
        Assert.DoesNotContain(_world.Switch.Flows, flow => flow.Match.Find(Field.Icmpv6Type)?.Value == 133
            && flow.Table == Pipeline.Tables.NeighborDiscovery);
    }

    [Fact]
    public void A_machine_that_asks_without_end_is_told_as_often_as_with_dhcp()
    {
        SayIpv6("slaac");
        _sent.Clear();
        _world.Do(() =>
        {
            for (var i = 0; i < 100; i++)
                _world.Switch.Receive(7, Ask.RouterSolicitation(10, "::"));
        });
        Assert.Equal(AgentLimits.Punts.Burst, Advertisements.Count);
    }

    [Fact]
    public void A_new_machine_is_told_unasked_at_once_and_soon_again_and_then_now_and_then()
    {
        SayIpv6("slaac");
        Assert.Single(Advertisements);
        _world.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(3, Advertisements.Count);
        _world.Advance(TimeSpan.FromHours(2));
        Assert.InRange(Advertisements.Count, 3 + (7_200 / 600) - 1, 3 + (7_200 / 198));
        _sent.Clear();
        _world.Plug(11, 8);
        Assert.Equal(8u, Assert.Single(Advertisements).Port);
    }

    [Fact]
    public void What_is_advertised_anew_is_told_at_once_and_nothing_of_it_is_taken_back()
    {
        SayIpv6("slaac");
        _sent.Clear();
        var stateless = Say.Ipv6Subnet(3, "2001:db8::/64", "dhcpv6-stateless");
        _world.Say(Say.Difference(Say.NetworkPartition(1), 5, 6, stateless));
        Assert.Equal(0x40, Assert.Single(Advertisements).Packet.Bytes.Span[14 + 40 + 5]);
        _sent.Clear();
        _world.Say(Say.Difference(Say.NetworkPartition(1), 6, 7, Say.Network(1, 100, mtu: 1400)));
        Assert.Equal(9_000, Lifetime(Assert.Single(Advertisements)));
    }

    [Theory]
    [InlineData("router")]
    [InlineData("router port")]
    [InlineData("mode")]
    public void A_router_that_is_none_any_more_says_so_once(string what)
    {
        SayIpv6("slaac");
        _sent.Clear();
        _world.Say(what switch
        {
            "router" => Say.Difference(Say.RouterPartition(80), 1, 2, Say.Removed(EntryKind.Router, 80)),
            "mode" => Say.Difference(Say.NetworkPartition(1), 5, 6, Say.Ipv6Subnet(3, "2001:db8::/64", "")),
            _ => Say.Difference(Say.NetworkPartition(1), 5, 6, Say.Removed(EntryKind.RouterPort, 82)),
        });
        Assert.Equal(0, Lifetime(Assert.Single(Advertisements)));
        _world.Advance(TimeSpan.FromHours(1));
        Assert.Single(Advertisements);
    }

    [Fact]
    public void A_machine_that_is_gone_is_told_nothing()
    {
        SayIpv6("slaac");
        _sent.Clear();
        _world.Do(() => _world.Switch.SetInterface(Say.Id(10), null));
        _world.Advance(TimeSpan.FromHours(1));
        Assert.Empty(Advertisements);
    }

    [Fact]
    public void The_owner_of_a_link_local_address_is_not_told_that_somebody_else_has_it()
    {
        SayIpv6("slaac");
        var own = Say.Address(Say.HostPartition, EntryKind.Port, 10);
        var flow = Assert.Single(_world.Switch.Flows, flow => flow.Table == Pipeline.Tables.NeighborDiscovery
            && flow.Priority == Pipeline.Priorities.Own
            && flow.ToString().Contains("fe80::f816:3eff:fe00:a", StringComparison.Ordinal));
        Assert.Equal(Pipeline.Cookies.Of(own.Key), flow.Cookie);
        Assert.Empty(flow.Instructions);
    }

    /// <summary>Network 1 with router 80 by its port 82, and the ports 10, plugged at 7, and 11.</summary>
    private void SayIpv6(string mode)
    {
        _world.Plug(10, 7);
        _world.Say(
            Say.Snapshot(Say.NetworkPartition(1), 5, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24"),
                Say.Ipv6Subnet(3, "2001:db8::/64", mode), Say.RouterPort(82, 80, "2001:db8::1"),
                Say.Neighbor(10, "2001:db8::f816:3eff:fe00:a", AgentWorld.Tunnel.ToString())),
            Say.Snapshot(Say.RouterPartition(80), 1, Say.Router(80, Say.Interface(82, 1, 3, "2001:db8::1"))),
            Say.Snapshot(Say.HostPartition, 3, Say.Port(10, 1, 3, "2001:db8::f816:3eff:fe00:a"),
                Say.Port(11, 1, 3, "2001:db8::f816:3eff:fe00:b")),
            Say.Synchronized());
    }

    private static int Lifetime(SwitchOutput sent) =>
        (sent.Packet.Bytes.Span[14 + 40 + 6] << 8) | sent.Packet.Bytes.Span[14 + 40 + 7];

    private static string Lines(byte[] frame, params int[] lengths)
    {
        Assert.Equal(frame.Length, lengths.Sum());
        // The checksum is another's test.
        frame[14 + 40 + 2] = frame[14 + 40 + 3] = 0;
        var at = 0;
        return string.Join('\n', lengths.Select(length => Convert.ToHexString(frame, (at += length) - length, length)))
            .Replace("86000000", "8600", StringComparison.Ordinal);
    }
}
