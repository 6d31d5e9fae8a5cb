using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Routers;

/// <summary>What the Networking API can ask of conntrack helpers: all of it changes their router too.</summary>
public sealed class ConnectionTrackerCommands : IResourceCommands
{
    public IResourceType Type => ConnectionTracker.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateConnectionTrackers(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateConnectionTracker((ConnectionTracker)current.Value, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteConnectionTracker((ConnectionTracker)current.Value, change.IfRevision);
}

internal sealed record CreateConnectionTrackers(IReadOnlyList<NewResource> Items) : ICommand
{
    private string RouterId => Items[0].Body.Get(ConnectionTrackerAttributes.RouterId);

    public PartitionKey Lane => PartitionKey.Router(RouterId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (snapshot.Find(Router.Type, RouterId) is not { } found)
            return Router.Type.Api.NotFound(RouterId);
        var decision = new Decision();
        var router = found.Value;
        foreach (var item in Items)
        {
            var helper = new ConnectionTracker(
                item.Id,
                RouterId,
                item.Body.Get(ConnectionTrackerAttributes.Protocol),
                item.Body.Get(ConnectionTrackerAttributes.Port),
                item.Body.Get(ConnectionTrackerAttributes.Helper));
            if (ConnectionTrackerRules.Check(helper, router) is { } wrong)
                return wrong;
            decision.Create(ConnectionTracker.Type, helper).AndAnswer();
            router = router with { ConnectionTrackers = router.ConnectionTrackers.Add(helper) };
        }
        return decision.Update(Router.Type, router, found);
    }
}

internal sealed record UpdateConnectionTracker(ConnectionTracker Current, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.Router(Current.RouterId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(ConnectionTracker.Type, Current.Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        if (snapshot.Find(Router.Type, Current.RouterId) is not { } router)
            return Router.Type.Api.NotFound(Current.RouterId);
        var helper = found.Value.Value;
        var updated = helper with
        {
            Protocol = Change.Body.Get(ConnectionTrackerAttributes.Protocol, helper.Protocol),
            Port = Change.Body.Get(ConnectionTrackerAttributes.Port, helper.Port),
            Helper = Change.Body.Get(ConnectionTrackerAttributes.Helper, helper.Helper),
        };
        if (ConnectionTrackerRules.Check(updated, router.Value) is { } wrong)
            return wrong;
        var kept = router.Value with { ConnectionTrackers = router.Value.ConnectionTrackers.Replace(helper, updated) };
        return new Decision()
            .Update(ConnectionTracker.Type, updated, found.Value)
            .AndAnswer()
            .Update(Router.Type, kept, router);
    }
}

internal sealed record DeleteConnectionTracker(ConnectionTracker Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Router(Current.RouterId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(ConnectionTracker.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var decision = new Decision().Delete(ConnectionTracker.Type, found.Value).AndAnswer();
        if (snapshot.Find(Router.Type, Current.RouterId) is not { } router)
            return decision;
        var left = router.Value.ConnectionTrackers.RemoveAll(helper => helper.Id == Current.Id);
        return decision.Update(Router.Type, router.Value with { ConnectionTrackers = left }, router);
    }
}

internal static class ConnectionTrackerRules
{
    /// <summary>
    /// What Open vSwitch has (ovs-actions(7), "alg"), and over which protocols. Neutron allows more by default, which
    /// the kernel of its network nodes has; a deployment says which (allowed_conntrack_helpers).
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ftp"] = [Protocols.Tcp],
        ["tftp"] = [Protocols.Udp],
    };

    public static ApiError? Check(ConnectionTracker helper, Router router)
    {
        if (!Allowed.TryGetValue(helper.Helper, out var protocols))
        {
            return new ApiError(
                400, "ConntrackHelperNotAllowed", $"Conntrack Helper {helper.Helper} is not allowed.");
        }
        if (!protocols.Contains(helper.Protocol))
        {
            return new ApiError(
                400,
                "InvalidProtocolForHelper",
                $"Conntrack Helper {helper.Helper} does not support: {helper.Protocol}. Supported protocols are: "
                + string.Join(", ", protocols));
        }
        return router.ConnectionTrackers.Any(other => other.Id != helper.Id && other.IsLike(helper))
            ? Errors.BadRequest(
                "conntrack_helper",
                "A duplicate conntrack helper entry with same attributes already exists, conflicting values are "
                + $"{{'router_id': '{helper.RouterId}', 'protocol': '{helper.Protocol}', 'port': {helper.Port}, "
                + $"'helper': '{helper.Helper}'}}")
            : null;
    }
}
