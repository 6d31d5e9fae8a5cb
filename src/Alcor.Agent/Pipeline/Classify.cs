using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 0: the only door. A packet enters a network through a port of it, or through the tunnel of its encapsulation
/// under its segmentation id; whatever else arrives is dropped.
/// </summary>
internal static class Classify
{
    /// <param name="next">The table that looks at it first.</param>
    public static Flow FromPort(uint port, uint network, byte next, ulong cookie) =>
        Enter(Match.Empty.InPort(port), next, cookie,
            Registers.Load(Registers.Network, network),
            Registers.Load(Registers.Origin, Registers.FromPort),
            Registers.Load(Registers.SourcePort, port));

    /// <summary>The port of which a flow says whose it is; null: it is another flow.</summary>
    public static uint? PortOf(Flow flow) =>
        flow.Table == Tables.Classify && flow.Match is [{ Field: var field, Value: var port }] && field == Field.InPort
            ? (uint)port
            : null;

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
