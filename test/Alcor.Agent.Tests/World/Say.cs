using System.Net;
using Alcor.Agent.Desired;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent.Tests.World;

/// <summary>Messages of a dataplane, written briefly. Ids are small numbers, 1 is 00000000-…-0001.</summary>
internal static partial class Say
{
    public const string HostPartition = "host/00000000-0000-0000-0000-0000000000f0";

    public static Guid Id(int number) => new($"00000000-0000-0000-0000-{number:x12}");

    public static ByteString Bytes(int number) => ByteString.CopyFrom(Id(number).ToByteArray(bigEndian: true));

    public static ByteString Bytes(string address) => ByteString.CopyFrom(IPAddress.Parse(address).GetAddressBytes());

    public static string NetworkPartition(int network) => $"network/{Id(network):D}";

    public static EntryAddress Address(string partition, EntryKind kind, int id) =>
        new(partition, new EntryKey(kind, Id(id)));

    public static ulong Mac(int port) => 0xfa_16_3e_00_00_00UL + (ulong)port;

    public static Entry Entry(EntryKind kind, int id, IMessage value, ulong revision = 1) =>
        new() { Kind = kind, Id = Bytes(id), Revision = revision, Value = value.ToByteString() };

    public static Entry Removed(EntryKind kind, int id, ulong revision = 1) =>
        new() { Kind = kind, Id = Bytes(id), Revision = revision, Removed = true };

    public static Entry Network(
        int id, uint number, bool up = true, uint mtu = 1450, Encapsulation of = Encapsulation.Vxlan) => Entry(
        EntryKind.Network, id,
        new NetworkEntry { SegmentationId = number, Mtu = mtu, AdminStateUp = up, Encapsulation = of });

    public static Entry Subnet(int id, string cidr, string gateway = "", bool dhcp = true) => Entry(
        EntryKind.Subnet, id, new SubnetEntry { Cidr = cidr, Gateway = gateway, EnableDhcp = dhcp });

    /// <param name="mode">Both of its addresses and of what routers announce.</param>
    public static Entry Ipv6Subnet(
        int id, string cidr, string mode, bool dhcp = true, params string[] nameServers) => Entry(
        EntryKind.Subnet, id, new SubnetEntry
        {
            Cidr = cidr, EnableDhcp = dhcp, Ipv6AddressMode = mode, Ipv6RaMode = mode, DnsNameservers = { nameServers },
        });

    public static Entry Neighbor(int port, string address, string tunnel, ulong? mac = null) => Entry(
        EntryKind.Neighbor, port, new NeighborEntry
        {
            Mac = mac ?? Mac(port), Addresses = { Bytes(address) }, Host = "h", TunnelAddress = Bytes(tunnel),
        });

    public static Entry Port(
        int id, int network, int subnet, string address, bool up = true, ulong? mac = null) => Entry(
        EntryKind.Port, id, new PortEntry
        {
            NetworkId = Bytes(network), Mac = mac ?? Mac(id), AdminStateUp = up, Unprotected = true,
            FixedIps = { new FixedIp { SubnetId = Bytes(subnet), Address = Bytes(address) } },
        });

    /// <summary>A port of another host, that may move here.</summary>
    public static Entry Inactive(this Entry port)
    {
        var value = PortEntry.Parser.ParseFrom(port.Value);
        value.Inactive = true;
        port.Value = value.ToByteString();
        return port;
    }

    /// <summary>A port whose frames another one carries in a VLAN.</summary>
    public static Entry InVlan(this Entry port, int parent, uint vlan, uint number)
    {
        var value = PortEntry.Parser.ParseFrom(port.Value);
        value.SubPort = new SubPort { ParentPort = Bytes(parent), Vlan = vlan, Number = number };
        port.Value = value.ToByteString();
        return port;
    }

    public static PartitionUpdate SnapshotOf(string partition, ulong revision, params Entry[] entries) =>
        new() { Partition = partition, ToRevision = revision, Snapshot = true, Last = true, Entries = { entries } };

    public static PartitionUpdate DifferenceOf(string partition, ulong from, ulong to, params Entry[] entries) =>
        new() { Partition = partition, FromRevision = from, ToRevision = to, Last = true, Entries = { entries } };

    public static DataplaneMessage Message(PartitionUpdate update) => new() { Update = update };

    public static DataplaneMessage Snapshot(string partition, ulong revision, params Entry[] entries) =>
        Message(SnapshotOf(partition, revision, entries));

    public static DataplaneMessage Difference(string partition, ulong from, ulong to, params Entry[] entries) =>
        Message(DifferenceOf(partition, from, to, entries));

    public static DataplaneMessage Dropped(string partition) =>
        new() { Dropped = new PartitionDropped { Partition = partition } };

    public static DataplaneMessage Synchronized() => new() { Synchronized = new Synchronized() };

    public static MacAddress MacOf(int port) => new(Mac(port));

    public static string SecurityGroupPartition(int group) => $"security-group/{Id(group):D}";

    public static string RouterPartition(int router) => $"router/{Id(router):D}";

    public static string QosPolicyPartition(int policy) => $"qos-policy/{Id(policy):D}";

    public static Entry QosPolicy(int id, params QosLimit[] limits) =>
        Entry(EntryKind.QosPolicy, id, new QosPolicyEntry { Limits = { limits } });

    /// <summary>A port that is held to a policy.</summary>
    public static Entry Limited(Entry port, int policy)
    {
        var value = PortEntry.Parser.ParseFrom(port.Value);
        value.QosPolicy = Bytes(policy);
        return new Entry(port) { Value = value.ToByteString() };
    }

    /// <summary>A port that port security is enabled for, in groups.</summary>
    public static Entry Protected(int id, int network, int subnet, string address, params int[] groups) => Entry(
        EntryKind.Port, id, new PortEntry
        {
            NetworkId = Bytes(network), Mac = Mac(id), AdminStateUp = true,
            FixedIps = { new FixedIp { SubnetId = Bytes(subnet), Address = Bytes(address) } },
            SecurityGroups = { groups.Select(Bytes) },
        });

    public static Entry SecurityGroup(int id, bool stateful = true) =>
        Entry(EntryKind.SecurityGroup, id, new SecurityGroupEntry { Stateful = stateful });

    public static Entry Rule(int id, SecurityGroupRuleEntry rule) => Entry(EntryKind.SecurityGroupRule, id, rule);

    public static string NetworkAclPartition(int acl) => $"network-acl/{Id(acl):D}";

    /// <summary>A subnet that has a network ACL.</summary>
    public static Entry Bounded(int id, string cidr, int acl, string gateway = "") => Entry(
        EntryKind.Subnet, id, new SubnetEntry { Cidr = cidr, Gateway = gateway, NetworkAcl = Bytes(acl) });

    public static Entry NetworkAcl(int id) => Entry(EntryKind.NetworkAcl, id, new NetworkAclEntry());

    public static Entry AclRule(int id, NetworkAclRuleEntry rule) => Entry(EntryKind.NetworkAclRule, id, rule);

    /// <summary>A rule for all of IPv4.</summary>
    public static Entry AclRule(int id, uint number, bool egress, bool allow) => AclRule(
        id, new NetworkAclRuleEntry { Number = number, Egress = egress, Allow = allow, IpVersion = 4 });

    /// <summary>Everything of IPv4 may leave.</summary>
    public static Entry EgressRule(int id) => Rule(id, new SecurityGroupRuleEntry { Egress = true, IpVersion = 4 });

    public static Entry Member(int port, params string[] addresses) => Entry(
        EntryKind.SecurityGroupMember, port,
        new SecurityGroupMemberEntry { Addresses = { addresses.Select(Bytes) } });

    public static Entry Router(int id, params RouterInterface[] interfaces) => Entry(
        EntryKind.Router, id, new RouterEntry { AdminStateUp = true, Interfaces = { interfaces } });

    public static RouterInterface Interface(int port, int network, int subnet, string address) => new()
    {
        PortId = Bytes(port),
        NetworkId = Bytes(network),
        FixedIps = { new FixedIp { SubnetId = Bytes(subnet), Address = Bytes(address) } },
    };

    public static Entry RouterPort(int port, int router, params string[] addresses) => Entry(
        EntryKind.RouterPort, port, new RouterPortEntry
        {
            Mac = Mac(port), RouterId = Bytes(router), Addresses = { addresses.Select(Bytes) },
        });
}
