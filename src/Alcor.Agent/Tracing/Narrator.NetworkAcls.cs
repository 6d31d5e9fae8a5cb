using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tracing;

internal sealed partial class Narrator
{
    private string? OfNoSubnet(Scene scene)
    {
        if (!scene.IsDrop)
            return null;
        var isEgress = scene.Visit.Table == Tables.EgressNetworkAcl;
        var address = isEgress ? TracedPacket.SourceOf(scene.Packet) : TracedPacket.DestinationOf(scene.Packet);
        return $"{address} is in none of the subnets of {Bounded(scene, isEgress)}, which have network ACLs: dropped";
    }

    private string? DecidedByAcl(Scene scene)
    {
        var isEgress = scene.Visit.Table == Tables.EgressNetworkAclRules;
        var id = IdOf(scene.Visit.State[Field.DoubleExtendedRegister(Registers.NetworkAcl)]);
        var who = Bounded(scene, isEgress);
        var (acl, way) = (names.Of("network ACL", id), isEgress ? "leave" : "enter");
        if (scene.Owner is { } owner
            && scene.Host.State.Find<NetworkAclRuleValue>(EntryKind.NetworkAclRule, owner.Key.Id) is { } rule)
        {
            var text = names.Hides(owner.Key.Id) ? "a rule" : $"rule {rule.Number} ({Describe(rule)})";
            return rule.IsAllow
                ? $"{text} of {acl} lets it {way} the subnet of {who}"
                : $"{text} of {acl} does not let it {way} the subnet of {who}: dropped";
        }
        var packet = TracedPacket.DescribeFor(scene.Packet, isEgress ? View.Egress : View.Ingress);
        var missing = scene.Host.State.Find<NetworkAclValue>(EntryKind.NetworkAcl, id) is null
            ? ", which is not known on this host"
            : "";
        return $"no rule of {acl}{missing} lets {packet} {way} the subnet of {who}: dropped";
    }

    private string Bounded(Scene scene, bool isEgress) =>
        scene.PortIn(isEgress ? Registers.SourcePort : Registers.TargetPort) is { } port
            ? names.Of("port", port)
            : "the port";

    private static string Describe(NetworkAclRuleValue rule)
    {
        var action = rule.IsAllow ? "allow" : "deny";
        var traffic = Describe(rule.IsEgress, rule.IsIpv6, rule.Protocol, rule.Ports, rule.Icmp);
        return $"{action} {traffic} {rule.Cidr?.ToString() ?? "anywhere"}";
    }
}
