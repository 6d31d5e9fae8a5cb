using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 55: what a port sends is marked with a class of service (DSCP, RFC 2474). The mark is that of the packet
/// itself; the one around it in a tunnel keeps its own.
/// </summary>
internal static class Marking
{
    public static IEnumerable<Flow> Of(uint key, byte dscp, ulong cookie) =>
        new[] { EtherTypes.Ipv4, EtherTypes.Ipv6 }.Select(type => new Flow(
            Tables.EgressMarking,
            Priorities.Entry,
            Registers.From(key).EthType(type),
            [
                new Instruction.ApplyActions([new FlowAction.SetField(Field.IpDscp, dscp)]),
                new Instruction.GotoTable(Tables.RouterPorts),
            ]) { Cookie = cookie });
}
