using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 15: ARP with machines outside, for the addresses that routers have there. Only the host that has an address
/// answers for it, and it hears the answers to its own questions.
/// </summary>
internal static class OutsideArp
{
    private const ushort Reply = 2;

    /// <summary>An address outside that is here.</summary>
    public static IEnumerable<Flow> Has(uint network, Carrier carrier, IPAddress address, MacAddress mac)
    {
        var here = Match.Empty.Register(Registers.Network, network);
        yield return ArpResponder.AnswerOutside(here, Ipv4Address.From(address), mac, carrier.Vlan);
        // A machine of that network that is on this host asks here.
        yield return ArpResponder.Answer(here, Ipv4Address.From(address), mac);
        yield return new(Tables.Outside, Priorities.Entry, here.ArpTarget(address.Alone()).ArpOp(Reply),
            FlowAction.ToController());
        yield return Routing.NextRouter(network, address, mac);
    }
}
