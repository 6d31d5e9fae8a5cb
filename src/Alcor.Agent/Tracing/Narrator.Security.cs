using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Protocol.V1;
using IcmpKind = Alcor.Agent.Desired.IcmpKind;
using PortRange = Alcor.Agent.Desired.PortRange;

namespace Alcor.Agent.Tracing;

internal sealed partial class Narrator
{
    /// <summary>What connection tracking and the groups of a port said.</summary>
    private string? Judged(Scene scene, bool isEgress)
    {
        if (scene.PortIn(isEgress ? Registers.SourcePort : Registers.TargetPort) is not { } port)
            return scene.IsDrop ? "it is for a port that is not here: dropped" : null;
        var way = isEgress ? "leave" : "enter";
        var who = names.Of("port", port);
        var value = scene.Host.State.Find<PortValue>(EntryKind.Port, port)!;
        switch (scene.Visit.Table)
        {
            case Tables.EgressConntrack or Tables.IngressConntrack:
                if (scene.IsDrop)
                    return $"only IP may {way} {who}: dropped";
                return value.IsUnprotected && scene.Owner is not null
                    ? $"port security of {who} is not enabled: everything may {way} it"
                    : null;
            case Tables.EgressDirection or Tables.IngressDirection:
                if (scene.IsDrop)
                    return $"it fits no connection of {who}: dropped";
                return scene.Visit.Flow!.Priority == Priorities.Own
                    ? $"tells of a connection of {who}, and so may {way} it"
                    : null;
            default:
                return scene.IsDrop ? Denied(scene, port, value, way) : null;
        }
    }

    private string Denied(Scene scene, Guid port, PortValue value, string way)
    {
        var who = names.Of("port", port);
        if (value.SecurityGroups.Count == 0)
            return $"{who} is in no security group, so nothing may {way} it: dropped";
        var groups = string.Join(", ", value.SecurityGroups.Select(group => names.Of("security group", group)));
        var missing = value.SecurityGroups
            .Where(group => scene.Host.State.Find<SecurityGroupValue>(EntryKind.SecurityGroup, group) is null)
            .Select(group => $"; {names.Of("security group", group)} is not known on this host");
        var answers = scene.View.IsReply() ? ", nor the connection that it answers" : "";
        return $"no rule of {groups} lets {TracedPacket.DescribeFor(scene.Packet, scene.View)} {way} {who}{answers}"
            + $"{string.Concat(missing)}: dropped";
    }

    /// <summary>Only rules that allow have flows.</summary>
    private string? AllowedBy(Scene scene)
    {
        if (scene.Owner is not { } owner
            || scene.Host.State.Find<SecurityGroupRuleValue>(EntryKind.SecurityGroupRule, owner.Key.Id) is not { } rule
            || Rendering.Partitions.SecurityGroupOf(owner) is not { } group)
        {
            return null;
        }
        var isEgress = scene.View is View.Egress or View.IngressReply;
        var port = scene.PortIn(isEgress ? Registers.SourcePort : Registers.TargetPort);
        var text = names.Hides(owner.Key.Id) ? "a rule" : $"rule {owner.Key.Id:D} ({Describe(rule)})";
        var answer = scene.View.IsReply() ? ", as the answer to what it let " + (isEgress ? "enter" : "leave") : "";
        return $"{text} of {names.Of("security group", group)} lets it {(isEgress ? "leave" : "enter")} "
            + $"{(port is { } id ? names.Of("port", id) : "the port")}{answer}";
    }

    private string Describe(SecurityGroupRuleValue rule)
    {
        var traffic = Describe(rule.IsEgress, rule.IsIpv6, rule.Protocol, rule.Ports, rule.Icmp);
        var remote = rule.RemoteCidr?.ToString()
            ?? (rule.RemoteSet is { } set ? names.Of("group", set) : "anywhere");
        return $"{traffic} {remote}";
    }

    /// <summary>What a rule is for, up to where the other end is.</summary>
    private static string Describe(bool isEgress, bool isIpv6, byte? protocol, PortRange? ports, IcmpKind? icmp)
    {
        var name = protocol is { } number ? $" {TracedPacket.ProtocolName(number)}" : "";
        var range = ports is { } both
            ? both.First == both.Last ? $" {both.First}" : $" {both.First}-{both.Last}"
            : "";
        var type = icmp is { } kind ? $" type {kind.Type}{(kind.Code is { } code ? $" code {code}" : "")}" : "";
        return $"{(isEgress ? "egress" : "ingress")} {(isIpv6 ? "IPv6" : "IPv4")}{name}{range}{type} "
            + (isEgress ? "to" : "from");
    }
}
