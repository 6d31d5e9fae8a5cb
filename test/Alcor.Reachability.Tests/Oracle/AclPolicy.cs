using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Ports;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Subnets;

namespace Alcor.Reachability.Tests;

/// <summary>
/// What network ACLs let through at the edges of subnets, as Alcor's API says: of the rules that match, the one with
/// the lowest number decides, and what matches none is denied. They know nothing of conversations.
/// </summary>
internal sealed class AclPolicy(Cloud cloud)
{
    private static readonly IPNetwork Groups = IPNetwork.Parse("224.0.0.0/4");

    /// <summary>Null: the packet passes.</summary>
    /// <param name="direction">Seen from the port.</param>
    public string? Refuse(Port port, string direction, Probe probe)
    {
        if (probe.Content is not IpContent packet || StaysInNetwork(probe.TargetMac, packet.Target))
            return null;
        var (own, other) = direction == NetworkAclRule.Egress
            ? (packet.Source, packet.Target)
            : (packet.Target, packet.Source);
        var subnets = port.FixedIps.Select(ip => ip.SubnetId).Distinct().Select(cloud.SubnetWith)
            .Where(subnet => subnet.IpVersion == packet.Version).ToList();
        if (subnets.All(subnet => AclOf(subnet) is null))
            return null;
        // Who is in one subnet is in it whatever address it uses.
        if ((subnets is [var only] ? only : subnets.FirstOrDefault(one => one.Cidr.Contains(own))) is not { } subnet)
            return $"{own} is in none of the subnets of {port.Name}";
        return AclOf(subnet) is { } acl && !subnet.Cidr.Contains(other) ? Refuse(acl, direction, packet, other) : null;
    }

    private string? Refuse(NetworkAcl acl, string direction, IpContent packet, IPAddress other)
    {
        var rule = cloud.NetworkAclRules
            .Where(one => one.NetworkAclId == acl.Id && one.Direction == direction && Matches(one, packet, other))
            .MinBy(one => one.Number);
        return rule is null ? $"no {direction} rule of network ACL {acl.Name} is for {packet}"
            : rule.Action == NetworkAclRule.Allow ? null
            : $"{direction} rule {rule.Number} of network ACL {acl.Name} denies {packet}";
    }

    /// <summary>No router forwards what is for a group or for a link-local address.</summary>
    private static bool StaysInNetwork(MacAddress mac, IPAddress target) =>
        target.IsIPv6LinkLocal
        || (mac.IsMulticast
            && (target.IsIPv6Multicast || target.Equals(IPAddress.Broadcast)
                || (target.Version() == 4 && Groups.Contains(target))));

    private NetworkAcl? AclOf(Subnet subnet) =>
        cloud.NetworkAcls.SingleOrDefault(acl => acl.SubnetIds.Contains(subnet.Id));

    private static bool Matches(NetworkAclRule rule, IpContent packet, IPAddress other) =>
        rule.EtherType == (packet.Version == 4 ? NetworkAclRule.Ipv4 : NetworkAclRule.Ipv6)
        && (rule.Protocol is null || IpProtocols.NumberOf(rule.Protocol) == packet.Protocol)
        && IsRange(rule, packet.Transport)
        && (rule.Cidr is null || IPNetwork.Parse(rule.Cidr).Contains(other));

    private static bool IsRange(NetworkAclRule rule, Transport transport) => transport switch
    {
        Segment segment => (rule.PortRangeMin ?? 0) <= segment.TargetPort
            && segment.TargetPort <= (rule.PortRangeMax ?? ushort.MaxValue),
        PortUnreachable error => (rule.IcmpType ?? error.Type) == error.Type
            && (rule.IcmpCode ?? error.Code) == error.Code,
        Icmp icmp => (rule.IcmpType ?? icmp.Type) == icmp.Type && (rule.IcmpCode ?? icmp.Code) == icmp.Code,
        _ => true,
    };
}
