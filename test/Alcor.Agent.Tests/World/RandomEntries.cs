using Alcor.Agent.Rendering;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent.Tests.World;

/// <summary>
/// Entries of every kind, with few values each, so that they meet, lean on what is not there, and contradict each other
/// often.
/// </summary>
internal static class RandomEntries
{
    public static readonly string[] Tunnels = ["172.31.0.1", "172.31.0.2", "172.31.0.3", "fd00::3"];

    private static readonly string[] Domains = ["", ".", "cloud.test."];

    private static readonly string[] Modes = ["", "slaac", "dhcpv6-stateful", "dhcpv6-stateless", "nonsense"];

    /// <summary>Of ports outside that would all have the same number, and of one that would have the next.</summary>
    public static readonly ulong[] OutsideMacs = [.. MacsOfNumber(0).Take(3), MacsOfNumber(1).First()];

    /// <summary>The numbers that ports outside would have alone.</summary>
    public static HashSet<uint> NumbersOutside => [.. OutsideMacs.Select(NumberOf)];

    /// <summary>A partition, and what makes an entry for it: present or removed.</summary>
    public static (string Partition, Func<Random, Entry> Entry) Partition(Random random)
    {
        var network = random.Next(1, 4);
        var group = 50 + random.Next(3);
        var router = 80 + random.Next(2);
        var policy = 90 + random.Next(2);
        var acl = 90 + random.Next(2);
        return random.Next(13) switch
        {
            0 or 1 or 2 => (Say.HostPartition, random => random.Next(6) == 0 ? GatewayHere(random) : Port(random)),
            3 or 4 or 5 => (Say.NetworkPartition(network), random => OfNetwork(random, network)),
            6 or 7 => (Say.SecurityGroupPartition(group), random => OfGroup(random, group)),
            8 => (Say.RouterPartition(router), random => OfRouter(random, router)),
            9 => (Say.QosPolicyPartition(policy), random => QosPolicy(random, policy)),
            10 or 11 => (Say.NetworkAclPartition(acl), random => OfAcl(random, acl)),
            _ => ($"address-group/{Say.Id(60):D}", AddressGroup),
        };
    }

    private static Entry GatewayHere(Random random)
    {
        var port = 38 + random.Next(2);
        return random.Next(4) == 0
            ? Say.Removed(EntryKind.RouterGateway, port)
            : Say.Entry(EntryKind.RouterGateway, port, new RouterGatewayEntry
            {
                RouterId = Say.Bytes(80 + random.Next(2)),
            });
    }

    private static Entry Port(Random random)
    {
        var port = 10 + random.Next(6);
        if (random.Next(5) == 0)
            return Say.Removed(EntryKind.Port, port);
        return Say.Entry(EntryKind.Port, port, new PortEntry
        {
            NetworkId = Say.Bytes(random.Next(1, 4)),
            Mac = Mac(random, port),
            AdminStateUp = random.Next(5) > 0,
            Inactive = random.Next(8) == 0,
            Unprotected = random.Next(3) == 0,
            FixedIps =
            {
                Enumerable.Range(0, random.Next(1, 3)).Select(_ => new FixedIp
                {
                    SubnetId = Say.Bytes(random.Next(2, 4)), Address = Say.Bytes(Address(random)),
                }),
            },
            SecurityGroups = { Enumerable.Range(0, random.Next(3)).Select(_ => Say.Bytes(50 + random.Next(3))) },
            AllowedAddressPairs = { Pairs(random) },
            DhcpOptions = { DhcpOptions(random) },
            QosPolicy = PolicyOrNone(random),
            SubPort = random.Next(3) > 0 ? null : new SubPort
            {
                ParentPort = Say.Bytes(10 + random.Next(6)),
                Vlan = (uint)random.Next(4),
                Number = (uint)random.Next(1, 4),
            },
            DnsDomain = Domains[random.Next(Domains.Length)],
            DeviceId = random.Next(2) == 0 ? "" : $"machine-{random.Next(3)}",
        });
    }

    private static IEnumerable<DhcpOption> DhcpOptions(Random random) => random.Next(4) > 0
        ? []
        : [new DhcpOption { Name = "mtu", Value = random.Next(2) == 0 ? "1400" : "much", IpVersion = 4 }];

    private static Entry OfNetwork(Random random, int network)
    {
        var port = 10 + random.Next(6);
        return random.Next(10) switch
        {
            9 => Outside(random, network),
            0 => Say.Network(
                network, (uint)random.Next(4) + 100, random.Next(4) > 0, of: (Encapsulation)random.Next(3)),
            1 => Say.Network(network, (uint)network + 100, mtu: (uint)random.Next(14, 17) * 100),
            2 => Subnet(random),
            3 => random.Next(3) == 0
                ? Say.Removed(EntryKind.RouterPort, 30 + random.Next(3))
                : Say.RouterPort(30 + random.Next(3), 80 + random.Next(2), Address(random)),
            4 => Say.Removed((EntryKind)random.Next(1, 4) is var kind && kind == EntryKind.Network
                ? EntryKind.Network : kind, kind == EntryKind.Network ? network : kind == EntryKind.Subnet ? 2 : port),
            _ => Say.Entry(EntryKind.Neighbor, port, new NeighborEntry
            {
                Mac = Mac(random, port),
                Addresses = { Say.Bytes(Address(random)) },
                Host = "h",
                TunnelAddress = Say.Bytes(Tunnels[random.Next(Tunnels.Length)]),
                AllowedAddressPairs = { Pairs(random) },
                DnsName = new[] { "", "", "web", "web.cloud.test." }[random.Next(4)],
                DnsDomain = Domains[random.Next(Domains.Length)],
            }),
        };
    }

    /// <summary>Where the physical network is, a number says which VLAN.</summary>
    private static Entry Outside(Random random, int network) => Say.Entry(EntryKind.Network, network, new NetworkEntry
    {
        PhysicalNetwork = "physnet1", SegmentationId = (uint)random.Next(3), Mtu = 1500, AdminStateUp = true,
        Ipv6AddressScope = random.Next(3) == 0 ? Say.Bytes(40) : ByteString.Empty, QosPolicy = PolicyOrNone(random),
    });

    private static Entry Subnet(Random random) => random.Next(9) switch
    {
        0 => Say.Removed(EntryKind.Subnet, 2),
        1 => Say.Removed(EntryKind.Subnet, 3),
        2 or 3 => Say.Subnet(2, random.Next(8) == 0 ? "nonsense" : "10.0.0.0/24", dhcp: random.Next(3) > 0),
        4 or 5 => Say.Bounded(2, $"10.0.{random.Next(2)}.0/24", 90 + random.Next(2)),
        6 => Say.Bounded(3, "10.0.2.0/24", 90 + random.Next(2)),
        _ => Say.Ipv6Subnet(3, "2001:db8::/64", Modes[random.Next(Modes.Length)], dhcp: random.Next(3) > 0),
    };

    private static Entry OfAcl(Random random, int acl)
    {
        var rule = 100 + random.Next(4);
        return random.Next(6) switch
        {
            0 => Say.Removed(EntryKind.NetworkAcl, acl),
            1 => Say.Removed(EntryKind.NetworkAclRule, rule),
            2 => Say.NetworkAcl(acl),
            _ => Say.AclRule(rule, AclRule(random)),
        };
    }

    private static NetworkAclRuleEntry AclRule(Random random)
    {
        var rule = new NetworkAclRuleEntry
        {
            Number = random.Next(10) == 0 ? 0 : (uint)random.Next(1, 4),
            Egress = random.Next(2) == 0,
            Allow = random.Next(2) == 0,
            IpVersion = random.Next(3) == 0 ? 6u : 4u,
        };
        if (random.Next(3) > 0)
            rule.Protocol = new uint[] { 1, 6, 17, 43, 136 }[random.Next(5)];
        if (rule is { HasProtocol: true, Protocol: > 1 } && random.Next(2) == 0)
            rule.Ports = new PortRange { First = 80, Last = (uint)(80 + random.Next(3)) };
        if (random.Next(3) == 0)
            rule.Cidr = "10.0.0.0/28";
        return rule;
    }

    private static Entry OfGroup(Random random, int group)
    {
        var (rule, port) = (70 + random.Next(4), 10 + random.Next(6));
        return random.Next(8) switch
        {
            0 => Say.Removed(EntryKind.SecurityGroup, group),
            1 => Say.Removed(EntryKind.SecurityGroupRule, rule),
            2 => Say.Removed(EntryKind.SecurityGroupMember, port),
            3 or 4 => Say.SecurityGroup(group, stateful: random.Next(4) > 0),
            5 => Say.Member(port, Address(random), Address(random)),
            _ => Say.Rule(rule, Rule(random)),
        };
    }

    private static SecurityGroupRuleEntry Rule(Random random)
    {
        var rule = new SecurityGroupRuleEntry { Egress = random.Next(2) == 0, IpVersion = 4 };
        if (random.Next(3) > 0)
            rule.Protocol = new uint[] { 1, 6, 17, 33 }[random.Next(4)];
        if (rule is { HasProtocol: true, Protocol: > 1 } && random.Next(2) == 0)
            rule.Ports = new PortRange { First = 80, Last = (uint)(80 + random.Next(3)) };
        switch (random.Next(4))
        {
            case 0:
                rule.RemoteGroup = Say.Bytes(50 + random.Next(3));
                break;
            case 1:
                rule.RemoteAddressGroup = Say.Bytes(60);
                break;
            case 2:
                rule.RemoteCidr = random.Next(6) == 0 ? "2001:db8::/64" : "10.0.0.0/28";
                break;
        }
        return rule;
    }

    private static Entry OfRouter(Random random, int router)
    {
        switch (random.Next(10))
        {
            case 0:
                return Say.Removed(EntryKind.Router, router);
            case 1:
                return Say.Removed(EntryKind.FloatingIp, 35 + random.Next(2));
            case 2 or 3:
                return Say.Entry(EntryKind.FloatingIp, 35 + random.Next(2), new FloatingIpEntry
                {
                    Address = Say.Bytes($"10.0.0.{random.Next(6, 8)}"), Mac = OutsideMac(random),
                    PortId = Say.Bytes(10 + random.Next(6)), FixedAddress = Say.Bytes("10.0.0.1"),
                    OnGateway = random.Next(2) == 0, QosPolicy = PolicyOrNone(random),
                });
            case 4:
                return random.Next(3) == 0 ? Say.Removed(EntryKind.PortForwarding, 33) : PortForwarding(random);
        }
        var entry = new RouterEntry { AdminStateUp = random.Next(5) > 0, Gateway = Gateway(random) };
        for (var i = random.Next(3); i > 0; i--)
            entry.Interfaces.Add(Say.Interface(30 + random.Next(3), random.Next(1, 4), 2, Address(random)));
        if (random.Next(3) == 0)
        {
            entry.ConntrackHelpers.Add(new ConntrackHelper
            {
                Name = random.Next(2) == 0 ? "tftp" : "sip", Protocol = 17, Port = (uint)random.Next(3),
            });
        }
        if (random.Next(3) == 0)
            entry.Routes.Add(new HostRoute { Destination = "192.0.2.0/24", Nexthop = Address(random) });
        return Say.Entry(EntryKind.Router, router, entry);
    }

    private static Entry QosPolicy(Random random, int policy)
    {
        if (random.Next(5) == 0)
            return Say.Removed(EntryKind.QosPolicy, policy);
        var entry = new QosPolicyEntry();
        for (var i = random.Next(4); i > 0; i--)
        {
            entry.Limits.Add(new QosLimit
            {
                Egress = random.Next(2) == 0, Packets = random.Next(2) == 0, Rate = (uint)random.Next(5) * 1_000,
            });
        }
        if (random.Next(3) == 0)
            entry.Dscp = (uint)random.Next(70);
        return Say.Entry(EntryKind.QosPolicy, policy, entry);
    }

    private static ByteString PolicyOrNone(Random random) =>
        random.Next(3) == 0 ? Say.Bytes(90 + random.Next(2)) : ByteString.Empty;

    private static ulong OutsideMac(Random random) => OutsideMacs[random.Next(OutsideMacs.Length)];

    private static IEnumerable<ulong> MacsOfNumber(uint offset)
    {
        var number = NumberOf(Say.Mac(36)) + offset;
        for (var mac = Say.Mac(36); ; mac++)
        {
            if (NumberOf(mac) == number)
                yield return mac;
        }
    }

    private static uint NumberOf(ulong mac) => OutsideNumbers.HomeOf(new OutsidePort(Say.Id(1), new MacAddress(mac)));

    private static Entry PortForwarding(Random random) => Say.Entry(
        EntryKind.PortForwarding, 33, new PortForwardingEntry
        {
            Address = Say.Bytes("10.0.0.6"), Mac = OutsideMac(random), Protocol = 6,
            ExternalPorts = new PortRange { First = 80, Last = 81 }, InternalAddress = Say.Bytes(Address4(random)),
            InternalPorts = new PortRange { First = 80, Last = 80 }, QosPolicy = PolicyOrNone(random),
        });

    private static RouterGateway? Gateway(Random random)
    {
        if (random.Next(3) == 0)
            return null;
        var subnet = random.Next(2, 4);
        var address = subnet == 2 ? "10.0.0.7" : "2001:db8::7";
        var gateway = new RouterGateway
        {
            NetworkId = Say.Bytes(random.Next(1, 4)), Mac = OutsideMac(random), QosPolicy = PolicyOrNone(random),
            EnableSnat = random.Next(2) == 0, Zone = (uint)random.Next(1, 3),
            FixedIps = { new FixedIp { SubnetId = Say.Bytes(subnet), Address = Say.Bytes(address) } },
        };
        if (random.Next(4) > 0)
            gateway.TunnelAddress = Say.Bytes(Tunnels[random.Next(2)]);
        return gateway;
    }

    private static Entry AddressGroup(Random random) => random.Next(4) == 0
        ? Say.Removed(EntryKind.AddressGroup, 60)
        : Say.Entry(EntryKind.AddressGroup, 60, new AddressGroupEntry { Cidrs = { $"10.0.{random.Next(3)}.0/24" } });

    private static IEnumerable<AddressPair> Pairs(Random random) => random.Next(4) > 0
        ? []
        : [new AddressPair { Cidr = $"10.0.0.{random.Next(1, 9)}/32", Mac = Say.Mac(10 + random.Next(6)) }];

    private static string Address(Random random) =>
        random.Next(5) == 0 ? $"2001:db8::{random.Next(1, 4)}" : Address4(random);

    private static string Address4(Random random) => $"10.0.0.{random.Next(1, 6)}";

    private static ulong Mac(Random random, int port) => random.Next(3) == 0 ? Say.Mac(99) : Say.Mac(port);
}
