using System.Net;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using Google.Protobuf;
using static Alcor.Agent.Desired.WireFields;

namespace Alcor.Agent.Desired;

/// <summary>
/// Turns entries of the wire into checked values. A peer's mistake becomes a <see cref="MalformedValue"/>, which is
/// reported for that entry alone; it never ends the agent or hides the other entries.
/// </summary>
public static class EntryDecoder
{
    private const uint SegmentationIdMax = (1 << 24) - 1;
    private const uint VlanMax = 4094;
    private const uint SubPortsMax = Pipeline.PortKey.OrdinaryMax;

    // RFC 791: every host takes a datagram of 576 bytes; RFC 8200 asks for 1280, but a network may be IPv4 only.
    private const uint MtuMin = 576;

    /// <summary>Of neighbours that say none.</summary>
    private const string UsualDomain = "openstacklocal.";

    /// <summary>The key of an entry, or null when its id is not one.</summary>
    public static EntryKey? Key(Entry entry) =>
        entry.Id.Length == 16 ? new EntryKey(entry.Kind, new Guid(entry.Id.Span, bigEndian: true)) : null;

    public static IEntryValue Decode(Entry entry)
    {
        try
        {
            return entry.Kind switch
            {
                EntryKind.Network => Network(NetworkEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.Subnet => Subnet(SubnetEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.Neighbor => Neighbor(NeighborEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.Port => Port(PortEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.SecurityGroup => SecurityEntries.Group(SecurityGroupEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.SecurityGroupRule =>
                    SecurityEntries.Rule(SecurityGroupRuleEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.SecurityGroupMember =>
                    SecurityEntries.Member(SecurityGroupMemberEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.AddressGroup =>
                    SecurityEntries.AddressGroup(AddressGroupEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.QosPolicy => QosEntries.Policy(QosPolicyEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.NetworkAcl => new NetworkAclValue(),
                EntryKind.NetworkAclRule =>
                    NetworkAclEntries.Rule(NetworkAclRuleEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.Router => RouterEntries.Router(RouterEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.FloatingIp => RouterEntries.FloatingIp(FloatingIpEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.PortForwarding =>
                    RouterEntries.Forwarding(PortForwardingEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.RouterGateway =>
                    new RouterGatewayValue(Id(RouterGatewayEntry.Parser.ParseFrom(entry.Value).RouterId)),
                EntryKind.RouterPort => RouterEntries.Port(RouterPortEntry.Parser.ParseFrom(entry.Value)),
                _ => new MalformedValue($"this agent does not know entries of kind {(int)entry.Kind}"),
            };
        }
        catch (InvalidProtocolBufferException error)
        {
            return new MalformedValue($"not a {entry.Kind} entry: {error.Message}");
        }
        catch (FormatException error)
        {
            return new MalformedValue(error.Message);
        }
    }

    private static NetworkValue Network(NetworkEntry entry)
    {
        var isPhysical = entry.PhysicalNetwork.Length > 0;
        Check(isPhysical ? entry.SegmentationId <= VlanMax : entry.SegmentationId is > 0 and <= SegmentationIdMax,
            $"segmentation id {entry.SegmentationId}");
        Check(entry.Encapsulation == Encapsulation.Vxlan || entry.Encapsulation == Encapsulation.Geneve && !isPhysical,
            $"encapsulation {entry.Encapsulation}");
        Check(entry.Mtu is >= MtuMin and <= ushort.MaxValue, $"MTU {entry.Mtu}");
        return new NetworkValue(entry.SegmentationId, (ushort)entry.Mtu, entry.AdminStateUp)
        {
            PhysicalNetwork = isPhysical ? entry.PhysicalNetwork : null,
            Encapsulation = entry.Encapsulation,
            Ipv6AddressScope = OptionalId(entry.Ipv6AddressScope),
            QosPolicy = OptionalId(entry.QosPolicy),
        };
    }

    private static SubnetValue Subnet(SubnetEntry entry)
    {
        var cidr = Cidr(entry.Cidr);
        return new SubnetValue(
            cidr,
            entry.Gateway.Length == 0 ? null : Text(entry.Gateway, cidr.BaseAddress.AddressFamily),
            entry.EnableDhcp,
            [.. entry.DnsNameservers.Select(server => Text(server, cidr.BaseAddress.AddressFamily))],
            [.. entry.HostRoutes.Select(route => RouterEntries.Route(route, cidr.BaseAddress.AddressFamily))])
        {
            AddressMode = Mode(entry.Ipv6AddressMode, cidr),
            RaMode = Mode(entry.Ipv6RaMode, cidr),
            NetworkAcl = OptionalId(entry.NetworkAcl),
        };
    }

    private static Ipv6Mode Mode(string text, IPNetwork cidr)
    {
        Check(text.Length == 0 || cidr.IsIpv6(), $"mode {text} of {cidr}");
        return text switch
        {
            "" => Ipv6Mode.None,
            "slaac" => Ipv6Mode.Slaac,
            "dhcpv6-stateful" => Ipv6Mode.Stateful,
            "dhcpv6-stateless" => Ipv6Mode.Stateless,
            _ => throw new FormatException($"makes no sense: IPv6 mode {text}"),
        };
    }

    private static NeighborValue Neighbor(NeighborEntry entry) => new(
        Mac(entry.Mac), [.. entry.Addresses.Select(Address)], entry.Host, Address(entry.TunnelAddress))
    {
        AddressPairs = Pairs(entry.AllowedAddressPairs),
        DnsName = entry.DnsName,
        DnsDomain = entry.DnsDomain switch
        {
            "" => UsualDomain,
            "." => "",
            var domain => domain,
        },
    };

    private static IEntryValue Port(PortEntry entry)
    {
        Check(entry.NetworkId.Length == 16, "network id");
        return entry.Inactive ? new InactivePortValue() : new PortValue(
            Id(entry.NetworkId),
            Mac(entry.Mac),
            [.. entry.FixedIps.Select(ip => new PortAddress(Id(ip.SubnetId), Address(ip.Address)))],
            entry.AdminStateUp)
        {
            IsUnprotected = entry.Unprotected,
            SecurityGroups = [.. entry.SecurityGroups.Select(Id).Distinct()],
            AddressPairs = Pairs(entry.AllowedAddressPairs),
            DhcpOptions = [.. entry.DhcpOptions.Select(Option)],
            QosPolicy = OptionalId(entry.QosPolicy),
            DnsName = entry.DnsName,
            DnsDomain = entry.DnsDomain,
            SubPort = entry.SubPort is { } subport ? SubPort(subport) : null,
            MachineId = entry.DeviceId,
            ProjectId = entry.ProjectId,
        };
    }

    private static SubPortValue SubPort(SubPort entry)
    {
        Check(entry.Vlan is > 0 and <= VlanMax, $"VLAN {entry.Vlan} of a subport");
        Check(entry.Number is > 0 and <= SubPortsMax, $"number {entry.Number} of a subport");
        return new SubPortValue(Id(entry.ParentPort), (ushort)entry.Vlan, (ushort)entry.Number);
    }

    private static NamedDhcpOption Option(Protocol.V1.DhcpOption option)
    {
        Check(option.IpVersion is 4 or 6, $"DHCP option of IP version {option.IpVersion}");
        return new(option.Name, option.Value, option.IpVersion == 6);
    }

    private static ValueList<AddressPair> Pairs(IEnumerable<Protocol.V1.AddressPair> pairs) =>
        [.. pairs.Select(pair => new AddressPair(Cidr(pair.Cidr), Mac(pair.Mac)))];
}
