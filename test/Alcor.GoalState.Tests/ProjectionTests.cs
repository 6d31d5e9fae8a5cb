using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.FloatingIps;
using Alcor.Network.Networks;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Segments;
using Alcor.Network.Subnets;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using Google.Protobuf;
using AddressPair = Alcor.Network.Ports.AddressPair;
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
        Assert.Empty(entry.Leads);
    }

    [Theory]
    [InlineData(NetworkType.Flat, null, 0u)]
    [InlineData(NetworkType.Vlan, 5u, 5u)]
    public void A_network_that_a_physical_one_carries_tells_which_one_and_its_VLAN(string type, uint? id, uint vlan)
    {
        var segment = new NetworkSegment(Samples.SegmentId(1), type, "physnet1", id);
        var network = Samples.Network(1) with { Segments = [segment] };
        var value = NetworkEntry.Parser.ParseFrom(Projection.Of(network, 3)!.Value.Span);
        Assert.Equal(("physnet1", vlan), (value.PhysicalNetwork, value.SegmentationId));
        var both = Samples.Network(1) with { Segments = [segment, .. Samples.Network(1).Segments] };
        value = NetworkEntry.Parser.ParseFrom(Projection.Of(both, 3)!.Value.Span);
        Assert.Equal(("", 1001u), (value.PhysicalNetwork, value.SegmentationId));
    }

    [Fact]
    public void A_network_tells_in_which_scope_its_IPv6_addresses_are()
    {
        var scoped = Samples.Network(1) with { Ipv6AddressScopeId = Samples.GroupId(1) };
        var value = NetworkEntry.Parser.ParseFrom(Projection.Of(scoped, 3)!.Value.Span);
        Assert.Equal(Samples.GroupId(1), EntryId.Decode(value.Ipv6AddressScope));
    }

    [Fact]
    public void A_network_tells_which_encapsulation_its_number_is_of()
    {
        var geneve = new NetworkSegment(Samples.SegmentId(2), NetworkType.Geneve, null, 1001);
        var value = NetworkEntry.Parser.ParseFrom(
            Projection.Of(Samples.Network(1) with { Segments = [geneve] }, 3)!.Value.Span);
        Assert.Equal((Encapsulation.Geneve, 1001u), (value.Encapsulation, value.SegmentationId));
        var both = Samples.Network(1) with { Segments = [geneve, .. Samples.Network(1).Segments] };
        Assert.Equal(Encapsulation.Vxlan,
            NetworkEntry.Parser.ParseFrom(Projection.Of(both, 3)!.Value.Span).Encapsulation);
    }

    [Theory]
    [InlineData(NetworkType.Local)]
    [InlineData(NetworkType.Gre)]
    public void Hosts_do_not_know_networks_that_they_do_not_carry(string type)
    {
        var segment = new NetworkSegment(Samples.SegmentId(1), type, null, 5);
        Assert.Null(Projection.Of(Samples.Network(1) with { Segments = [segment] }, 3));
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
        Assert.Null(Projection.Of(Samples.Port(5, 1), 3));
    }

    [Fact]
    public void A_port_named_for_a_host_that_nobody_knows_is_no_neighbor()
    {
        var port = Samples.Port(5, 1) with { HostId = "host-a" };
        Assert.Null(Projection.Of(port, 1));
    }

    [Fact]
    public void A_binding_is_a_port_of_its_host_and_leads_to_its_network()
    {
        var entry = Projection.Of(Binding.Of(Samples.Port(5, 1, "host-a") with { Generation = 4 }), 9)!;
        Assert.Equal(EntryKey.Parse(EntryKind.Port, Samples.PortId(5)), entry.Key);
        Assert.Equal([PartitionKey.Network(Samples.NetworkId(1))], entry.Leads);
        var value = PortEntry.Parser.ParseFrom(entry.Value.Span);
        Assert.Equal(4ul, value.Generation);
        Assert.Equal(Samples.NetworkId(1), EntryId.Decode(value.NetworkId));
        Assert.Equal(Samples.SubnetId(1), EntryId.Decode(value.FixedIps.Single().SubnetId));
    }

    [Fact]
    public void A_host_that_a_port_could_move_to_is_led_where_its_own_host_is_and_told_nothing_else()
    {
        var port = Samples.Port(5, 1, "host-a") with
        {
            InactiveBindings = [new InactiveBinding("host-b", "normal", "{}")],
            SecurityGroups = [Samples.GroupId(1)],
            QosPolicyId = Samples.PolicyId(1),
            Trunk = new PortTrunk("trunk", Samples.PortId(6)) { Vlan = 7, Number = 8 },
        };
        var (here, there) = (Projection.Of(Binding.AllOf(port)[0], 2)!, Projection.Of(Binding.AllOf(port)[1], 2)!);
        Assert.Equal((here.Key, 3), (there.Key, there.Leads.Length));
        Assert.Equal(here.Leads, there.Leads);
        Assert.False(PortEntry.Parser.ParseFrom(here.Value.Span).Inactive);
        var told = PortEntry.Parser.ParseFrom(there.Value.Span);
        Assert.True(told.Inactive);
        Assert.Equal((false, 0ul, 0, null), (told.AdminStateUp, told.Generation, told.FixedIps.Count, told.SubPort));
        Assert.Contains("inactive", GoalText.Of(there), StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_of_a_subport_is_told_where_its_frames_are()
    {
        var port = Samples.Port(5, 1, "host-a") with
        {
            Trunk = new PortTrunk("trunk", Samples.PortId(6)) { Vlan = 7, Number = 8 },
        };
        var told = PortEntry.Parser.ParseFrom(Projection.Of(Binding.Of(port), 2)!.Value.Span).SubPort;
        Assert.Equal((Samples.PortId(6), 7u, 8u), (EntryId.Decode(told.ParentPort), told.Vlan, told.Number));
        // The parent is plugged as any other port, and one that has no number on its host is not told of as a subport.
        foreach (var trunk in new[] { new PortTrunk("trunk", null), port.Trunk with { Number = 0 } })
        {
            var other = Projection.Of(Binding.Of(port with { Trunk = trunk }), 2)!;
            Assert.Null(PortEntry.Parser.ParseFrom(other.Value.Span).SubPort);
        }
    }

    [Fact]
    public void Hosts_are_told_of_IPv6_as_of_IPv4()
    {
        var subnet = Samples.Subnet(2, 1) with
        {
            Cidr = IPNetwork.Parse("fd00::/64"),
            GatewayIp = IPAddress.Parse("fd00::1"),
            Ipv6RaMode = Ipv6Mode.Slaac,
            Ipv6AddressMode = Ipv6Mode.Stateless,
        };
        var told = SubnetEntry.Parser.ParseFrom(Projection.Of(subnet, 1)!.Value.Span);
        Assert.Equal(("fd00::/64", "fd00::1"), (told.Cidr, told.Gateway));
        Assert.Equal(("slaac", "dhcpv6-stateless"), (told.Ipv6RaMode, told.Ipv6AddressMode));
        var port = Samples.Port(5, 1, "host-a");
        var more = new Network.Ports.FixedIp(subnet.Id, IPAddress.Parse("fd00::5"));
        var both = port with { FixedIps = port.FixedIps.Add(more) };
        var expected = both.FixedIps.Select(ip => ip.IpAddress.GetAddressBytes());
        var neighbor = NeighborEntry.Parser.ParseFrom(Projection.Of(both, 2)!.Value.Span);
        Assert.Equal(expected, neighbor.Addresses.Select(address => address.ToByteArray()));
        var bound = PortEntry.Parser.ParseFrom(Projection.Of(Binding.Of(both), 2)!.Value.Span);
        Assert.Equal(expected, bound.FixedIps.Select(ip => ip.Address.ToByteArray()));
    }

    [Fact]
    public void A_binding_tells_how_its_port_is_protected_and_leads_to_its_groups()
    {
        var port = Samples.Port(5, 1, "host-a") with
        {
            SecurityGroups = [Samples.GroupId(1), Samples.GroupId(2)],
            AddressPairs =
            [
                new AddressPair("10.9.8.7", "fa:16:3e:00:00:05"), new AddressPair("10.9.8.7/16", "FA-16-3E-00-00-06"),
            ],
        };
        var entry = Projection.Of(Binding.Of(port), 2)!;
        var value = PortEntry.Parser.ParseFrom(entry.Value.Span);
        Assert.Equal(port.SecurityGroups, value.SecurityGroups.Select(EntryId.Decode));
        Protocol.V1.AddressPair[] pairs =
        [
            new() { Cidr = "10.9.8.7/32", Mac = 0xfa163e000005 }, new() { Cidr = "10.9.0.0/16", Mac = 0xfa163e000006 },
        ];
        Assert.Equal(pairs, value.AllowedAddressPairs);
        Assert.False(value.Unprotected);
        Assert.Equal(
            [
                PartitionKey.Network(Samples.NetworkId(1)),
                PartitionKey.SecurityGroup(Samples.GroupId(1)),
                PartitionKey.SecurityGroup(Samples.GroupId(2)),
            ],
            entry.Leads);
        Assert.Equal(
            pairs, NeighborEntry.Parser.ParseFrom(Projection.Of(port, 2)!.Value.Span).AllowedAddressPairs);
        var open = port with { IsUnprotected = true, SecurityGroups = default };
        value = PortEntry.Parser.ParseFrom(Projection.Of(Binding.Of(open), 2)!.Value.Span);
        Assert.True(value.Unprotected);
        Assert.Empty(value.AllowedAddressPairs);
        Assert.Empty(NeighborEntry.Parser.ParseFrom(Projection.Of(open, 2)!.Value.Span).AllowedAddressPairs);
    }

    [Fact]
    public void The_host_of_a_port_knows_its_dhcp_options_and_its_name()
    {
        var port = Samples.Port(5, 1, "host-a") with
        {
            DhcpOptions = [new ExtraDhcpOption("mtu", "1400", 4), new ExtraDhcpOption("59", "tftp://a/b", 6)],
            Dns = new PortDns("web", "elsewhere.test.", "cloud.test."),
        };
        var value = PortEntry.Parser.ParseFrom(Projection.Of(Binding.Of(port), 2)!.Value.Span);
        Assert.Equal(["mtu 1400 4", "59 tftp://a/b 6"],
            value.DhcpOptions.Select(option => $"{option.Name} {option.Value} {option.IpVersion}"));
        Assert.Equal(("web", "cloud.test."), (value.DnsName, value.DnsDomain));
        value = PortEntry.Parser.ParseFrom(Projection.Of(Binding.Of(port with { Dns = null }), 2)!.Value.Span);
        Assert.Equal(("", "openstacklocal."), (value.DnsName, value.DnsDomain));
    }

    [Fact]
    public void Everybody_in_the_network_knows_the_name_of_a_port()
    {
        var port = Samples.Port(5, 1, "host-a") with { Dns = new PortDns("web", "elsewhere.test.", "cloud.test.") };
        var value = NeighborEntry.Parser.ParseFrom(Projection.Of(port, 2)!.Value.Span);
        Assert.Equal(("web", "cloud.test."), (value.DnsName, value.DnsDomain));
        value = NeighborEntry.Parser.ParseFrom(Projection.Of(port with { Dns = null }, 2)!.Value.Span);
        Assert.Equal(("", ""), (value.DnsName, value.DnsDomain));
        port = port with { Dns = new PortDns(null, null, "") };
        value = NeighborEntry.Parser.ParseFrom(Projection.Of(port, 2)!.Value.Span);
        Assert.Equal(("", "."), (value.DnsName, value.DnsDomain));
    }

    [Theory]
    [InlineData("compute:nova", "machine", "machine", "project")]
    [InlineData("baremetal:none", "machine", "machine", "project")]
    [InlineData("compute:nova", "", "", "")]
    [InlineData("network:dhcp", "dhcp5f0c", "", "")]
    [InlineData("", "anything", "", "")]
    public void The_host_of_a_port_knows_its_machine_if_it_is_one(
        string owner, string device, string machine, string project)
    {
        var port = Samples.Port(5, 1, "host-a") with { DeviceOwner = owner, DeviceId = device };
        var value = PortEntry.Parser.ParseFrom(Projection.Of(Binding.Of(port), 2)!.Value.Span);
        Assert.Equal((machine, project), (value.DeviceId, value.ProjectId));
    }

    [Fact]
    public void The_port_of_a_router_is_in_its_network_on_every_host_and_leads_to_the_router()
    {
        var port = Samples.RouterPort(5, 1, 3);
        var entry = Projection.Of(port, 2)!;
        Assert.Equal(EntryKey.Parse(EntryKind.RouterPort, port.Id), entry.Key);
        Assert.Equal([PartitionKey.Router(Samples.RouterId(3))], entry.Leads);
        var value = RouterPortEntry.Parser.ParseFrom(entry.Value.Span);
        Assert.Equal(0xfa163e000005ul, value.Mac);
        Assert.Equal(Samples.RouterId(3), EntryId.Decode(value.RouterId));
        Assert.Equal(IPAddress.Parse("10.1.255.3").GetAddressBytes(), value.Addresses.Single().ToByteArray());
        var bound = Samples.Port(5, 1, "host-a") with { DeviceOwner = port.DeviceOwner, DeviceId = port.DeviceId };
        Assert.Equal(EntryKind.RouterPort, Projection.Of(bound, 2)!.Key.Kind);
    }

    [Theory]
    [InlineData(DeviceOwner.RouterGateway, "no router")]
    [InlineData(DeviceOwner.RouterInterface, "no router")]
    [InlineData("compute:nova", "70000000-0000-0000-0000-000000000003")]
    public void Other_ports_of_routers_are_as_any_port(string owner, string device)
    {
        var port = Samples.Port(5, 1, "host-a") with { DeviceOwner = owner, DeviceId = device };
        Assert.Equal(EntryKind.Neighbor, Projection.Of(port, 2)!.Key.Kind);
        Assert.Null(Projection.Of(Samples.Port(5, 1) with { DeviceOwner = owner, DeviceId = device }, 2));
    }

    [Fact]
    public void A_router_tells_where_it_is_and_leads_there()
    {
        var router = Samples.Router(
            1, Samples.RouterPort(1, 1, 1), Samples.RouterPort(2, 2, 1), Samples.RouterPort(3, 2, 1)) with
        {
            Routes = [new HostRoute(IPNetwork.Parse("10.9.0.0/16"), IPAddress.Parse("10.1.0.9"))],
        };
        var entry = Projection.Of(router, 2)!;
        Assert.Equal(
            [PartitionKey.Network(Samples.NetworkId(1)), PartitionKey.Network(Samples.NetworkId(2))], entry.Leads);
        var value = RouterEntry.Parser.ParseFrom(entry.Value.Span);
        Assert.True(value.AdminStateUp);
        Assert.Equal(
            [1, 2, 3], value.Interfaces.Select(one => int.Parse(EntryId.Decode(one.PortId)[24..], null)));
        Assert.Equal("10.9.0.0/16 10.1.0.9", $"{value.Routes.Single().Destination} {value.Routes.Single().Nexthop}");
        Assert.Null(value.Gateway);
    }

    [Fact]
    public void A_router_with_a_gateway_tells_which_host_has_it_and_leads_outside()
    {
        var port = Samples.GatewayPort(9, 9, 1);
        var router = Samples.Router(1, Samples.RouterPort(1, 1, 1)) with { Gateway = Samples.Gateway(port) };
        var entry = Projection.Of(router, 2)!;
        Assert.Equal(
            [PartitionKey.Network(Samples.NetworkId(1)), PartitionKey.Network(Samples.NetworkId(9))], entry.Leads);
        var expected = new Protocol.V1.RouterGateway
        {
            NetworkId = EntryId.Encode(Samples.NetworkId(9)),
            Mac = 0xfa163e000009,
            FixedIps =
            {
                new Protocol.V1.FixedIp
                {
                    SubnetId = EntryId.Encode(Samples.SubnetId(9)),
                    Address = ByteString.CopyFrom(10, 9, 0, 9),
                },
            },
            EnableSnat = true,
        };
        Assert.Equal(expected, RouterEntry.Parser.ParseFrom(entry.Value.Span).Gateway);
        var host = new GatewayHost("host-g", Samples.TunnelOf("host-g"), 7);
        var placed = router with { Gateway = router.Gateway with { Host = host } };
        expected.Host = "host-g";
        expected.TunnelAddress = ByteString.CopyFrom(Samples.TunnelOf("host-g").GetAddressBytes());
        expected.Zone = 7;
        Assert.Equal(expected, RouterEntry.Parser.ParseFrom(Projection.Of(placed, 2)!.Value.Span).Gateway);
    }

    [Fact]
    public void The_gateway_of_a_router_is_no_neighbor_and_leads_its_host_to_the_router()
    {
        var port = Samples.GatewayPort(9, 9, 1, "host-g");
        Assert.Null(Projection.Of(port, 2));
        var entry = Projection.Of(Binding.Of(port), 2)!;
        Assert.Equal(EntryKey.Parse(EntryKind.RouterGateway, port.Id), entry.Key);
        Assert.Equal([PartitionKey.Router(Samples.RouterId(1))], entry.Leads);
        var value = RouterGatewayEntry.Parser.ParseFrom(entry.Value.Span);
        Assert.Equal(
            (Samples.RouterId(1), Samples.NetworkId(9), (ulong)port.Generation),
            (EntryId.Decode(value.RouterId), EntryId.Decode(value.NetworkId), value.Generation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_floating_ip_tells_its_addresses_and_whether_the_gateway_has_it(bool isOnHost)
    {
        var routed = RoutedFloatingIp.Of(Samples.FloatingIp(1, 9, 3, 5) with { IsOnHost = isOnHost })!;
        var entry = Projection.Of(routed, 2)!;
        Assert.Equal(EntryKey.Parse(EntryKind.FloatingIp, Samples.FloatingIpId(1)), entry.Key);
        Assert.Equal(
            new FloatingIpEntry
            {
                Address = ByteString.CopyFrom(10, 9, 1, 1),
                Mac = 0xfa163f000001,
                PortId = EntryId.Encode(Samples.PortId(5)),
                FixedAddress = ByteString.CopyFrom(10, 1, 0, 5),
                OnGateway = !isOnHost,
            },
            FloatingIpEntry.Parser.ParseFrom(entry.Value.Span));
        Assert.Empty(entry.Leads);
        Assert.Equal(PartitionKey.Router(Samples.RouterId(3)), RoutedFloatingIp.Type.Partition(routed));
    }

    [Fact]
    public void A_port_forwarding_tells_its_ports_if_hosts_can_change_them()
    {
        var ip = Samples.ForwardingIp(1, 9, 3, 5);
        Assert.Null(RoutedFloatingIp.Of(ip));
        var routed = RoutedPortForwarding.AllOf(ip).Single();
        var entry = Projection.Of(routed, 2)!;
        Assert.Equal(EntryKey.Parse(EntryKind.PortForwarding, Samples.ForwardingId(1)), entry.Key);
        Assert.Equal(
            new PortForwardingEntry
            {
                Address = ByteString.CopyFrom(10, 9, 1, 1),
                Mac = 0xfa163f000001,
                Protocol = 6,
                ExternalPorts = new Protocol.V1.PortRange { First = 80, Last = 89 },
                InternalAddress = ByteString.CopyFrom(10, 1, 0, 5),
                InternalPorts = new Protocol.V1.PortRange { First = 8080, Last = 8089 },
            },
            PortForwardingEntry.Parser.ParseFrom(entry.Value.Span));
        var datagrams = PortForwardingEntry.Parser.ParseFrom(
            Projection.Of(routed with { Protocol = "udp" }, 2)!.Value.Span);
        Assert.Equal(17u, datagrams.Protocol);
        Assert.Null(Projection.Of(routed with { Protocol = "sctp" }, 2));
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
            Samples.RouterPort(1, 1, 1),
            Samples.Router(1),
            Binding.Of(Samples.GatewayPort(1, 1, 1, "host-g")),
            RoutedFloatingIp.Of(Samples.FloatingIp(1, 9, 1, 5))!,
            RoutedPortForwarding.AllOf(Samples.ForwardingIp(1, 9, 1, 5)).Single(),
            Samples.Group(1),
            Samples.Rule(1, 1),
            SecurityGroupMember.AllOf(Samples.Port(1, 1) with { SecurityGroups = [Samples.GroupId(1)] }).Single(),
            Samples.Addresses(1, "10.0.0.0/8"),
            Samples.Policy(1),
            Samples.Acl(1),
            Samples.AclRule(1, 1),
        ];
        foreach (var resource in resources)
        {
            var write = Samples.Put(resource);
            var present = Projection.Of(resource, 1)!;
            var gone = Projection.Whole(new Change(write.Key, 2, null), NetworkCatalog.Types).ToList();
            Assert.Contains(present.Key, gone.Select(entry => entry.Key));
            Assert.All(gone, absent => Assert.True(absent is { Removed: true, Revision: 2, Value.IsEmpty: true }));
            var stored = new StoredResource(write.Key, write.Partition, 2, write.Value!.Value);
            var whole = Projection.Whole(new Change(write.Key, 2, stored), NetworkCatalog.Types).ToList();
            Assert.Equal(gone.Select(entry => entry.Key), whole.Select(entry => entry.Key));
            Assert.Equal([present.Key], whole.Where(entry => !entry.Removed).Select(entry => entry.Key));
        }
        Assert.Empty(Projection.KeysOf(new ResourceKey(Node.Type.Name, "host-a")));
    }

    [Fact]
    public void Hosts_are_told_of_these_types_alone()
    {
        var projected = NetworkCatalog.Types.Types
            .Select(type => type.Name)
            .Where(name => Projection.KeysOf(new ResourceKey(name, Samples.PortId(1))).Any());
        Assert.Equal(
            [
                "address_group", "binding", "network", "network_acl", "network_acl_rule", "port", "qos_policy",
                "routed_floatingip", "routed_port_forwarding", "router", "security_group", "security_group_member",
                "security_group_rule", "subnet",
            ],
            projected.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_encoded_entry_is_the_field_of_an_update_and_pieces_put_together_are_the_message()
    {
        GoalEntry[] entries =
        [
            Projection.Of(Samples.Network(1), 1)!, Projection.Of(Samples.Port(1, 1, "host-a"), 2)!,
            GoalEntry.Absent(EntryKey.Parse(EntryKind.Neighbor, Samples.PortId(2)), 3),
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
