using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 50 and 90: which network ACL is asked for what leaves and enters a port. It bounds a subnet: who speaks with
/// an address of his own subnet is not asked, nor who addresses a group or a link-local address, which no router
/// forwards (RFC 1112, RFC 4291 section 2.5.6), nor neighbour discovery. Only what a packet is for excuses it; where
/// it says it comes from does not.
/// </summary>
internal static class NetworkAcls
{
    /// <summary>What is not asked of any ACL.</summary>
    public static readonly IReadOnlyList<Flow> Always = [.. Exempt(Egress), .. Exempt(Ingress)];

    private static Side Egress => new(
        Tables.EgressNetworkAcl, Tables.EgressNetworkAclRules, Tables.EgressMarking, IsEgress: true);

    private static Side Ingress => new(
        Tables.IngressNetworkAcl, Tables.IngressNetworkAclRules, Tables.IngressLimits, IsEgress: false);

    /// <summary>What a port asks that has addresses in these subnets of one network; nothing, if none has an
    /// ACL.</summary>
    public static IEnumerable<Flow> Ask(uint key, IEnumerable<SubnetBoundary> subnets, ulong cookie) => subnets
        .GroupBy(subnet => subnet.IsIpv6)
        .Select(version => version.ToList())
        .Where(version => version.Any(subnet => subnet.Acl is not null || subnet.Cidr is null))
        .SelectMany(version => Ask(Egress, key, version).Concat(Ask(Ingress, key, version)))
        .Select(flow => flow with { Cookie = cookie });

    private static IEnumerable<Flow> Ask(Side side, uint key, List<SubnetBoundary> subnets)
    {
        var port = side.IsEgress ? Registers.From(key) : Registers.To(key);
        if (subnets is [{ Cidr: { } only, Acl: { } acl }])
        {
            // Whatever address the machine uses, it is behind this ACL.
            yield return Pass(side, side.Theirs(port, only), Priorities.Own);
            yield return Ask(side, port.IpAny(only.IsIpv4()), acl);
            yield break;
        }
        foreach (var subnet in subnets)
        {
            if (subnet.Cidr is not { } cidr)
                continue;
            var own = side.Own(port, cidr);
            if (subnet.Acl is not { } its)
            {
                yield return Pass(side, own, Priorities.Entry);
                continue;
            }
            yield return Pass(side, side.Theirs(own, cidr), Priorities.Own);
            yield return Ask(side, own, its);
        }
        // An address of none of them is behind none of the ACLs: it must not be a way around all of them.
        yield return new(side.Table, Priorities.Guard, port.IpAny(!subnets[0].IsIpv6));
    }

    private static IEnumerable<Flow> Exempt(Side side)
    {
        var toMany = Match.Empty.EthDst(new MacAddress(1UL << 40), new MacAddress(1UL << 40));
        return new[]
        {
            toMany.IpDestination(IPNetwork.Parse("224.0.0.0/4")),
            toMany.IpDestination(IPAddress.Broadcast.Alone()),
            toMany.IpDestination(IPNetwork.Parse("ff00::/8")),
            Match.Empty.IpDestination(IPNetwork.Parse("fe80::/10")),
            // None that a router has forwarded (RFC 4861 section 7.1).
            Match.Empty.Icmpv6(Ipv6IcmpTypes.NeighborSolicitation).IpTtl(byte.MaxValue),
            Match.Empty.Icmpv6(Ipv6IcmpTypes.NeighborAdvertisement).IpTtl(byte.MaxValue),
        }.Select(match => Pass(side, match, Priorities.Forbidden) with { Cookie = Cookies.Skeleton });
    }

    private static Flow Pass(Side side, Match match, ushort priority) =>
        new(side.Table, priority, match, [new Instruction.GotoTable(side.Next)]);

    private static Flow Ask(Side side, Match match, Guid acl) => new(side.Table, Priorities.Entry, match,
    [
        new Instruction.ApplyActions(
            [new FlowAction.SetField(Field.DoubleExtendedRegister(Registers.NetworkAcl), SecurityGroups.Number(acl))]),
        new Instruction.GotoTable(side.Rules),
    ]);

    /// <param name="Rules">The table of the rules.</param>
    /// <param name="Next">Where a packet goes that may pass.</param>
    private readonly record struct Side(byte Table, byte Rules, byte Next, bool IsEgress)
    {
        /// <summary>The port's address in the packet is in a subnet.</summary>
        public Match Own(Match match, IPNetwork cidr) =>
            IsEgress ? match.IpSource(cidr) : match.IpDestination(cidr);

        /// <summary>The other end's address is in a subnet.</summary>
        public Match Theirs(Match match, IPNetwork cidr) =>
            IsEgress ? match.IpDestination(cidr) : match.IpSource(cidr);
    }
}

/// <summary>A subnet that a port has an address in.</summary>
/// <param name="Cidr">Null: the subnet is not known yet, nor whether it has an ACL.</param>
/// <param name="Acl">Null: everything may enter and leave it.</param>
internal readonly record struct SubnetBoundary(Guid SubnetId, bool IsIpv6, IPNetwork? Cidr, Guid? Acl);
