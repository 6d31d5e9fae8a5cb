using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 0: the only door. A packet enters a network through a port of it, or through the tunnel under its segmentation
/// id; whatever else arrives is dropped.
/// </summary>
internal static class Classify
{
    /// <summary>What a machine sends passes the tables that answer it before it is forwarded.</summary>
    public static Flow FromPort(uint port, uint network, ulong cookie) =>
        Enter(Match.Empty.InPort(port), network, Registers.FromPort, Tables.Arp, cookie);

    /// <summary>What arrives has been through those tables at the other host.</summary>
    public static Flow FromTunnel(uint tunnelPort, uint network, ulong cookie) =>
        Enter(Match.Empty.InPort(tunnelPort).TunnelId(network), network, Registers.FromTunnel, Tables.Forward, cookie);

    private static Flow Enter(Match match, uint network, uint origin, byte next, ulong cookie) =>
        new(Tables.Classify, Priorities.Entry, match,
        [
            new Instruction.ApplyActions(
                [Registers.Load(Registers.Network, network), Registers.Load(Registers.Origin, origin)]),
            new Instruction.GotoTable(next),
        ])
        {
            Cookie = cookie,
        };
}
