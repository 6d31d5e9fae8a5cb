using System.Net;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Desired;

/// <summary>What an entry says, decoded and checked: one of the records of this file.</summary>
public interface IEntryValue;

/// <param name="SegmentationId">The VNI; in a physical network the VLAN, 0 is none.</param>
public sealed record NetworkValue(uint SegmentationId, ushort Mtu, bool AdminStateUp) : IEntryValue
{
    /// <summary>The network outside that carries it; null: tunnels do.</summary>
    public string? PhysicalNetwork { get; init; }

    /// <summary>Of the tunnels that carry it otherwise.</summary>
    public Encapsulation Encapsulation { get; init; }

    /// <summary>In which its IPv6 addresses mean one thing; null: in none.</summary>
    public Guid? Ipv6AddressScope { get; init; }

    /// <summary>Of floating IPs and gateways there that have none of their own; null: none.</summary>
    public Guid? QosPolicy { get; init; }

    public Segment Segment => new(PhysicalNetwork, Encapsulation, SegmentationId);
}

/// <summary>What carries a network; no two are carried by the same.</summary>
public readonly record struct Segment(string? PhysicalNetwork, Encapsulation Encapsulation, uint Id);

/// <param name="Gateway">Null when the subnet has none.</param>
public sealed record SubnetValue(
    IPNetwork Cidr,
    IPAddress? Gateway,
    bool EnableDhcp,
    ValueList<IPAddress> NameServers,
    ValueList<Route> Routes) : IEntryValue
{
    /// <summary>How machines come by their addresses.</summary>
    public Ipv6Mode AddressMode { get; init; }

    /// <summary>What routers tell them about that; <see cref="Ipv6Mode.None"/>: nothing.</summary>
    public Ipv6Mode RaMode { get; init; }

    /// <summary>The network ACL that says what may enter and leave it; null: everything may.</summary>
    public Guid? NetworkAcl { get; init; }
}

/// <summary>The values of ipv6_address_mode and ipv6_ra_mode (Neutron API, subnets).</summary>
public enum Ipv6Mode
{
    /// <summary>Not set, as in every IPv4 subnet.</summary>
    None,

    /// <summary>The machine makes its address itself (RFC 4862).</summary>
    Slaac,

    /// <summary>DHCPv6 gives it (RFC 8415).</summary>
    Stateful,

    /// <summary>The machine makes its address; DHCPv6 tells all else.</summary>
    Stateless,
}

public readonly record struct Route(IPNetwork Destination, IPAddress NextHop);

/// <summary>Where the addresses of a bound port are; on this host too.</summary>
public sealed record NeighborValue(
    MacAddress Mac, ValueList<IPAddress> Addresses, string Host, IPAddress TunnelAddress) : IEntryValue
{
    /// <summary>What else it may answer for.</summary>
    public ValueList<AddressPair> AddressPairs { get; init; }

    /// <summary>Of its machine; empty: each of its addresses makes one.</summary>
    public string DnsName { get; init; } = "";

    /// <summary>The domain that the name is in; empty: none.</summary>
    public string DnsDomain { get; init; } = "";
}

public sealed record PortValue(
    Guid NetworkId, MacAddress Mac, ValueList<PortAddress> Addresses, bool AdminStateUp) : IEntryValue
{
    /// <summary>It may send from any address, and follows no rules.</summary>
    public bool IsUnprotected { get; init; }

    public ValueList<Guid> SecurityGroups { get; init; }

    /// <summary>What it may send from besides its own addresses.</summary>
    public ValueList<AddressPair> AddressPairs { get; init; }

    /// <summary>Null: an interface of the host is the port.</summary>
    public SubPortValue? SubPort { get; init; }

    /// <summary>What DHCP tells it beyond what its subnets say, as it was asked for.</summary>
    public ValueList<NamedDhcpOption> DhcpOptions { get; init; }

    /// <summary>Whose limits and mark its traffic has; null: none.</summary>
    public Guid? QosPolicy { get; init; }

    /// <summary>Of its machine; empty: each of its addresses makes one.</summary>
    public string DnsName { get; init; } = "";

    /// <summary>The domain that the name is in; empty: none.</summary>
    public string DnsDomain { get; init; } = "";

    /// <summary>Its machine, as the orchestrator calls it; empty: it knows none.</summary>
    public string MachineId { get; init; } = "";

    /// <summary>Of the machine.</summary>
    public string ProjectId { get; init; } = "";
}

/// <summary>
/// A port of another host, which may move here. Whatever it will need then is among what the host is told already;
/// until then it is as if the host knew nothing of it, even if its interface is plugged.
/// </summary>
public sealed record InactivePortValue : IEntryValue;

/// <summary>A port whose frames the interface of another one carries, in a VLAN of its own.</summary>
/// <param name="Number">Its own among the subports of the host.</param>
public sealed record SubPortValue(Guid ParentId, ushort Vlan, ushort Number);

/// <param name="Name">A name, or a number.</param>
/// <param name="Value">Empty: the option is not to be told.</param>
public readonly record struct NamedDhcpOption(string Name, string Value, bool IsIpv6);

public readonly record struct PortAddress(Guid SubnetId, IPAddress Address);

public readonly record struct AddressPair(IPNetwork Cidr, MacAddress Mac);

/// <param name="IsStateful">Answers to what was allowed are allowed too.</param>
public sealed record SecurityGroupValue(bool IsStateful) : IEntryValue;

/// <summary>Traffic that the ports of a group may send or receive.</summary>
/// <param name="Protocol">Null: any.</param>
public sealed record SecurityGroupRuleValue(bool IsEgress, bool IsIpv6, byte? Protocol) : IEntryValue
{
    /// <summary>Destination ports; null: any.</summary>
    public PortRange? Ports { get; init; }

    /// <summary>Null: any.</summary>
    public IcmpKind? Icmp { get; init; }

    /// <summary>Where the other end is; null: anywhere.</summary>
    public IPNetwork? RemoteCidr { get; init; }

    /// <summary>The security group or address group that has the other end's address; null: it need not be in
    /// one.</summary>
    public Guid? RemoteSet { get; init; }
}

/// <summary>The addresses of a port that is in a group.</summary>
public sealed record SecurityGroupMemberValue(ValueList<IPNetwork> Addresses) : IEntryValue;

public sealed record AddressGroupValue(ValueList<IPNetwork> Addresses) : IEntryValue;

/// <summary>What a host does to the traffic of whoever has the policy.</summary>
/// <param name="Limits">At most one of each direction and kind.</param>
/// <param name="Dscp">The mark of what is sent (RFC 2474); null: as its machine marked it.</param>
public sealed record QosPolicyValue(ValueList<QosLimitValue> Limits, byte? Dscp) : IEntryValue
{
    /// <summary>Null: there is none.</summary>
    public QosLimitValue? Limit(bool isEgress, bool isPackets) =>
        Limits.FirstOrDefault(limit => limit.IsEgress == isEgress && limit.IsPackets == isPackets);
}

/// <param name="IsEgress">Of what the port sends; false: of what is for it.</param>
/// <param name="IsPackets">Rate and burst are in packets; false: in kilobits.</param>
/// <param name="Rate">For each second; above 0.</param>
/// <param name="Burst">How much may pass at once; 0: it is not said.</param>
public sealed record QosLimitValue(bool IsEgress, bool IsPackets, uint Rate, uint Burst);

/// <summary>What may enter and leave the subnets that name it is what its rules allow.</summary>
public sealed record NetworkAclValue : IEntryValue;

/// <summary>Of the rules of a direction the one with the lowest number that matches decides.</summary>
/// <param name="IsEgress">Seen from the subnet.</param>
/// <param name="Number">1 to <see cref="NumberMax"/>.</param>
/// <param name="IsAllow">Else it denies.</param>
/// <param name="Protocol">Null: any.</param>
public sealed record NetworkAclRuleValue(bool IsEgress, ushort Number, bool IsAllow, bool IsIpv6, byte? Protocol)
    : IEntryValue
{
    public const ushort NumberMax = 32_766;

    /// <summary>Destination ports; null: any.</summary>
    public PortRange? Ports { get; init; }

    /// <summary>Null: any.</summary>
    public IcmpKind? Icmp { get; init; }

    /// <summary>Where the other end is; null: anywhere.</summary>
    public IPNetwork? Cidr { get; init; }
}

/// <summary>A router that is the gateway of subnets; what its ports are is told with their networks.</summary>
public sealed record RouterValue(
    bool AdminStateUp, ValueList<RouterInterfaceValue> Interfaces, ValueList<Route> Routes) : IEntryValue
{
    /// <summary>Null: it leads nowhere else.</summary>
    public GatewayValue? Gateway { get; init; }

    public ValueList<ConnectionTrackerValue> ConnectionTrackers { get; init; }
}

/// <summary>Connections to a port that are looked into for further ones.</summary>
/// <param name="Name">What understands them; perhaps nothing here.</param>
/// <param name="Protocol">TCP or UDP.</param>
public readonly record struct ConnectionTrackerValue(string Name, byte Protocol, ushort Port);

/// <summary>The side of a router that leads outside, which one host has.</summary>
/// <param name="EnableSnat">What has no address outside leaves with the router's.</param>
/// <param name="TunnelAddress">Of the host that has it; null: none.</param>
/// <param name="Zone">The router's number among those of that host.</param>
public sealed record GatewayValue(
    Guid NetworkId,
    MacAddress Mac,
    ValueList<PortAddress> Addresses,
    bool EnableSnat,
    IPAddress? TunnelAddress,
    ushort Zone)
{
    /// <summary>Whose limits has what passes it; null: it has none of its own.</summary>
    public Guid? QosPolicy { get; init; }

    /// <summary>The link-local one too, which it has if it has any of IPv6.</summary>
    public IEnumerable<IPAddress> AllAddresses =>
        Rendering.EntryRenderer.AddressesOf(Mac, [.. Addresses.Select(ip => ip.Address)]);
}

/// <summary>This host has the gateway of a router.</summary>
public sealed record RouterGatewayValue(Guid RouterId) : IEntryValue;

/// <summary>An address outside that leads to one inside and back.</summary>
/// <param name="IsOnGateway">The host of the gateway has it; else that of the port.</param>
public sealed record FloatingIpValue(
    IPAddress Address, MacAddress Mac, Guid PortId, IPAddress FixedAddress, bool IsOnGateway) : IEntryValue
{
    /// <summary>Whose limits has what passes it; null: it has none of its own.</summary>
    public Guid? QosPolicy { get; init; }
}

/// <summary>Some ports of an address outside that lead inside, one by one or all to one.</summary>
public sealed record PortForwardingValue(
    IPAddress Address,
    MacAddress Mac,
    byte Protocol,
    PortRange ExternalPorts,
    IPAddress InternalAddress,
    PortRange InternalPorts) : IEntryValue
{
    /// <summary>Of its floating IP; null: that has none of its own.</summary>
    public Guid? QosPolicy { get; init; }
}

public sealed record RouterInterfaceValue(Guid PortId, Guid NetworkId, ValueList<PortAddress> Addresses);

/// <summary>A port by which a router is in a network, on every host.</summary>
public sealed record RouterPortValue(
    MacAddress Mac, ValueList<IPAddress> Addresses, Guid RouterId) : IEntryValue;

/// <summary>
/// An entry that cannot be understood. It renders to nothing and is reported as failed with this reason.
/// </summary>
public sealed record MalformedValue(string Reason) : IEntryValue;

/// <summary>An entry as held, with the revision of its partition at which it last changed.</summary>
public sealed record HeldEntry(EntryKey Key, ulong Revision, IEntryValue Value);
