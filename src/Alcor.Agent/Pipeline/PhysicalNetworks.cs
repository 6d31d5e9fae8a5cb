using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Networks that a network outside carries, untagged (flat) or in a VLAN. Outside are machines that nobody told of:
/// what is not known here goes there, and what comes from there is for ports of this host, or ends.
/// </summary>
internal static class PhysicalNetworks
{
    /// <summary>What arrives in the VLAN of a network.</summary>
    public static Flow Enter(Carrier carrier, uint network) => new(Tables.Classify, Priorities.Entry,
        Vlan(Match.Empty.InPort(carrier.Port), carrier.Vlan),
        [
            new Instruction.ApplyActions(
            [
                .. carrier.Vlan == 0 ? [] : new FlowAction[] { new FlowAction.PopVlan() },
                Registers.Load(Registers.Network, network),
                Registers.Load(Registers.Origin, Registers.FromOutside),
            ]),
            new Instruction.GotoTable(Tables.Outside),
        ]);

    /// <summary>What is for an address that nobody here has.</summary>
    public static Flow Forward(Carrier carrier, uint network) => new(Tables.Forward, Priorities.Outside,
        Match.Empty.Register(Registers.Network, network)
            .Register(Registers.Origin, Registers.FromPort, Registers.FromPort),
        [
            new Instruction.ApplyActions([Registers.Load(Registers.TargetPort, carrier.Port)]),
            new Instruction.GotoTable(Tables.UnderlaySource),
        ]);

    /// <summary>In the VLAN of the network; a flat one needs no flow.</summary>
    public static IEnumerable<Flow> Tag(Carrier carrier, uint network) => carrier.Vlan == 0
        ? []
        :
        [
            new(Tables.Underlay, Priorities.Entry, Match.Empty.Register(Registers.Network, network),
                [.. Tag(carrier.Vlan), new FlowAction.OutputRegister(Field.Register(Registers.TargetPort).Whole)]),
        ];

    /// <summary>Puts a packet in a VLAN (IEEE 802.1Q); 0 is none.</summary>
    public static IEnumerable<FlowAction> Tag(ushort vlan) => vlan == 0
        ? []
        : [new FlowAction.PushVlan(), new FlowAction.SetField(Field.VlanVid, (UInt128)(Match.VlanPresent | vlan))];

    private static Match Vlan(Match match, ushort vlan) => vlan == 0 ? match.VlanUntagged() : match.VlanVid(vlan);
}

/// <summary>How a host reaches a network outside.</summary>
/// <param name="Port">The OpenFlow port that leads to the bridge of its physical network.</param>
/// <param name="Vlan">0: untagged.</param>
internal readonly record struct Carrier(uint Port, ushort Vlan);
