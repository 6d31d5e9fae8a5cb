using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>
/// Adds routes to those that a router has, or removes some: whoever does so needs not know the others.
/// </summary>
internal sealed record ChangeRoutes(string Id, ChangeRequest Change, bool IsRemoval) : ICommand
{
    public PartitionKey Lane => PartitionKey.Router(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Router.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var router = found.Value.Value;
        var named = Change.Body.Get(RouterAttributes.Routes);
        IEnumerable<HostRoute> routes = IsRemoval ? router.Routes.Except(named) : router.Routes.Union(named);
        var changed = router with { Routes = routes.ToImmutableArray(), UpdatedAt = context.Now };
        return RouterSubnets.CheckRoutes(changed, context) is { } wrong
            ? wrong
            : new Decision().Update(Router.Type, changed, found.Value).AndAnswer();
    }
}
