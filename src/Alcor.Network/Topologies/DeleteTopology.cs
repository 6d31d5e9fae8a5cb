using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Networks;
using Alcor.Network.Routers;

namespace Alcor.Network.Topologies;

/// <summary>
/// Deletes what a project was given, as far as it is still there; all of it in one commit, or nothing when something
/// else has come to need it. Changes nothing if the project has none.
/// </summary>
public sealed record DeleteTopology(string ProjectId, ChangeRequest Request) : ICommand
{
    public PartitionKey Lane => PartitionKey.Project(ProjectId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (snapshot.Find(AutoAllocatedTopology.Type, ProjectId) is not { } found)
            return new Decision();
        var (networkId, routerId) = (found.Value.NetworkId, found.Value.RouterId);
        var composition = new Composition(snapshot, context);
        if (context.Read(Router.Type, routerId)?.Value is { } router
            && DeleteRouter(composition, router, networkId) is { } routerInUse)
            return routerInUse;
        if (context.Read(Networks.Network.Type, networkId) is not null
            && composition.Add(new DeleteNetwork(networkId, IfRevision: null)) is { } networkInUse)
            return networkInUse;
        return composition.Decision.Delete(AutoAllocatedTopology.Type, found).AndAnswer();
    }

    /// <summary>Without its interfaces in the network; one in another network keeps it.</summary>
    private ApiError? DeleteRouter(Composition composition, Router router, string networkId)
    {
        var ports = router.Interfaces.Where(one => one.NetworkId == networkId).Select(one => one.PortId);
        foreach (var port in ports)
        {
            var change = Request with { Body = Body.Empty.With(InterfaceBody.PortId, port) };
            if (composition.Add(new RemoveRouterInterface(router.Id, change)) is { } inUse)
                return inUse;
        }
        return composition.Add(new DeleteRouter(router, IfRevision: null));
    }
}
