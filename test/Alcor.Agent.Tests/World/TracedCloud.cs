using System.Globalization;
using System.Net;
using System.Text;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Services;
using Alcor.Agent.Tracing;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.World;

/// <summary>
/// Two networks that a router joins and that leads outside by the gateway on host beta; machines on both hosts, some of
/// which listen to TCP 80 alone.
/// </summary>
internal sealed class TracedCloud
{
    public const int Near = 10;
    public const int Unprotected = 11;
    public const int Down = 12;
    public const int Groupless = 13;
    public const int Tagged = 14;
    public const int Ipv6Only = 15;
    public const int Far = 20;
    public const int Beyond = 21;
    public const int Floated = 22;
    public const int Bounded = 23;
    private const int Inner = 1;
    private const int Other = 70;
    private const int Modern = 75;
    private const int Outer = 90;
    private const int Router = 80;
    private const int Acl = 40;

    private static readonly Dictionary<Guid, string> Names = new()
    {
        [Say.Id(Near)] = "near", [Say.Id(Unprotected)] = "bare", [Say.Id(Far)] = "far", [Say.Id(Beyond)] = "beyond",
        [Say.Id(Floated)] = "floated", [Say.Id(Tagged)] = "tagged", [Say.Id(Ipv6Only)] = "six",
        [Say.Id(Inner)] = "inner", [Say.Id(Other)] = "other", [Say.Id(Modern)] = "modern", [Say.Id(Outer)] = "outer",
        [Say.Id(Router)] = "edge", [Say.Id(50)] = "web", [Say.Id(60)] = "clients", [Say.Id(95)] = "203.0.113.10",
        [Say.Id(98)] = "bronze", [Say.Id(99)] = "silver",
        [Say.Id(Bounded)] = "bounded", [Say.Id(Acl)] = "edge-acl",
    };

    private readonly Dictionary<IPAddress, TracedHost> _hosts;

    public TracedCloud()
    {
        var network = Network();
        _hosts = new[]
        {
            Host("alpha", "172.31.0.1", network,
                Say.Protected(Near, Inner, 2, "10.0.0.10", 50),
                Say.Limited(Say.Port(Unprotected, Inner, 2, "10.0.0.11"), 98),
                Say.Port(Down, Inner, 2, "10.0.0.12", up: false), Say.Protected(Groupless, Inner, 2, "10.0.0.13"),
                Say.Protected(Tagged, Other, 72, "10.0.1.14", 50).InVlan(Near, vlan: 5, number: 1),
                Say.Protected(Ipv6Only, Modern, 76, "2001:db8::15", 50)),
            Host("beta", "172.31.0.2", network,
                Say.Protected(Far, Inner, 2, "10.0.0.20", 50), Say.Protected(Beyond, Other, 72, "10.0.1.21", 50),
                Say.Protected(Floated, Other, 72, "10.0.1.22", 50), Say.Port(Bounded, Other, 73, "10.0.2.23")),
        }.ToDictionary(host => host.TunnelAddress);
    }

    /// <summary>Follows a packet; hosts are told of as they are missed, that of the port first.</summary>
    public TraceReport Trace(TraceQuestion question, TraceNames? names = null)
    {
        var hosts = new List<TracedHost> { _hosts.Values.Single(host => host.Desired.Addresses.Any(address =>
            address.Key == new EntryKey(EntryKind.Port, question.Port))) };
        while (true)
        {
            var outcome = Tracer.Trace(question, hosts, names ?? new TraceNames(Names));
            if (outcome.Report is { } report)
                return report;
            hosts.Add(_hosts[outcome.MissingHost!]);
        }
    }

    /// <param name="words">A protocol, its port, and the size of the packet if it matters: tcp 80 1450.</param>
    public static TraceQuestion From(int port, string destination, string words)
    {
        var parts = words.Split(' ');
        var target = IPAddress.Parse(destination);
        byte protocol = parts[0] switch { "tcp" => 6, "udp" => 17, _ => (byte)(target.Alone().IsIpv4() ? 1 : 58) };
        return new TraceQuestion(Say.Id(port), target, protocol)
        {
            DestinationPort = Number(parts, 1), Size = Number(parts, 2),
        };
    }

    private static ushort Number(string[] parts, int index) =>
        index < parts.Length ? ushort.Parse(parts[index], CultureInfo.InvariantCulture) : (ushort)0;

    /// <summary>As a person reads it; ids are short in these tests.</summary>
    public static string Text(TraceReport report)
    {
        var text = new StringBuilder();
        foreach (var step in report.Steps)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{step.Host,-6} {(step.Table is { } table ? Tables.NameOf(table) : "-"),-18} {step.Text}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"{report.Verdict}\n");
        if (report.Reply is { } reply)
            text.Append("answer:\n").Append(Text(reply));
        return text.Replace("00000000-0000-0000-0000-0000000000", "…").ToString();
    }

    private static TracedHost Host(string name, string tunnel, PartitionUpdate[] network, params Entry[] ports) => new(
        name, IPAddress.Parse(tunnel), ["physnet1"],
        network.Append(Say.SnapshotOf(Say.HostPartition, 1, ports))
            .Aggregate(DesiredState.Empty, (desired, update) => desired.Apply(update).State))
    {
        Services = name == "alpha" ? HostServices.Metadata | HostServices.Dns : HostServices.None,
    };

    private static PartitionUpdate[] Network() =>
    [
        Say.SnapshotOf(Say.NetworkPartition(Inner), 1, Say.Network(Inner, 100),
            Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"), Say.RouterPort(82, Router, "10.0.0.1"),
            Neighbor(Near, "10.0.0.10", "alpha"), Neighbor(Unprotected, "10.0.0.11", "alpha"),
            Neighbor(Down, "10.0.0.12", "alpha"), Neighbor(Groupless, "10.0.0.13", "alpha"),
            Neighbor(Far, "10.0.0.20", "beta")),
        Say.SnapshotOf(Say.NetworkPartition(Other), 1, Say.Network(Other, 700, mtu: 1_400),
            Say.Subnet(72, "10.0.1.0/24", "10.0.1.1"), Say.RouterPort(81, Router, "10.0.1.1"),
            Say.Bounded(73, "10.0.2.0/24", Acl, "10.0.2.1"), Say.RouterPort(85, Router, "10.0.2.1"),
            Neighbor(Tagged, "10.0.1.14", "alpha"), Neighbor(Beyond, "10.0.1.21", "beta"),
            Neighbor(Floated, "10.0.1.22", "beta"), Neighbor(Bounded, "10.0.2.23", "beta")),
        Say.SnapshotOf(Say.NetworkPartition(Modern), 1, Say.Network(Modern, 750),
            Say.Ipv6Subnet(76, "2001:db8::/64", "slaac"), Neighbor(Ipv6Only, "2001:db8::15", "alpha")),
        Say.SnapshotOf(Say.NetworkAclPartition(Acl), 1, Say.NetworkAcl(Acl),
            Say.AclRule(41, number: 100, egress: true, allow: true),
            Say.AclRule(42, new NetworkAclRuleEntry
            {
                Number = 100, IpVersion = 4, Protocol = 6, Cidr = "10.0.0.0/24",
                Ports = new Protocol.V1.PortRange { First = 25, Last = 25 },
            }),
            Say.AclRule(43, new NetworkAclRuleEntry { Number = 200, IpVersion = 4, Protocol = 6, Allow = true })),
        Say.SnapshotOf(Say.NetworkPartition(Outer), 1,
            Say.External(Outer, vlan: 111, policy: Say.Bytes(99)),
            Say.Subnet(92, "203.0.113.0/24", "203.0.113.1", dhcp: false)),
        Say.SnapshotOf(Say.QosPolicyPartition(98), 1, Say.Entry(EntryKind.QosPolicy, 98, new QosPolicyEntry
        {
            Limits =
            {
                new QosLimit { Egress = true, Rate = 5_000 }, new QosLimit { Rate = 8_000 },
                new QosLimit { Egress = true, Packets = true, Rate = 900 },
            },
            Dscp = 10,
        })),
        Say.SnapshotOf(Say.QosPolicyPartition(99), 1, Say.QosPolicy(99,
            new QosLimit { Egress = true, Rate = 20_000 }, new QosLimit { Packets = true, Rate = 700 })),
        Say.SnapshotOf(Say.SecurityGroupPartition(50), 1, Say.SecurityGroup(50), Say.EgressRule(51),
            Say.Rule(52, new SecurityGroupRuleEntry
            {
                IpVersion = 4, Protocol = 6, Ports = new Protocol.V1.PortRange { First = 80, Last = 80 },
            }),
            Say.Rule(53, new SecurityGroupRuleEntry { IpVersion = 4, Protocol = 1, RemoteGroup = Say.Bytes(60) })),
        Say.SnapshotOf(Say.SecurityGroupPartition(60), 1, Say.SecurityGroup(60), Say.Member(Near, "10.0.0.10")),
        Say.SnapshotOf(Say.RouterPartition(Router), 1,
            Say.Entry(EntryKind.Router, Router, new RouterEntry
            {
                AdminStateUp = true,
                Interfaces =
                {
                    Say.Interface(82, Inner, 2, "10.0.0.1"), Say.Interface(81, Other, 72, "10.0.1.1"),
                    Say.Interface(85, Other, 73, "10.0.2.1"),
                },
                Gateway = Say.Gateway(Outer, 83, "172.31.0.2", (92, "203.0.113.5")),
            }),
            Say.Entry(EntryKind.FloatingIp, 95, new FloatingIpEntry
            {
                Address = Say.Bytes("203.0.113.10"), Mac = Say.Mac(84), PortId = Say.Bytes(Floated),
                FixedAddress = Say.Bytes("10.0.1.22"), QosPolicy = Say.Bytes(98),
            })),
    ];

    private static Entry Neighbor(int port, string address, string host) => Say.Entry(
        EntryKind.Neighbor, port, new NeighborEntry
        {
            Mac = Say.Mac(port), Addresses = { Say.Bytes(address) }, Host = host,
            TunnelAddress = Say.Bytes(host == "alpha" ? "172.31.0.1" : "172.31.0.2"),
        });
}
