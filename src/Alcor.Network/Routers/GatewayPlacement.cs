using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Alcor.Kernel.Resources;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;

namespace Alcor.Network.Routers;

/// <summary>
/// Chooses the host that has the gateway of a router: one that has the physical network of the external network and
/// whose agent is alive, in a zone that the router is wished to be in if any is named.
/// </summary>
/// <remarks>
/// By rendezvous hashing (Thaler and Ravishankar, 1998): each router has an order of all hosts of its own, so routers
/// spread, and those of a host that goes spread over all others. It stays where it is while that host can have it.
/// </remarks>
internal sealed record GatewayPlacement(Router Router, Networks.Network External, DecideContext Context)
{
    /// <summary>Hosts whose agents are asked for at first: one of so many is alive but in a disaster.</summary>
    private const int FirstAsked = 16;

    /// <summary>Hosts that are looked at for a free zone: one that has 32,767 routers is rare.</summary>
    private const int TriedMax = 4;

    /// <summary>
    /// The host that shall have it. What that rests on is added to the decision, unless nothing is to change.
    /// </summary>
    /// <returns>Null: none can. A host that is gone keeps it while no other can have it.</returns>
    public GatewayHost? Choose(Decision decision, GatewayHost? present)
    {
        if (External.CarriedSegment?.PhysicalNetwork is not { } physical)
            return null;
        var node = present is null ? null : Context.Read(Node.Type, present.Name);
        var isCarried = node is { } read && Has(read.Value, physical);
        if (isCarried && AgentOf(present!.Name) is { Value.Alive: true })
        {
            var kept = At(node!.Value.Value, present.Zone);
            if (kept != present)
                decision.RestsOn(Node.Type, present.Name, node);
            return kept;
        }
        foreach (var (candidate, agent) in Candidates(physical).Take(TriedMax))
        {
            if (FreeZone(candidate.Value.Name) is not { } zone)
                continue;
            decision
                .RestsOn(Node.Type, candidate.Value.Name, candidate)
                .RestsOn<Agent>(Agent.Type, agent.Value.Id, agent);
            return At(candidate.Value, zone);
        }
        return isCarried ? present! with { IsLost = true } : null;
    }

    private static GatewayHost At(Node node, uint zone) =>
        new(node.Name, node.TunnelAddress, zone) { AvailabilityZone = node.Zone };

    private static bool Has(Node node, string physical) => node.PhysicalNetworks.OrEmpty().Contains(physical);

    private Stamped<Agent>? AgentOf(string host) =>
        Context.List(Agent.Type, "host", host) is [var agent, ..] ? agent : null;

    /// <summary>Those that can have it, the best first.</summary>
    private List<(Stamped<Node> Node, Stamped<Agent> Agent)> Candidates(string physical)
    {
        var hints = Router.AvailabilityZoneHints.OrEmpty();
        var nodes = Context.List(Node.Type, Node.PhysicalNetworkIndex, physical)
            .Where(node => hints.IsEmpty || hints.Contains(AvailabilityZone.NameOf(node.Value.Zone)))
            .OrderByDescending(node => Weight(Router.Id, node.Value.Name))
            .ThenBy(node => node.Value.Name, StringComparer.Ordinal)
            .ToList();
        var first = Living(nodes.Take(FirstAsked));
        return first.Count > 0 ? first : Living(nodes.Skip(FirstAsked));
    }

    private List<(Stamped<Node> Node, Stamped<Agent> Agent)> Living(IEnumerable<Stamped<Node>> nodes)
    {
        var living = new List<(Stamped<Node>, Stamped<Agent>)>();
        foreach (var node in nodes)
        {
            if (AgentOf(node.Value.Name) is { Value: { Alive: true, AdminStateUp: true } } agent)
                living.Add((node, agent));
        }
        return living;
    }

    /// <summary>The first free one behind a number of the router's own: two that look at once seldom meet.</summary>
    private uint? FreeZone(string host)
    {
        var taken = Context.List(Router.Type, Router.GatewayHostIndex, host)
            .Where(other => other.Value.Id != Router.Id)
            .Select(other => other.Value.Gateway!.Host!.Zone)
            .ToHashSet();
        var start = (uint)(Weight(Router.Id, host) % GatewayHost.ZoneMax);
        for (var i = 0u; i < GatewayHost.ZoneMax; i++)
        {
            var zone = 1 + (start + i) % GatewayHost.ZoneMax;
            if (!taken.Contains(zone))
                return zone;
        }
        return null;
    }

    private static ulong Weight(string router, string host)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{router}/{host}"), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}

internal static class PlacedGateways
{
    /// <summary>The port of a gateway as it is when a host has it.</summary>
    public static Port On(this Port port, GatewayHost? host) =>
        port with { HostId = host?.Name ?? "", TunnelAddress = host?.TunnelAddress };
}
