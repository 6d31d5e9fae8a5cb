using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Flavors;
using Alcor.Network.NdpProxies;

namespace Alcor.Network.Routers;

/// <summary>
/// Changes a router; when it names a gateway, in the lane of the external network, which has to give it an address.
/// </summary>
internal sealed record UpdateRouter(NetworkSettings Settings, string Id, ChangeRequest Change) : ICommand
{
    private Body Body => Change.Body;

    public PartitionKey Lane => Body.Get(RouterAttributes.Gateway) is { } gateway
        ? PartitionKey.Network(gateway.NetworkId)
        : PartitionKey.Router(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var view = new PartitionView(snapshot, context);
        var found = view.Find(Router.Type, PartitionKey.Router(Id), Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var decision = new Decision();
        var router = Named(found.Value.Value, context.Now);
        if ((CheckFlavor(router, context) ?? CheckKind(found.Value.Value, router)) is { } fixedKind)
            return fixedKind;
        if (Body.Has(RouterAttributes.Gateway))
        {
            var change = new GatewayChange(Settings, Change.Caller, view, Change.NewId, Change.Entropy);
            var changed = change.Apply(decision, router, Body.Get(RouterAttributes.Gateway));
            if (changed.Error is { } refused)
                return refused;
            router = changed.Value;
        }
        var enabled = NdpProxyRules.OfChanged(router, found.Value.Value, Body, view);
        if (enabled.Error is { } impossible)
            return impossible;
        router = enabled.Value;
        var checksRoutes = Body.Has(RouterAttributes.Routes) || Body.Has(RouterAttributes.Gateway);
        return checksRoutes && RouterSubnets.CheckRoutes(router, context) is { } wrong
            ? wrong
            : decision.Update(Router.Type, router, found.Value).AndAnswer();
    }

    private Router Named(Router router, DateTimeOffset now) => router with
    {
        Name = Body.Get(RouterAttributes.Name, router.Name),
        Description = Body.Get(RouterAttributes.Description, router.Description),
        AdminStateUp = Body.Get(RouterAttributes.AdminStateUp, router.AdminStateUp),
        Routes = Body.Get(RouterAttributes.Routes, router.Routes),
        IsDistributed = Body.Get(RouterAttributes.Distributed, router.IsDistributed) ?? router.IsDistributed,
        IsHighlyAvailable =
            Body.Get(RouterAttributes.HighlyAvailable, router.IsHighlyAvailable) ?? router.IsHighlyAvailable,
        UpdatedAt = now,
    };

    /// <summary>A router of a flavor stays what the provider of the flavor provides.</summary>
    private ApiError? CheckFlavor(Router router, DecideContext context)
    {
        var (distributed, highlyAvailable) = (
            Body.Get(RouterAttributes.Distributed), Body.Get(RouterAttributes.HighlyAvailable));
        return router.FlavorId is { } flavor
            && (distributed ?? highlyAvailable) is not null
            && RouterProvider.Next(flavor, context) is { Error: null } provider
            && provider.Value.Refuse(distributed, highlyAvailable) is not null
            ? Errors.InvalidInput(
                "Changing the 'ha' and 'distributed' attributes on a router associated with a flavor is not supported")
            : null;
    }

    /// <summary>What kind of router it is changes only while it is down, before as after.</summary>
    private static ApiError? CheckKind(Router before, Router after)
    {
        if (after.IsDistributed != before.IsDistributed && (before.AdminStateUp || after.AdminStateUp))
        {
            return RouterErrors.Bad(
                "Cannot change the 'distributed' attribute of active routers. Please set router admin_state_up to "
                + "False prior to upgrade");
        }
        return after.IsHighlyAvailable != before.IsHighlyAvailable && after.AdminStateUp
            ? RouterErrors.Bad(
                "Cannot change HA attribute of active routers. Please set router admin_state_up to False prior to "
                + "upgrade")
            : null;
    }
}
