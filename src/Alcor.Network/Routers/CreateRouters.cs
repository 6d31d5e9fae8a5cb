using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Flavors;
using Alcor.Network.Nodes;
using Alcor.Network.NdpProxies;

namespace Alcor.Network.Routers;

/// <summary>
/// Creates a router; one with a gateway in the lane of the external network, which has to give it an address.
/// </summary>
internal sealed record CreateRouters(NetworkSettings Settings, IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => Items[0].Body.Get(RouterAttributes.Gateway) is { } gateway
        ? PartitionKey.Network(gateway.NetworkId)
        : PartitionKey.Router(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (Items.Count > 1)
            return ApiError.BadRequest("Bulk operation not supported");
        var item = Items[0];
        if (ZoneHints.Check(item.Body.Get(RouterAttributes.AvailabilityZoneHints), context) is { } noZone)
            return noZone;
        var named = Named(item, context);
        if (named.Error is { } noProvider)
            return noProvider;
        var decision = new Decision();
        var view = new PartitionView(snapshot, context);
        var change = new GatewayChange(
            Settings, item.Caller, view, DerivedId.Of(item.Id, "gateway"), item.Entropy);
        var router = change.Apply(decision, named.Value, item.Body.Get(RouterAttributes.Gateway));
        if (router.Error is { } error)
            return error;
        var enabled = NdpProxyRules.OfNew(router.Value, item.Body, view);
        return enabled.Error is { } impossible
            ? impossible
            : decision.Create(Router.Type, enabled.Value).AndAnswer();
    }

    /// <summary>The router without its gateway, of the kind that the provider of its flavor provides.</summary>
    private static Result<Router> Named(NewResource item, DecideContext context)
    {
        var router = New(item, context.Now);
        if (router.FlavorId is not { } flavor)
            return router;
        var provider = RouterProvider.Next(flavor, context);
        if (provider.Error is { } none)
            return none;
        var (distributed, highlyAvailable) = (
            item.Body.Get(RouterAttributes.Distributed), item.Body.Get(RouterAttributes.HighlyAvailable));
        return provider.Value.Refuse(distributed, highlyAvailable) is { } refused
            ? refused
            : router with
            {
                IsDistributed = provider.Value.IsDistributed ?? router.IsDistributed,
                IsHighlyAvailable = provider.Value.IsHighlyAvailable ?? router.IsHighlyAvailable,
            };
    }

    private static Router New(NewResource item, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(RouterAttributes.Name),
            item.Body.Get(RouterAttributes.Description),
            item.Body.Get(RouterAttributes.AdminStateUp),
            Gateway: null,
            Interfaces: [],
            Routes: [],
            now,
            now)
        {
            IsDistributed = item.Body.Get(RouterAttributes.Distributed) ?? false,
            IsHighlyAvailable = item.Body.Get(RouterAttributes.HighlyAvailable) ?? false,
            FlavorId = item.Body.Get(RouterAttributes.FlavorId),
            AvailabilityZoneHints = item.Body.Get(RouterAttributes.AvailabilityZoneHints).OrAbsent(),
        };
}
