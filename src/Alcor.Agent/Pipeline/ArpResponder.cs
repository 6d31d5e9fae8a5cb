using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 20: the switch answers ARP for every neighbour it knows (RFC 826), so that ARP is never flooded. All other
/// ARP of a machine ends here: questions for unknown addresses, and replies, which nobody has asked for.
/// </summary>
internal static class ArpResponder
{
    private const ushort Request = 1;
    private const ushort Reply = 2;

    /// <summary>
    /// The owner of an address who asks for it is probing or announcing (RFC 5227): an answer would tell it that
    /// somebody else has the address, and silence that nobody has.
    /// </summary>
    /// <param name="isOutside">The port's network is a physical one, where others may have something to say.</param>
    public static Flow OwnAddress(uint key, Ipv4Address address, bool isOutside) =>
        new(Tables.Arp, Priorities.Own, Question(Registers.From(key), address),
            isOutside ? [new Instruction.GotoTable(Tables.Forward)] : []);

    /// <summary>Answers for a neighbour, to every port of its network.</summary>
    public static Flow Answer(Match network, Ipv4Address address, MacAddress mac) =>
        Answer(Question(network, address), Priorities.Entry, address, mac);

    /// <summary>
    /// Answers for the DHCP server of a port, whom a client asks directly to renew its lease (RFC 2131 section 4.4.5),
    /// unless a neighbour has the address, or may have it.
    /// </summary>
    public static Flow DhcpServer(uint key, Ipv4Address address, ulong cookie)
    {
        var question = Question(Registers.From(key), address);
        return Answer(question, Priorities.StandIn, address, Dhcp.DhcpResponder.ServerMac) with { Cookie = cookie };
    }

    /// <summary>
    /// Of an allowed address pair it is not known which of the ports that may answer for it does: it is asked for, and
    /// announced, in the network itself, unless a neighbour has it.
    /// </summary>
    public static IEnumerable<Flow> Shared(uint network, IPNetwork cidr)
    {
        var match = Match.Empty.Register(Registers.Network, network);
        return new[] { match.ArpTarget(cidr), match.ArpSource(cidr) }.Select(arp =>
            new Flow(Tables.Arp, Priorities.Shared, arp, [new Instruction.GotoTable(Tables.Forward)]));
    }

    /// <summary>Outside, there are others who answer, and who want to hear it.</summary>
    public static Flow Lenient(uint network) => new(Tables.Arp, Priorities.Lenient,
        Match.Empty.Register(Registers.Network, network).EthType(EtherTypes.Arp),
        [new Instruction.GotoTable(Tables.Forward)]);

    /// <summary>Answers who asks from outside, in the VLAN that the question came in.</summary>
    public static Flow AnswerOutside(Match network, Ipv4Address address, MacAddress mac, ushort vlan) =>
        new(Tables.Outside, Priorities.Entry, Question(network, address),
            [.. Turn(address, mac), .. PhysicalNetworks.Tag(vlan), new FlowAction.Output(Ports.InPort)]);

    /// <summary>Gives the answer to the port that asked.</summary>
    private static Flow Answer(Match question, ushort priority, Ipv4Address address, MacAddress mac) =>
        new(Tables.Arp, priority, question,
        [
            new Instruction.ApplyActions([.. Turn(address, mac), .. Registers.Return]),
            new Instruction.GotoTable(Tables.Output),
        ]);

    /// <summary>Turns the question into its answer.</summary>
    private static IEnumerable<FlowAction> Turn(Ipv4Address address, MacAddress mac) =>
        [
            new FlowAction.Move(Field.EthSrc.Whole, Field.EthDst.Whole),
            new FlowAction.SetField(Field.EthSrc, mac),
            new FlowAction.Load(Field.ArpOp.Whole, Reply),
            new FlowAction.Move(Field.ArpSha.Whole, Field.ArpTha.Whole),
            new FlowAction.Move(Field.ArpSpa.Whole, Field.ArpTpa.Whole),
            new FlowAction.SetField(Field.ArpSha, mac),
            new FlowAction.SetField(Field.ArpSpa, address),
        ];

    private static Match Question(Match from, Ipv4Address address) =>
        from.EthType(EtherTypes.Arp).ArpOp(Request).ArpTargetProtocolAddress(address);
}
