using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Network;
using Alcor.Network.Ports;
using Alcor.Network.SecurityGroups;

namespace Alcor.Reachability.Tests;

/// <summary>
/// What the security groups of a port let through, as the Networking API says: what no rule allows is denied. Groups
/// are all stateful or all stateless on one port.
/// </summary>
internal sealed class GroupPolicy(Cloud cloud)
{
    /// <summary>Null: the packet passes, and <paramref name="history"/> knows of it.</summary>
    /// <param name="direction">Seen from the port.</param>
    public string? Refuse(Port port, string direction, IpContent packet, ref Conversations history)
    {
        if (port.IsUnprotected)
            return null;
        var groups = port.SecurityGroups.OrEmpty();
        if (groups.IsEmpty)
            return $"{port.Name} is in no security group, so {direction} is denied";
        if (groups.Any(id => !Group(id).Stateful))
            return RefuseByRules(port, direction, packet);
        switch (history.PhaseOf(port.Id, packet))
        {
            case Phase.Stray:
                return $"{port.Name} has no conversation that this belongs to";
            case Phase.Related:
                // Nobody could have written a rule for it.
                return null;
            case Phase.Crossing:
                return Verdict.Unclear;
            case Phase.Reply:
                history = history.WithReply(port.Id, packet);
                // A conversation is allowed as long as what began it would be, also after the rules have changed.
                var reason = RefuseByRules(port, Opposite(direction), Conversations.Opposite(packet)!);
                return reason is null ? null : $"a reply to what is not allowed any more: {reason}";
            default:
                if (RefuseByRules(port, direction, packet) is { } refusal)
                    return refusal;
                history = history.With(port.Id, packet);
                return null;
        }
    }

    private string? RefuseByRules(Port port, string direction, IpContent packet)
    {
        var groups = port.SecurityGroups.OrEmpty();
        return cloud.Rules.Any(rule => groups.Contains(rule.SecurityGroupId) && Allows(rule, direction, packet))
            ? null
            : $"no {direction} rule of {string.Join(", ", groups.Select(id => Group(id).Name))} of {port.Name} "
                + $"allows {packet}";
    }

    private bool Allows(SecurityGroupRule rule, string direction, IpContent packet) =>
        rule.Direction == direction
        && rule.EtherType == (packet.Version == 4 ? SecurityGroupRule.Ipv4 : SecurityGroupRule.Ipv6)
        && IsProtocol(rule, packet)
        && IsRange(rule, packet.Transport)
        && IsRemote(rule, direction == SecurityGroupRule.Ingress ? packet.Source : packet.Target);

    private static bool IsProtocol(SecurityGroupRule rule, IpContent packet) =>
        rule.Protocol is null || IpProtocols.NumberOf(rule.Protocol) == packet.Protocol;

    private static bool IsRange(SecurityGroupRule rule, Transport transport) => transport switch
    {
        Segment segment => Between(rule.PortRangeMin, segment.TargetPort, rule.PortRangeMax),
        PortUnreachable error => (rule.PortRangeMin ?? error.Type) == error.Type
            && (rule.PortRangeMax ?? error.Code) == error.Code,
        Icmp icmp => (rule.PortRangeMin ?? icmp.Type) == icmp.Type && (rule.PortRangeMax ?? icmp.Code) == icmp.Code,
        _ => rule.PortRangeMin is null && rule.PortRangeMax is null,
    };

    private static bool Between(int? first, int number, int? last) =>
        (first ?? 0) <= number && number <= (last ?? ushort.MaxValue);

    private bool IsRemote(SecurityGroupRule rule, IPAddress remote)
    {
        if (rule.RemoteIpPrefix is { } text)
            return AddressPrefix.TryParse(text, out var prefix) && prefix.Network.Contains(remote);
        if (rule.RemoteGroupId is { } group)
        {
            return cloud.Ports.Where(port => port.SecurityGroups.OrEmpty().Contains(group))
                .SelectMany(Cloud.AddressesOf)
                .Any(block => block.Contains(remote));
        }
        return rule.RemoteAddressGroupId is not { } addresses
            || cloud.AddressGroups.Single(one => one.Id == addresses).Addresses.Any(block => block.Contains(remote));
    }

    private SecurityGroup Group(string id) => cloud.SecurityGroups.Single(group => group.Id == id);

    private static string Opposite(string direction) =>
        direction == SecurityGroupRule.Ingress ? SecurityGroupRule.Egress : SecurityGroupRule.Ingress;
}
