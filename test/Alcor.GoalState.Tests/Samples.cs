using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.AddressGroups;
using Alcor.Network.FloatingIps;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Networks;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Subnets;

namespace Alcor.Testing;

/// <summary>Resources with readable ids, for tests of what is projected from them.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Born = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string NetworkId(int number) => $"00000000-0000-0000-0000-{number:x12}";

    public static string SegmentId(int number) => $"30000000-0000-0000-0000-{number:x12}";

    public static string SubnetId(int number) => $"10000000-0000-0000-0000-{number:x12}";

    public static string PortId(int number) => $"20000000-0000-0000-0000-{number:x12}";

    public static string GroupId(int number) => $"40000000-0000-0000-0000-{number:x12}";

    public static string RuleId(int number) => $"50000000-0000-0000-0000-{number:x12}";

    public static string AddressGroupId(int number) => $"60000000-0000-0000-0000-{number:x12}";

    public static string RouterId(int number) => $"70000000-0000-0000-0000-{number:x12}";

    public static string PolicyId(int number) => $"a0000000-0000-0000-0000-{number:x12}";

    public static string FloatingIpId(int number) => $"80000000-0000-0000-0000-{number:x12}";

    public static string ForwardingId(int number) => $"90000000-0000-0000-0000-{number:x12}";

    public static string AclId(int number) => $"a0000000-0000-0000-0000-{number:x12}";

    public static string AclRuleId(int number) => $"b0000000-0000-0000-0000-{number:x12}";

    public static IPAddress TunnelOf(string host) =>
        IPAddress.Parse($"192.0.2.{1 + host.Sum(character => character) % 250}");

    public static Network.Networks.Network Network(int number) => new(
        NetworkId(number),
        "project",
        $"net{number}",
        "",
        AdminStateUp: true,
        Mtu: 1450,
        Segments: [new NetworkSegment(SegmentId(number), NetworkType.Vxlan, null, (uint)(1000 + number))],
        SubnetIds: [],
        Born,
        Born);

    public static Subnet Subnet(int number, int network) => new(
        SubnetId(number),
        NetworkId(network),
        "project",
        "",
        "",
        IPNetwork.Parse($"10.{number}.0.0/16"),
        IPAddress.Parse($"10.{number}.0.1"),
        EnableDhcp: true,
        [],
        [],
        [],
        Born,
        Born);

    /// <summary>A port with one address, <c>10.{network}.0.{number}</c>; without a host it is unbound.</summary>
    public static Port Port(int number, int network, string host = "") => new(
        PortId(number),
        NetworkId(network),
        "project",
        "",
        "",
        AdminStateUp: true,
        new MacAddress(0xfa163e000000 + (ulong)number),
        [new FixedIp(SubnetId(network), IPAddress.Parse($"10.{network}.{number >> 8 & 255}.{number & 255}"))],
        "",
        "",
        host,
        host.Length > 0 ? TunnelOf(host) : null,
        "normal",
        "{}",
        host.Length > 0 ? PortStatus.Build : PortStatus.Down,
        Generation: 1,
        Born,
        Born);

    /// <summary>
    /// The port by which a router is in a network, with one address, <c>10.{network}.255.{router}</c>.
    /// </summary>
    public static Port RouterPort(int number, int network, int router) => Port(number, network) with
    {
        FixedIps = [new FixedIp(SubnetId(network), IPAddress.Parse($"10.{network}.255.{router}"))],
        DeviceId = RouterId(router),
        DeviceOwner = DeviceOwner.RouterInterface,
        IsUnprotected = true,
    };

    /// <summary>The gateway of a router in an external network, on a host if one is named.</summary>
    public static Port GatewayPort(int number, int network, int router, string host = "") =>
        Port(number, network, host) with
        {
            DeviceId = RouterId(router),
            DeviceOwner = DeviceOwner.RouterGateway,
            IsUnprotected = true,
        };

    /// <summary>What a router says of its gateway, in zone 1 of the host of the port if it is on one.</summary>
    public static RouterGateway Gateway(Port port) =>
        new(port.Id, port.NetworkId, port.FixedIps, EnableSnat: true, QosPolicyId: null)
        {
            MacAddress = port.MacAddress,
            Host = port.TunnelAddress is { } address ? new GatewayHost(port.HostId, address, Zone: 1) : null,
        };

    /// <summary>A floating IP, <c>10.{network}.1.{number}</c>, that leads to a port of network 1.</summary>
    public static FloatingIp FloatingIp(int number, int network, int router, int port) => new(
        FloatingIpId(number),
        "project",
        "",
        NetworkId(network),
        IPAddress.Parse($"10.{network}.1.{number}"),
        PortId(10_000 + number),
        PortId(port),
        IPAddress.Parse($"10.1.0.{port}"),
        RouterId(router),
        Born,
        Born)
    {
        MacAddress = new MacAddress(0xfa163f000000 + (ulong)number),
        IsServed = true,
    };

    /// <summary>A floating IP whose TCP ports from 80 to 89 lead to as many from 8080 on of a port.</summary>
    public static FloatingIp ForwardingIp(int number, int network, int router, int port)
    {
        var whole = FloatingIp(number, network, router, port);
        var forwarding = new PortForwarding(
            ForwardingId(number),
            whole.Id,
            whole.NetworkId,
            "tcp",
            new PortRange(80, 89),
            PortId(port),
            IPAddress.Parse($"10.1.0.{port}"),
            new PortRange(8080, 8089),
            "");
        return whole with { PortId = null, FixedIpAddress = null, PortForwardings = [forwarding] };
    }

    /// <summary>A router that is in networks by these ports.</summary>
    public static Router Router(int number, params IEnumerable<Port> ports) => new(
        RouterId(number),
        "project",
        $"router{number}",
        "",
        AdminStateUp: true,
        Gateway: null,
        [.. ports.Select(port => new RouterInterface(port.Id, port.NetworkId, port.FixedIps))],
        Routes: [],
        Born,
        Born);

    public static SecurityGroup Group(int number) => new(
        GroupId(number), "project", $"group{number}", "", Stateful: true, Shares: [], Tags: [], Born, Born);

    /// <summary>All of IPv4 that comes in, from the members of a group if one is named.</summary>
    public static SecurityGroupRule Rule(int number, int group, int? remoteGroup = null) => new(
        RuleId(number),
        GroupId(group),
        "project",
        "project",
        "",
        SecurityGroupRule.Ingress,
        SecurityGroupRule.Ipv4,
        Protocol: null,
        PortRangeMin: null,
        PortRangeMax: null,
        RemoteIpPrefix: null,
        remoteGroup is { } remote ? GroupId(remote) : null,
        RemoteAddressGroupId: null,
        Born,
        Born);

    public static NetworkAcl Acl(int number, params IEnumerable<int> subnets) => new(
        AclId(number), "project", $"acl{number}", "", [.. subnets.Select(SubnetId)], Born, Born);

    /// <summary>Allows all of IPv4 that comes in, by a rule of this number.</summary>
    public static NetworkAclRule AclRule(int number, int acl) => new(
        AclRuleId(number),
        AclId(acl),
        "project",
        number,
        NetworkAclRule.Ingress,
        NetworkAclRule.Allow,
        NetworkAclRule.Ipv4,
        Protocol: null,
        Cidr: null,
        PortRangeMin: null,
        PortRangeMax: null,
        IcmpType: null,
        IcmpCode: null,
        "",
        Born,
        Born);

    public static AddressGroup Addresses(int number, params IEnumerable<string> blocks) => new(
        AddressGroupId(number), "project", "", "", [.. blocks.Select(IPNetwork.Parse)], Shares: []);

    /// <summary>What a commit writes to make a resource be as it is.</summary>
    public static QosPolicy Policy(int number, params IEnumerable<QosRule> rules) => new(
        PolicyId(number), "project", "", "", IsDefault: false, [.. rules], [], [], default, default);

    /// <param name="kind">Of its value and burst the units.</param>
    public static QosRule QosRule(QosRuleKind kind, int value, int burst = 0, string direction = "") =>
        new("", "", kind.Name, value, burst, direction);

    public static Write Put(object resource) => TypeOf(resource).ToWrite(resource);

    /// <summary>A network with one subnet.</summary>
    public static IEnumerable<Write> PutNetwork(int number) => [Put(Network(number)), Put(Subnet(number, number))];

    public static Write End(object resource) =>
        Write.Tombstone(TypeOf(resource).KeyOf(resource), TypeOf(resource).PartitionOf(resource));

    /// <summary>A port with what follows from it: its binding, if it is bound, and its place in its groups.</summary>
    public static IEnumerable<Write> PutBound(Port port) => FollowersOf(port).Prepend(port).Select(Put);

    public static IEnumerable<Write> EndBound(Port port) => FollowersOf(port).Prepend(port).Select(End);

    public static StoredResource Stored(object resource, long revision)
    {
        var write = Put(resource);
        return new StoredResource(write.Key, write.Partition, revision, write.Value!.Value);
    }

    private static IEnumerable<object> FollowersOf(Port port) =>
        SecurityGroupMember.AllOf(port).Concat<object>(Binding.AllOf(port));

    private static IResourceType TypeOf(object resource) =>
        NetworkCatalog.Types.Types.Single(type => type.GetType().GenericTypeArguments[0] == resource.GetType());
}
