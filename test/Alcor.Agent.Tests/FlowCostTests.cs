using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>What each thing adds to the flows of a host, as docs/pipeline.md says.</summary>
public sealed class FlowCostTests
{
    private const string Here = "172.31.0.1";
    private const string There = "172.31.0.2";

    private static readonly SwitchFacts Facts = new(
        ImmutableDictionary<Guid, uint>.Empty.Add(Say.Id(10), 7).Add(Say.Id(11), 8).Add(Say.Id(12), 9),
        AgentWorld.Tunnels, AgentWorld.Tunnel)
    {
        PhysicalPorts = ImmutableSortedDictionary.Create<string, uint>(StringComparer.Ordinal).Add("physnet1", 3),
    };

    private readonly StringBuilder _told = new();
    private readonly Dictionary<string, ulong> _revisions = [];
    private readonly Renderer _renderer = new();
    private DesiredState _state = DesiredState.Empty;

    /// <summary>One after the other, as a cloud would get them.</summary>
    [Fact]
    public void Each_thing_costs_what_the_document_says()
    {
        _renderer.Update(_state, Facts, []);
        _told.Append(CultureInfo.InvariantCulture, $"{_renderer.FlowCount,3}  always");
        var (network, host, group) = (Say.NetworkPartition(1), Say.HostPartition, Say.SecurityGroupPartition(50));
        Add("a network", network, Say.Network(1, 100));
        Add("a subnet", network, Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"), Say.Subnet(3, "10.0.1.0/24", "10.0.1.1"));
        Add("a port on another host", network, Say.Neighbor(20, "10.0.0.20", There));
        Add("a port without port security", host, Say.Port(10, 1, 2, "10.0.0.10"));
        Add("a security group", group, Say.SecurityGroup(50));
        Add("a protected port with one IPv4 address in one group", host, Say.Protected(11, 1, 2, "10.0.0.11", 50));
        Add("the first rule of TCP", group, Tcp(60, 80));
        Add("a further one", group, Tcp(61, 81));
        Add("the first rule that names a group", group, Tcp(62, 82, group: 50));
        Add("a further one", group, Tcp(63, 83, group: 50));
        Add("an address of a member of that group", group, Say.Member(20, "10.0.0.20"));
        Outside(network, host);
        Golden.CheckSample("docs/pipeline.md", "costs", _told.ToString());
    }

    private void Outside(string network, string host)
    {
        var (router, acl) = (Say.RouterPartition(80), Say.NetworkAclPartition(70));
        var inside = Say.Interface(82, 1, 2, "10.0.0.1");
        Add("a router", router, Router());
        Add("its interface in a subnet", router, Router(inside));
        Add("its port there", network, Say.RouterPort(82, 80, "10.0.0.1"));
        Add("a network outside with a subnet", Say.NetworkPartition(90),
            Say.External(90), Say.Subnet(92, "203.0.113.0/24", "203.0.113.1", dhcp: false));
        Add("the gateway of the router, on another host", router, WithGateway(There, inside));
        Add("the same on this host, in its place", router, WithGateway(Here, inside));
        Add("a floating IP of a port here", router, Say.Entry(EntryKind.FloatingIp, 95, new FloatingIpEntry
        {
            Address = Say.Bytes("203.0.113.10"), Mac = Say.Mac(84), PortId = Say.Bytes(11),
            FixedAddress = Say.Bytes("10.0.0.11"),
        }));
        Add("the first port forwarding of an address", router, Forwarding(96, 80));
        Add("a further one", router, Forwarding(97, 81));
        Add("a network ACL of a subnet with ports here", network, Say.Bounded(2, "10.0.0.0/24", 70, "10.0.0.1"));
        Add("its first rule", acl, Say.NetworkAcl(70), Say.AclRule(71, 100, egress: false, allow: true));
        Add("a further one", acl, Say.AclRule(72, 110, egress: false, allow: true));
        var limit = new QosLimit { Egress = true, Rate = 1_000 };
        Add("a QoS policy", Say.QosPolicyPartition(40), Say.QosPolicy(40, limit));
        Add("a port that it limits in one direction", host, Say.Limited(Say.Protected(11, 1, 2, "10.0.0.11", 50), 40));
        Add("a subport of a trunk", host, Say.Port(13, 1, 3, "10.0.1.13").InVlan(parent: 10, vlan: 5, number: 1));
    }

    private void Add(string what, string partition, params Entry[] entries)
    {
        var before = _renderer.FlowCount;
        var from = _revisions.GetValueOrDefault(partition);
        _revisions[partition] = from + 1;
        var change = _state.Apply(from == 0
            ? Say.SnapshotOf(partition, 1, entries)
            : Say.DifferenceOf(partition, from, from + 1, entries));
        _state = change.State;
        _renderer.Update(_state, Facts, change.Changed);
        Assert.DoesNotContain(_renderer.Problems, problem => problem.Value.IsFailure);
        _told.Append(CultureInfo.InvariantCulture, $"\n{_renderer.FlowCount - before,3}  {what}");
    }

    private static Entry Tcp(int id, uint port, int? group = null)
    {
        var rule = new SecurityGroupRuleEntry
        {
            IpVersion = 4, Protocol = 6, Ports = new Protocol.V1.PortRange { First = port, Last = port },
        };
        if (group is { } remote)
            rule.RemoteGroup = Say.Bytes(remote);
        return Say.Rule(id, rule);
    }

    private static Entry Router(params RouterInterface[] interfaces) => Say.Router(80, interfaces);

    private static Entry WithGateway(string tunnel, RouterInterface inside) => Say.Entry(
        EntryKind.Router, 80, new RouterEntry
        {
            AdminStateUp = true, Interfaces = { inside }, Gateway = Say.Gateway(90, 83, tunnel, (92, "203.0.113.5")),
        });

    private static Entry Forwarding(int id, uint port) => Say.Entry(
        EntryKind.PortForwarding, id, new PortForwardingEntry
        {
            Address = Say.Bytes("203.0.113.11"), Mac = Say.Mac(85), Protocol = 6,
            ExternalPorts = new Protocol.V1.PortRange { First = port, Last = port },
            InternalAddress = Say.Bytes("10.0.0.20"),
            InternalPorts = new Protocol.V1.PortRange { First = 80, Last = 80 },
        });
}
