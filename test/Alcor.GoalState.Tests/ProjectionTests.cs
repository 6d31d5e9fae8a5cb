using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Networks;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Segments;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using HostRoute = Alcor.Network.Subnets.HostRoute;

namespace Alcor.GoalState.Tests;

public sealed class ProjectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_network_tells_its_number_and_packet_size()
    {
        var entry = Projection.Of(Samples.Network(7), 3)!;
        Assert.Equal(EntryKey.Parse(EntryKind.Network, Samples.NetworkId(7)), entry.Key);
        var value = NetworkEntry.Parser.ParseFrom(entry.Value.Span);
        Assert.Equal(new NetworkEntry { SegmentationId = 1007, Mtu = 1450, AdminStateUp = true }, value);
        Assert.Equal(3, entry.Revision);
        Assert.False(entry.Removed);
        Assert.Null(entry.Leads);
    }

    [Fact]
    public void Hosts_do_not_know_networks_that_no_vxlan_carries()
    {
        var flat = new NetworkSegment(Samples.SegmentId(1), NetworkType.Flat, "physnet1", null);
        Assert.True(Projection.Of(Samples.Network(1) with { Segments = [flat] }, 3)!.Removed);
    }

    [Fact]
    public void A_subnet_tells_what_DHCP_answers()
    {
        var subnet = Samples.Subnet(2, 1) with
        {
            GatewayIp = null,
            DnsNameservers = [IPAddress.Parse("10.2.0.53")],
            HostRoutes = [new HostRoute(IPNetwork.Parse("10.9.0.0/16"), IPAddress.Parse("10.2.0.9"))],
        };
        var value = SubnetEntry.Parser.ParseFrom(Projection.Of(subnet, 1)!.Value.Span);
        Assert.Equal(
            new SubnetEntry
            {
                Cidr = "10.2.0.0/16",
                EnableDhcp = true,
                DnsNameservers = { "10.2.0.53" },
                HostRoutes = { new Protocol.V1.HostRoute { Destination = "10.9.0.0/16", Nexthop = "10.2.0.9" } },
            },
            value);
    }

    [Fact]
    public void A_bound_port_is_a_neighbor_and_an_unbound_one_is_not_there()
    {
        var bound = Projection.Of(Samples.Port(5, 1, "host-a"), 2)!;
        var value = NeighborEntry.Parser.ParseFrom(bound.Value.Span);
        Assert.Equal("host-a", value.Host);
        Assert.Equal(0xfa163e000005ul, value.Mac);
        Assert.Equal(IPAddress.Parse("10.1.0.5").GetAddressBytes(), value.Addresses.Single().ToByteArray());
        Assert.Equal(Samples.TunnelOf("host-a").GetAddressBytes(), value.TunnelAddress.ToByteArray());
        var unbound = Projection.Of(Samples.Port(5, 1), 3)!;
        Assert.Equal(bound.Key, unbound.Key);
        Assert.True(unbound.Removed);
        Assert.True(unbound.Value.IsEmpty);
    }

    [Fact]
    public void A_port_named_for_a_host_that_nobody_knows_is_no_neighbor()
    {
        var port = Samples.Port(5, 1) with { HostId = "host-a" };
        Assert.True(Projection.Of(port, 1)!.Removed);
    }

    [Fact]
    public void A_binding_is_a_port_of_its_host_and_leads_to_its_network()
    {
        var entry = Projection.Of(Binding.Of(Samples.Port(5, 1, "host-a") with { Generation = 4 }), 9)!;
        Assert.Equal(EntryKey.Parse(EntryKind.Port, Samples.PortId(5)), entry.Key);
        Assert.Equal(PartitionKey.Network(Samples.NetworkId(1)), entry.Leads);
        var value = PortEntry.Parser.ParseFrom(entry.Value.Span);
        Assert.Equal(4ul, value.Generation);
        Assert.Equal(Samples.NetworkId(1), EntryId.Decode(value.NetworkId));
        Assert.Equal(Samples.SubnetId(1), EntryId.Decode(value.FixedIps.Single().SubnetId));
    }

    [Fact]
    public void Hosts_are_told_nothing_of_IPv6()
    {
        var subnet = Samples.Subnet(2, 1) with { Cidr = IPNetwork.Parse("fd00::/64"), GatewayIp = null };
        Assert.Null(Projection.Of(subnet, 1));
        var port = Samples.Port(5, 1, "host-a");
        var more = new Network.Ports.FixedIp(subnet.Id, IPAddress.Parse("fd00::5"));
        var both = port with { FixedIps = port.FixedIps.Add(more) };
        Assert.Single(NeighborEntry.Parser.ParseFrom(Projection.Of(both, 2)!.Value.Span).Addresses);
        Assert.Single(PortEntry.Parser.ParseFrom(Projection.Of(Binding.Of(both), 2)!.Value.Span).FixedIps);
    }

    [Fact]
    public void Hosts_need_not_know_of_nodes_agents_and_numbers_in_use()
    {
        object[] others =
        [
            new Node("host-a", IPAddress.Loopback, Now),
            new Agent(
                Samples.PortId(1),
                "host-a",
                AdminStateUp: true,
                Alive: true,
                Now,
                Now,
                Now,
                ImmutableSortedDictionary<string, string>.Empty),
            new AgentSession("host-a", "one"),
            new Segment(
                Samples.SegmentId(1), Samples.NetworkId(1), "project", null, "", NetworkType.Vxlan, null, 1, Now, Now),
        ];
        Assert.All(others, other => Assert.Null(Projection.Of(other, 1)));
    }

    [Fact]
    public void What_an_end_means_follows_from_the_key()
    {
        object[] resources =
        [
            Samples.Network(1),
            Samples.Subnet(1, 1),
            Samples.Port(1, 1, "host-a"),
            Binding.Of(Samples.Port(1, 1, "host@a")),
        ];
        foreach (var resource in resources)
        {
            var present = Projection.Of(resource, 1)!;
            var absent = Projection.OfEnd(Samples.Put(resource).Key, 2)!;
            Assert.Equal(present.Key, absent.Key);
            Assert.True(absent.Removed);
            Assert.Equal(2, absent.Revision);
        }
        Assert.Null(Projection.OfEnd(new ResourceKey(Node.Type.Name, "host-a"), 1));
    }

    [Fact]
    public void Hosts_are_told_of_networks_subnets_ports_and_bindings_alone()
    {
        var projected = NetworkCatalog.Types.Types
            .Select(type => type.Name)
            .Where(name => Projection.OfEnd(new ResourceKey(name, Samples.PortId(1)), 1) is not null);
        Assert.Equal(["binding", "network", "port", "subnet"], projected.Order());
    }

    [Fact]
    public void The_encoded_entry_is_the_field_of_an_update_and_pieces_put_together_are_the_message()
    {
        GoalEntry[] entries =
        [
            Projection.Of(Samples.Network(1), 1)!, Projection.Of(Samples.Port(1, 1, "host-a"), 2)!,
            Projection.Of(Samples.Port(2, 1), 3)!,
        ];
        var partition = PartitionKey.Network(Samples.NetworkId(1));
        var update = DataplaneMessage.Parser.ParseFrom(UpdateMessage.Difference(partition, 1, 3, entries)).Update;
        Assert.Equal(partition.ToString(), update.Partition);
        Assert.Equal((1ul, 3ul, false, true), (update.FromRevision, update.ToRevision, update.Snapshot, update.Last));
        Assert.Equal(entries.Select(entry => entry.Key), update.Entries.Select(e => EntryKey.Read(e.Kind, e.Id)));
        Assert.Equal(entries.Select(entry => entry.Removed), update.Entries.Select(entry => entry.Removed));
        Assert.Equal(entries.Select(e => e.Value.ToArray()), update.Entries.Select(entry => entry.Value.ToByteArray()));
        var piece = DataplaneMessage.Parser.ParseFrom(UpdateMessage.Piece(partition, 3, last: false, entries)).Update;
        Assert.Equal((0ul, 3ul, true, false), (piece.FromRevision, piece.ToRevision, piece.Snapshot, piece.Last));
        Assert.Equal(update.Entries, piece.Entries);
    }

    [Fact]
    public void A_neighbor_with_one_IPv4_address_is_small()
    {
        var entry = Projection.Of(Samples.Port(5, 1, "compute-000001"), 100_000)!;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"neighbour value {entry.Value.Length} bytes, whole entry {entry.Encoded.Length} bytes");
        Assert.InRange(entry.Value.Length, 1, 50);
        Assert.InRange(entry.Encoded.Length, 1, 70);
    }
}
