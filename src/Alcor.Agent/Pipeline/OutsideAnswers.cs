using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 15: ARP and neighbour discovery with machines outside, for the addresses that routers have there. Only the
/// host that has an address answers for it, and it hears the answers to its own questions.
/// </summary>
internal static class OutsideAnswers
{
    private const ushort Reply = 2;

    /// <summary>An address outside that is here.</summary>
    public static IEnumerable<Flow> Has(uint network, Carrier carrier, IPAddress address, MacAddress mac)
    {
        var here = Match.Empty.Register(Registers.Network, network);
        if (address.Alone().IsIpv4())
        {
            yield return ArpResponder.AnswerOutside(here, Ipv4Address.From(address), mac, carrier.Vlan);
            // A machine of that network that is on this host asks here.
            yield return ArpResponder.Answer(here, Ipv4Address.From(address), mac);
            yield return Hear(here.ArpTarget(address.Alone()).ArpOp(Reply));
        }
        else
        {
            yield return NeighborDiscovery.AnswerOutside(here, address, mac, carrier.Port);
            yield return NeighborDiscovery.Answer(here, address, mac, NeighborDiscovery.OfRouter);
            yield return Hear(here.Icmpv6(Ipv6IcmpTypes.NeighborAdvertisement).IpDestination(address.Alone()));
        }
        yield return Routing.BackFromOutside(network, address, mac);
    }

    private static Flow Hear(Match answer) =>
        new(Tables.Outside, Priorities.Entry, answer, FlowAction.ToController());
}
