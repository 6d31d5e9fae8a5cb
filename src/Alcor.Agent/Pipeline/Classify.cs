using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 0: the only door. A packet enters a network through a port of it, or through the tunnel of its encapsulation
/// under its segmentation id; whatever else arrives is dropped.
/// </summary>
internal static class Classify
{
    /// <param name="next">The table that looks at it first.</param>
    public static Flow FromPort(Attachment port, uint network, byte next, ulong cookie)
    {
        var from = Match.Empty.InPort(port.OpenFlowPort);
        var isSubPort = port.Vlan != 0;
        var flow = Enter(isSubPort ? from.VlanVid(port.Vlan) : from, next, cookie,
            [
                .. isSubPort ? [new FlowAction.PopVlan()] : Array.Empty<FlowAction>(),
                Registers.Load(Registers.Network, network),
                Registers.Load(Registers.Origin, Registers.FromPort),
                Registers.Load(Registers.SourcePort, port.Key),
            ]);
        return isSubPort ? flow with { Priority = Priorities.Own } : flow;
    }

    /// <summary>The key of the port of which a flow says what comes from it; null: it is another flow.</summary>
    public static uint? PortOf(Flow flow) => flow.Table != Tables.Classify ? null : flow.Instructions
        .OfType<Instruction.ApplyActions>().SelectMany(apply => apply.Actions).OfType<FlowAction.Load>()
        .Where(load => load.Target == Field.Register(Registers.SourcePort).Whole)
        .Select(load => (uint?)load.Value).FirstOrDefault();

    /// <summary>What arrives has been through those tables at the other host.</summary>
    public static Flow FromTunnel(Tunnel tunnel, uint network, ulong cookie) =>
        Enter(Match.Empty.InPort(tunnel.Port).TunnelId(tunnel.Vni), Tables.Forward, cookie,
            Registers.Load(Registers.Network, network),
            Registers.Load(Registers.Origin, Registers.FromOutside));

    /// <summary>What arrives and is another packet from here on.</summary>
    public static Flow FromTunnel(Tunnel tunnel, uint network, Match which, FlowAction change)
    {
        var flow = Enter(which.InPort(tunnel.Port).TunnelId(tunnel.Vni), Tables.Forward, cookie: 0,
            change,
            Registers.Load(Registers.Network, network),
            Registers.Load(Registers.Origin, Registers.FromOutside));
        return flow with { Priority = Priorities.Local };
    }

    private static Flow Enter(Match match, byte next, ulong cookie, params ReadOnlySpan<FlowAction> actions) =>
        new(Tables.Classify, Priorities.Entry, match,
            [new Instruction.ApplyActions(ValueList.Create(actions)), new Instruction.GotoTable(next)])
        {
            Cookie = cookie,
        };
}
