using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Routers;

/// <summary>
/// What a router looks into to find the further connections that a protocol makes: <c>ftp</c> on TCP port 21.
/// </summary>
public sealed record ConnectionTracker(string Id, string RouterId, string Protocol, long Port, string Helper)
{
    public static readonly ResourceType<ConnectionTracker> Type = new("conntrack_helper", "conntrack_helpers")
    {
        Json = NetworkJson.Default.ConnectionTracker,
        Id = helper => helper.Id,
        Partition = helper => PartitionKey.Router(helper.RouterId),
        References = helper => [Router.Type.Key(helper.RouterId)],
        Parent = new ParentLink("router", "router_id", IsInPath: true),
        Api = new ApiNames("conntrack_helpers", "conntrack_helper", "conntrack_helpers")
        {
            Policy = "router_conntrack_helper",
            NotFound = id => new ApiError(
                404, "ConntrackHelperNotFound", $"Conntrack Helper {id} could not be found."),
        },
        Attributes = ConnectionTrackerAttributes.All,
    };

    /// <summary>The same but for its id.</summary>
    public bool IsLike(ConnectionTracker other) => this == other with { Id = Id };
}
