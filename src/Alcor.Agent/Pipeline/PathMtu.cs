using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// What is too large for the network that a router leads to: no switch cuts it into pieces, so it goes to the agent,
/// which tells the sender how large it may be (RFC 1191, RFC 8201). Only where a packet may come from a network whose
/// MTU is larger is anything measured.
/// </summary>
internal static class PathMtu
{
    /// <summary>check_pkt_larger counts the header of Ethernet (ovs-actions(7)), without a tag: that is off.</summary>
    private const int EthernetLength = 14;

    /// <summary>The largest MTU that can be measured by.</summary>
    public const ushort Max = ushort.MaxValue - EthernetLength;

    private static readonly Match TooLarge =
        Match.Empty.Register(Registers.Origin, Registers.TooLarge, Registers.TooLarge);

    public static readonly IReadOnlyList<Flow> Always =
    [
        .. new[] { Tables.RouterPorts, Tables.Gateways, Tables.NextHops }.Select(table =>
            new Flow(table, Priorities.TooLarge, TooLarge, FlowAction.ToController()) { Cookie = Cookies.Skeleton }),
    ];

    /// <summary>What the table that comes next hands to the agent, if it is too large.</summary>
    /// <param name="mtu">Null: nothing that comes there is.</param>
    public static IEnumerable<FlowAction> Check(ushort? mtu) => mtu is not { } bytes
        ? []
        :
        [
            new FlowAction.CheckPacketLarger((ushort)(bytes + EthernetLength), Bit(Registers.TooLarge)),
            Registers.Load(Registers.Mtu, bytes),
        ];

    /// <summary>
    /// What is for an address that a router has outside is measured before it is translated: whoever sent it knows it
    /// as it is now.
    /// </summary>
    public static IEnumerable<Flow> Measure(uint network, MacAddress mac, ushort? mtu) => mtu is null
        ? []
        :
        [
            new(Tables.RouterPorts, Priorities.Own,
                Match.Empty.Register(Registers.Network, network)
                    .Register(Registers.Origin, 0, Registers.Measured).EthDst(mac),
                [
                    .. Check(mtu), new FlowAction.Load(Bit(Registers.Measured), 1),
                    new FlowAction.Resubmit(Tables.RouterPorts),
                ]),
        ];

    /// <summary>The MTU that a flow measures packets by; null: it measures none.</summary>
    public static ushort? BoundOf(Flow flow) => flow.Instructions.OfType<Instruction.ApplyActions>()
        .SelectMany(apply => apply.Actions).OfType<FlowAction.CheckPacketLarger>()
        .Select(check => (ushort?)(check.Length - EthernetLength)).FirstOrDefault();

    private static Subfield Bit(uint bit) =>
        Field.Register(Registers.Origin).Bits(System.Numerics.BitOperations.TrailingZeroCount(bit), 1);
}
