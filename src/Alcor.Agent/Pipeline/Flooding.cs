using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 75: broadcast and multicast. From a port: to the network's other ports here, each of which may refuse it, and
/// one copy for each other host that has a port of it. From a tunnel: to the ports here, never into a tunnel again.
/// </summary>
internal static class Flooding
{
    /// <summary>
    /// Hosts in one flow. 40 bytes each, and a message of OpenFlow has 65,535; a longer list goes on in further flows.
    /// </summary>
    internal const int HostsPerPart = 1_000;

    /// <summary>In table 70: the group bit of the destination leads here (IEEE 802).</summary>
    public static readonly Flow Group = new(Tables.Forward, Priorities.Guard,
        Match.Empty.EthDst(new MacAddress(1UL << 40), new MacAddress(1UL << 40)),
        [new Instruction.GotoTable(Tables.Flood)])
    {
        Cookie = Cookies.Skeleton,
    };

    /// <summary>Table 100 leaves out the port that the packet came from.</summary>
    public static Flow FromOutside(uint network, IEnumerable<uint> keys, ulong cookie) =>
        new(Tables.Flood, Priorities.Entry, From(network, Registers.FromOutside), [.. keys.SelectMany(Deliver)])
        {
            Cookie = cookie,
        };

    /// <param name="tunnel">Null: there is none, and hosts must be empty.</param>
    public static IEnumerable<Flow> FromPort(
        uint network, IEnumerable<uint> keys, IReadOnlyList<IPAddress> hosts, Tunnel? tunnel, ulong cookie)
    {
        var parts = Math.Max(1, (hosts.Count + HostsPerPart - 1) / HostsPerPart);
        for (var part = 0; part < parts; part++)
        {
            var actions = new List<FlowAction>();
            if (part == 0)
                actions.AddRange(keys.SelectMany(Deliver));
            if (tunnel is { } way && hosts.Count > 0)
            {
                actions.Add(new FlowAction.SetField(Field.TunnelId, way.Vni));
                foreach (var host in hosts.Skip(part * HostsPerPart).Take(HostsPerPart))
                {
                    actions.Add(Forwarding.TunnelTo(host));
                    actions.Add(new FlowAction.Output(way.Port));
                }
            }
            if (part + 1 < parts)
            {
                actions.Add(Registers.Load(Registers.FloodPart, (uint)part + 1));
                actions.Add(new FlowAction.Resubmit(Tables.Flood));
            }
            var match = From(network, Registers.FromPort).Register(Registers.FloodPart, (uint)part);
            yield return new(Tables.Flood, Priorities.Entry, match, [.. actions]) { Cookie = cookie };
        }
    }

    /// <summary>In a network outside: to the other ports here, and once outside.</summary>
    public static Flow FromPort(uint network, IEnumerable<uint> keys, Carrier carrier) =>
        new(Tables.Flood, Priorities.Entry, From(network, Registers.FromPort),
        [
            .. keys.SelectMany(Deliver),
            Registers.Load(Registers.TargetPort, carrier.Port),
            new FlowAction.Resubmit(Tables.UnderlaySource),
        ]);

    private static Match From(uint network, uint origin) =>
        Match.Empty.Register(Registers.Network, network).Register(Registers.Origin, origin);

    private static FlowAction[] Deliver(uint key) =>
        [Registers.Load(Registers.TargetPort, key), new FlowAction.Resubmit(Tables.IngressConntrack)];
}
