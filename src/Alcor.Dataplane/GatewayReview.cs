using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Nodes;
using Alcor.Network.Routers;

namespace Alcor.Dataplane;

/// <summary>
/// Finds the routers that have to be looked at on account of a host. It only spares work: which host a gateway goes to,
/// and whether it goes at all, is decided by <see cref="PlaceGateway"/>.
/// </summary>
internal sealed class GatewayReview(IStore store, Catalog catalog)
{
    private readonly Dictionary<string, string?> physicalNetworks = [];

    /// <summary>
    /// Ids of the routers whose gateway the host has and is not as the host is now; and, if the host could have it, of
    /// those that wait for a host. In order.
    /// </summary>
    public async Task<IReadOnlyList<string>> UnsettledAsync(string host, CancellationToken cancellationToken)
    {
        var node = await store.GetAsync(Node.Type.Key(host), cancellationToken) is { } stored
            ? Node.Type.Decode(stored.Value)
            : null;
        var agents = await store.ListAsync(
            ListQuery.By(Agent.Type.Name, $"{Agent.Type.Name}.host", host), cancellationToken);
        var isAlive = agents.Select(agent => Agent.Type.Decode(agent.Value)).Any(agent => agent.Alive);
        var unsettled = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var router in await ListAsync(Router.GatewayHostIndex, host, cancellationToken))
        {
            if (node is null || !isAlive || !await IsSettledAsync(router, node, cancellationToken))
                unsettled.Add(router.Id);
        }
        if (node is null || !isAlive || node.PhysicalNetworks.OrEmpty().IsEmpty)
            return [.. unsettled];
        foreach (var router in await ListAsync(Router.HostWantedIndex, Router.Wanted, cancellationToken))
        {
            if (await HasNetworkOfAsync(router, node, cancellationToken))
                unsettled.Add(router.Id);
        }
        return [.. unsettled];
    }

    private async Task<bool> IsSettledAsync(Router router, Node node, CancellationToken cancellationToken) =>
        router.Gateway is { Host: { IsLost: false } host }
        && node.TunnelAddress.Equals(host.TunnelAddress)
        && await HasNetworkOfAsync(router, node, cancellationToken);

    private async Task<bool> HasNetworkOfAsync(Router router, Node node, CancellationToken cancellationToken)
    {
        var id = router.Gateway!.NetworkId;
        if (!physicalNetworks.TryGetValue(id, out var physical))
        {
            var stored = await store.GetAsync(Network.Networks.Network.Type.Key(id), cancellationToken);
            var network = stored is null ? null : Network.Networks.Network.Type.Decode(stored.Value);
            physicalNetworks.Add(id, physical = network?.CarriedSegment?.PhysicalNetwork);
        }
        return physical is not null && node.PhysicalNetworks.OrEmpty().Contains(physical);
    }

    private async Task<ImmutableArray<Router>> ListAsync(
        string index, string value, CancellationToken cancellationToken)
    {
        var query = ListQuery.By(Router.Type.Name, $"{Router.Type.Name}.{index}", value);
        return [.. (await store.ListAsync(query, cancellationToken)).Select(one => (Router)catalog.Decode(one).Value)];
    }
}
