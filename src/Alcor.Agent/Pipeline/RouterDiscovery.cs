using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 25: a machine that asks for routers (RFC 4861 section 4.1) asks the agent, which answers for those that
/// advertise themselves. Where none does, the question goes on into the network: a machine may be a router.
/// </summary>
internal static class RouterDiscovery
{
    public static Flow Punt(uint key, ulong cookie) =>
        new(Tables.NeighborDiscovery, Priorities.Entry,
            Registers.From(key).Icmpv6(Ipv6IcmpTypes.RouterSolicitation), FlowAction.ToController())
        {
            Cookie = cookie,
        };
}
