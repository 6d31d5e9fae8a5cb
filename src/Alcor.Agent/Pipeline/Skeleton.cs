using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// The flows that tie the tables together. What a table does with a packet that no entry takes is said by a flow in
/// each, since a switch's own default differs between versions of the protocol.
/// </summary>
internal static class Skeleton
{
    /// <summary>Installed after all others: where it is missing, the switch has lost what it was told.</summary>
    public static readonly Flow Sentinel =
        new(Tables.Sentinel, Priorities.Miss, Match.Empty) { Cookie = Cookies.Sentinel };

    public static readonly IReadOnlyList<Flow> Flows =
    [
        Miss(Tables.Classify),
        Miss(Tables.Arp, new Instruction.GotoTable(Tables.Dhcp)),
        new(Tables.Arp, Priorities.Guard, Match.Empty.EthType(ArpResponder.EthType)) { Cookie = Cookies.Skeleton },
        Miss(Tables.Dhcp, new Instruction.GotoTable(Tables.Forward)),
        new(Tables.Dhcp, Priorities.Guard, DhcpPunt.FromClient) { Cookie = Cookies.Skeleton },
        Miss(Tables.Forward),
        Flooding.Group,
        Miss(Tables.Flood),
        Sentinel,
    ];

    private static Flow Miss(byte table, params ReadOnlySpan<Instruction> instructions) =>
        new(table, Priorities.Miss, Match.Empty, ValueList.Create(instructions)) { Cookie = Cookies.Skeleton };
}
