using System.Net;
using System.Net.Sockets;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 70: a known destination address goes to its port, if that may receive it, or into the tunnel to its host; an
/// unknown one is dropped.
/// Only what came from a port of this host goes into a tunnel, so no packet is sent on from host to host.
/// </summary>
internal static class Forwarding
{
    public static Flow Local(uint network, MacAddress mac, uint key, ulong cookie) =>
        new(Tables.Forward, Priorities.Local, Match.Empty.Register(Registers.Network, network).EthDst(mac),
            [
                new Instruction.ApplyActions([Registers.Load(Registers.TargetPort, key)]),
                new Instruction.GotoTable(Tables.IngressConntrack),
            ])
        {
            Cookie = cookie,
        };

    /// <summary>
    /// A MAC address of an allowed address pair: which of the ports that may have it does, only they know.
    /// </summary>
    public static Flow Shared(uint network, MacAddress mac) =>
        new(Tables.Forward, Priorities.Shared, Match.Empty.Register(Registers.Network, network).EthDst(mac),
            [new Instruction.GotoTable(Tables.Flood)]);

    public static Flow Remote(uint network, MacAddress mac, IPAddress host, Tunnel tunnel, ulong cookie) =>
        new(Tables.Forward, Priorities.Entry,
            Match.Empty.Register(Registers.Network, network)
                .Register(Registers.Origin, Registers.FromPort, Registers.FromPort).EthDst(mac),
            [
                new Instruction.ApplyActions(
                [
                    new FlowAction.SetField(Field.TunnelId, tunnel.Vni),
                    TunnelTo(host),
                    Registers.Load(Registers.TargetPort, tunnel.Port),
                ]),
                new Instruction.GotoTable(Tables.UnderlaySource),
            ])
        {
            Cookie = cookie,
        };

    public static FlowAction TunnelTo(IPAddress host) =>
        host.AddressFamily == AddressFamily.InterNetwork
            ? new FlowAction.SetField(Field.TunnelDestination, Ipv4Address.From(host))
            : new FlowAction.SetField(Field.TunnelIpv6Destination, Ipv6Address.From(host));
}
