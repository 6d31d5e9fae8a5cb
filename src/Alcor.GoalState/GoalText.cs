using System.Net;
using System.Text;
using Alcor.Kernel.Addresses;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.GoalState;

/// <summary>A goal state as text that a person can review, one entry a line.</summary>
public static class GoalText
{
    public static string Of(GoalTable table)
    {
        var text = new StringBuilder($"{table.Partition} at revision {table.Revision}\n");
        foreach (var entry in table.Entries.Values)
            text.Append($"  {Of(entry)}\n");
        return text.ToString();
    }

    public static string Of(GoalEntry entry)
    {
        var value = entry.Removed ? "removed" : Describe(entry);
        return $"{NameOf(entry.Key.Kind),-8} {entry.Key.Id:D} r{entry.Revision} {value}";
    }

    private static string NameOf(EntryKind kind) => kind switch
    {
        EntryKind.SecurityGroup => "group",
        EntryKind.SecurityGroupRule => "rule",
        EntryKind.SecurityGroupMember => "member",
        EntryKind.AddressGroup => "addresses",
        EntryKind.QosPolicy => "qos",
        EntryKind.RouterPort => "router-port",
        EntryKind.RouterGateway => "gateway",
        EntryKind.NetworkAcl => "acl",
        EntryKind.NetworkAclRule => "acl-rule",
        EntryKind.FloatingIp => "floating",
        EntryKind.PortForwarding => "forwarding",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Describe(GoalEntry entry)
    {
        var value = entry.Value.Span;
        return entry.Key.Kind switch
        {
            EntryKind.Network => Describe(NetworkEntry.Parser.ParseFrom(value)),
            EntryKind.Subnet => Describe(SubnetEntry.Parser.ParseFrom(value)),
            EntryKind.Neighbor => Describe(NeighborEntry.Parser.ParseFrom(value)),
            EntryKind.RouterPort => Describe(RouterPortEntry.Parser.ParseFrom(value)),
            EntryKind.Port => Describe(PortEntry.Parser.ParseFrom(value)),
            EntryKind.RouterGateway =>
                $"router={EntryId.Decode(RouterGatewayEntry.Parser.ParseFrom(value).RouterId)}",
            EntryKind.SecurityGroup => SecurityGroupEntry.Parser.ParseFrom(value).Stateful ? "stateful" : "stateless",
            EntryKind.SecurityGroupRule => Describe(SecurityGroupRuleEntry.Parser.ParseFrom(value)),
            EntryKind.SecurityGroupMember => Describe(SecurityGroupMemberEntry.Parser.ParseFrom(value)),
            EntryKind.AddressGroup => Listed(AddressGroupEntry.Parser.ParseFrom(value).Cidrs),
            EntryKind.QosPolicy => Describe(QosPolicyEntry.Parser.ParseFrom(value)),
            EntryKind.NetworkAcl => "default-deny",
            EntryKind.NetworkAclRule => Describe(NetworkAclRuleEntry.Parser.ParseFrom(value)),
            EntryKind.Router => Describe(RouterEntry.Parser.ParseFrom(value)),
            EntryKind.FloatingIp => Describe(FloatingIpEntry.Parser.ParseFrom(value)),
            EntryKind.PortForwarding => Describe(PortForwardingEntry.Parser.ParseFrom(value)),
            _ => Convert.ToHexStringLower(value),
        };
    }

    private static string Describe(NetworkEntry network) => Sentence(
        Named("on", network.PhysicalNetwork),
        network.Encapsulation == Encapsulation.Geneve ? "geneve" : "",
        $"{(network.PhysicalNetwork.Length > 0 ? "vlan" : "vni")}={network.SegmentationId}",
        $"mtu={network.Mtu}",
        network.Ipv6AddressScope.IsEmpty ? "" : $"scope={EntryId.Decode(network.Ipv6AddressScope)}",
        UpOrDown(network.AdminStateUp));

    private static string Describe(SubnetEntry subnet) => Sentence(
        subnet.Cidr,
        Named("gateway", subnet.Gateway),
        subnet.EnableDhcp ? "dhcp" : "no-dhcp",
        Named("dns", Listed(subnet.DnsNameservers)),
        Named("routes", Listed(subnet.HostRoutes.Select(Describe))),
        Named("address-mode", subnet.Ipv6AddressMode),
        Named("ra-mode", subnet.Ipv6RaMode),
        subnet.NetworkAcl.IsEmpty ? "" : $"acl={EntryId.Decode(subnet.NetworkAcl)}");

    private static string Describe(NeighborEntry neighbor) => Sentence(
        MacOf(neighbor.Mac),
        Listed(neighbor.Addresses.Select(AddressOf)),
        Named("pairs", Listed(neighbor.AllowedAddressPairs.Select(Describe))),
        Named("name", neighbor.DnsName),
        Named("domain", neighbor.DnsDomain),
        $"on {neighbor.Host} via {AddressOf(neighbor.TunnelAddress)}");

    private static string Describe(RouterPortEntry port) => Sentence(
        MacOf(port.Mac),
        Listed(port.Addresses.Select(AddressOf)),
        $"router={EntryId.Decode(port.RouterId)}");

    private static string Describe(PortEntry port) => Sentence(
        MacOf(port.Mac),
        Listed(port.FixedIps.Select(Describe)),
        $"network={EntryId.Decode(port.NetworkId)}",
        port.Unprotected ? "unprotected" : "",
        Named("groups", Listed(port.SecurityGroups.Select(EntryId.Decode))),
        Named("pairs", Listed(port.AllowedAddressPairs.Select(Describe))),
        Named("dhcp", Listed(port.DhcpOptions.Select(option => $"{option.Name}/{option.IpVersion}={option.Value}"))),
        Named("name", port.DnsName),
        Named("domain", port.DnsDomain),
        port.QosPolicy.IsEmpty ? "" : $"qos={EntryId.Decode(port.QosPolicy)}",
        Named("machine", port.DeviceId),
        Named("project", port.ProjectId),
        UpOrDown(port.AdminStateUp),
        port.Inactive ? "inactive" : $"generation={port.Generation}");

    private static string Describe(SecurityGroupRuleEntry rule) => Sentence(
        rule.Egress ? "egress" : "ingress",
        $"ipv{rule.IpVersion}",
        rule.HasProtocol ? $"protocol={rule.Protocol}" : "",
        rule.RangeCase switch
        {
            SecurityGroupRuleEntry.RangeOneofCase.Ports => $"ports={rule.Ports.First}-{rule.Ports.Last}",
            SecurityGroupRuleEntry.RangeOneofCase.Icmp => Describe(rule.Icmp),
            _ => "",
        },
        rule.RemoteCase switch
        {
            SecurityGroupRuleEntry.RemoteOneofCase.RemoteCidr => $"remote={rule.RemoteCidr}",
            SecurityGroupRuleEntry.RemoteOneofCase.RemoteGroup => $"remote-group={EntryId.Decode(rule.RemoteGroup)}",
            SecurityGroupRuleEntry.RemoteOneofCase.RemoteAddressGroup =>
                $"remote-addresses={EntryId.Decode(rule.RemoteAddressGroup)}",
            _ => "",
        });

    private static string Describe(NetworkAclRuleEntry rule) => Sentence(
        rule.Egress ? "egress" : "ingress",
        $"{rule.Number}",
        rule.Allow ? "allow" : "deny",
        $"ipv{rule.IpVersion}",
        rule.HasProtocol ? $"protocol={rule.Protocol}" : "",
        rule.Ports is { } ports ? $"ports={ports.First}-{ports.Last}" : "",
        rule.Icmp is { } icmp ? Describe(icmp) : "",
        Named("other", rule.Cidr));

    private static string Describe(IcmpKind icmp) => $"icmp={icmp.Type}{(icmp.HasCode ? $"/{icmp.Code}" : "")}";

    private static string Describe(SecurityGroupMemberEntry member) =>
        Listed(member.Addresses.Select(AddressOf).Concat(member.Cidrs));

    private static string Describe(QosPolicyEntry policy) => Sentence(
        [.. policy.Limits.Select(Describe), policy.HasDscp ? $"dscp={policy.Dscp}" : ""]);

    private static string Describe(QosLimit limit) =>
        $"{(limit.Egress ? "egress" : "ingress")}={limit.Rate}{(limit.Packets ? "pps" : "kbps")}+{limit.Burst}";

    private static string Describe(RouterEntry router) => Sentence(
        UpOrDown(router.AdminStateUp),
        string.Join(' ', router.Interfaces.Select(Describe)),
        Named("routes", Listed(router.Routes.Select(Describe))),
        router.Gateway is { } gateway ? Describe(gateway) : "",
        Named("helpers", Listed(router.ConntrackHelpers.Select(one => $"{one.Name}:{one.Protocol}:{one.Port}"))));

    private static string Describe(RouterGateway gateway) => Sentence(
        $"gateway={EntryId.Decode(gateway.NetworkId)}",
        MacOf(gateway.Mac),
        Listed(gateway.FixedIps.Select(Describe)),
        gateway.EnableSnat ? "snat" : "no-snat",
        gateway.Host.Length > 0
            ? $"on {gateway.Host} via {AddressOf(gateway.TunnelAddress)} zone={gateway.Zone}"
            : "on no host");

    private static string Describe(RouterInterface one) => Sentence(
        $"interface={EntryId.Decode(one.PortId)}",
        $"network={EntryId.Decode(one.NetworkId)}",
        Listed(one.FixedIps.Select(Describe)));

    private static string Describe(FloatingIpEntry ip) => Sentence(
        AddressOf(ip.Address),
        MacOf(ip.Mac),
        $"to {AddressOf(ip.FixedAddress)}",
        $"port={EntryId.Decode(ip.PortId)}",
        ip.OnGateway ? "on the gateway" : "on its host");

    private static string Describe(PortForwardingEntry forwarding) => Sentence(
        $"{AddressOf(forwarding.Address)}:{Describe(forwarding.ExternalPorts)}",
        MacOf(forwarding.Mac),
        $"protocol={forwarding.Protocol}",
        $"to {AddressOf(forwarding.InternalAddress)}:{Describe(forwarding.InternalPorts)}");

    private static string Describe(PortRange ports) => $"{ports.First}-{ports.Last}";

    private static string Describe(FixedIp ip) => $"{AddressOf(ip.Address)}@{EntryId.Decode(ip.SubnetId)}";

    private static string Describe(AddressPair pair) => $"{pair.Cidr}@{MacOf(pair.Mac)}";

    private static string Describe(HostRoute route) => $"{route.Destination}->{route.Nexthop}";

    private static string MacOf(ulong bits) => new MacAddress(bits).ToString();

    private static string AddressOf(ByteString bytes) => new IPAddress(bytes.Span).ToString();

    private static string UpOrDown(bool isUp) => isUp ? "up" : "down";

    private static string Listed(IEnumerable<string> parts) => string.Join(',', parts);

    private static string Named(string name, string value) => value.Length > 0 ? $"{name}={value}" : "";

    private static string Sentence(params IEnumerable<string> parts) =>
        string.Join(' ', parts.Where(part => part.Length > 0));
}
