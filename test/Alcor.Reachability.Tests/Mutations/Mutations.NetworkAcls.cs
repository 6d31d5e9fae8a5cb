using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using static Alcor.Reachability.Tests.Mutation;

namespace Alcor.Reachability.Tests;

/// <content>Network ACLs: who asks them, and what they say.</content>
internal static partial class Mutations
{
    private static IEnumerable<Mutation> OfNetworkAcls =>
    [
        Without("no network ACL is asked for what leaves", flow => AsksAcl(flow, Tables.EgressNetworkAcl)),
        Without("no network ACL is asked for what enters", flow => AsksAcl(flow, Tables.IngressNetworkAcl)),
        Without("network ACLs are asked inside a subnet, for what leaves", flow => flow is
            { Table: Tables.EgressNetworkAcl, Priority: 200 }),
        Without("network ACLs are asked inside a subnet, for what enters", flow => flow is
            { Table: Tables.IngressNetworkAcl, Priority: 200 }),
        Without("network ACLs are asked for what is for many", flow => flow is
            { Table: Tables.EgressNetworkAcl or Tables.IngressNetworkAcl, Priority: 300 }),
        Without("an address of no subnet of the sender leaves", flow => flow is
            { Table: Tables.EgressNetworkAcl, Priority: 50 }),
        Without("an address of no subnet of the receiver enters", flow => flow is
            { Table: Tables.IngressNetworkAcl, Priority: 50 }),
        OfFlow("the highest number decides, for what leaves", AclRules[0], Turned),
        OfFlow("the highest number decides, for what enters", AclRules[1], Turned),
        OfFlow("what no rule of a network ACL is for leaves", AclRules[0], flow => Passed(flow, Tables.EgressMarking)),
        OfFlow("what no rule of a network ACL is for enters", AclRules[1], flow => Passed(flow, Tables.IngressLimits)),
        Without("rules of network ACLs that deny do nothing", flow =>
            AclRules.Contains(flow.Table) && flow is { Priority: > 0, Instructions.Count: 0 }),
        Unasked("a rule of one network ACL is of all, for what leaves", AclRules[0], AclId),
        Unasked("a rule of one network ACL is of all, for what enters", AclRules[1], AclId),
        Unasked("the other end does not count for network ACLs, going out", AclRules[0], Field.Ipv4Dst, Field.Ipv6Dst),
        Unasked("the other end does not count for network ACLs, coming in", AclRules[1], Field.Ipv4Src, Field.Ipv6Src),
        OfAclRules("ports do not count for network ACLs", flow => Blind(flow, Field.TcpDst, Field.UdpDst)),
        OfAclRules("a port range of a network ACL is cut at a power of two",
            flow => Widened(Widened(flow, Field.TcpDst), Field.UdpDst)),
        OfAclRules("types of ICMP do not count for network ACLs",
            flow => Blind(flow, Field.Icmpv4Type, Field.Icmpv4Code, Field.Icmpv6Type, Field.Icmpv6Code)),
        OfValue("no subnet has a network ACL", EntryKind.Subnet, SubnetEntry.Parser,
            subnet => subnet.NetworkAcl = Google.Protobuf.ByteString.Empty),
        OfValue("rules of network ACLs are for what enters", EntryKind.NetworkAclRule, NetworkAclRuleEntry.Parser,
            rule => rule.Egress = false),
        OfValue("rules of network ACLs allow", EntryKind.NetworkAclRule, NetworkAclRuleEntry.Parser,
            rule => rule.Allow = true),
        Lasting("a rule that was removed from a network ACL still counts", EntryKind.NetworkAclRule),
    ];

    private static byte[] AclRules => [Tables.EgressNetworkAclRules, Tables.IngressNetworkAclRules];

    private static Field[] AclId => [.. Enumerable.Range(8, 4).Select(Field.Register)];

    /// <summary>In both directions: what a rule is for is the same in either.</summary>
    private static Mutation OfAclRules(string name, Func<Flow, Flow> change) => new(name)
    {
        OfFlows = flows => flows.Select(flow => AclRules.Contains(flow.Table) ? change(flow) : flow),
    };

    private static Flow Blind(Flow flow, params Field[] fields) =>
        flow with { Match = Filtered(flow.Match, demand => !fields.Contains(demand.Field)) };

    private static bool AsksAcl(Flow flow, byte table) => flow.Table == table
        && flow.Instructions.Any(one => one is Instruction.GotoTable next && AclRules.Contains(next.Table));

    private static Flow Turned(Flow flow) => flow.Priority == 0
        ? flow
        : flow with { Priority = (ushort)(32_767 - flow.Priority) };
}
