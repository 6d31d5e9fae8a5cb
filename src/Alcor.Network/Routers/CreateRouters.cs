using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
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
        if (item.Body.Get(RouterAttributes.AvailabilityZoneHints) is [var zone, ..])
            return Networks.NetworkErrors.AvailabilityZoneNotFound(zone);
        if (item.Body.Get(RouterAttributes.FlavorId) is { } flavor)
            return RouterErrors.FlavorNotFound(flavor);
        var decision = new Decision();
        var view = new PartitionView(snapshot, context);
        var change = new GatewayChange(
            Settings, item.Caller, view, DerivedId.Of(item.Id, "gateway"), item.Entropy);
        var router = change.Apply(decision, New(item, context.Now), item.Body.Get(RouterAttributes.Gateway));
        if (router.Error is { } error)
            return error;
        var enabled = NdpProxyRules.OfNew(router.Value, item.Body, view);
        return enabled.Error is { } impossible
            ? impossible
            : decision.Create(Router.Type, enabled.Value).AndAnswer();
    }

    /// <summary>The router without its gateway.</summary>
    public static Router New(NewResource item, DateTimeOffset now) =>
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
        };
}
