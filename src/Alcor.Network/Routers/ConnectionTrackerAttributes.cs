using Alcor.Kernel.Resources;

namespace Alcor.Network.Routers;

/// <summary>The attributes of a conntrack helper in the Networking API v2.0.</summary>
public static class ConnectionTrackerAttributes
{
    private const int HelperMax = 64;

    private const int PortMax = 65_535;

    public static readonly Attribute<ConnectionTracker, string> Id =
        new("id", Schemas.Uuid, "The UUID of the helper.") { Read = helper => helper.Value.Id };

    public static readonly Attribute<ConnectionTracker, string> RouterId =
        new("router_id", Schemas.Uuid, "The router that it is part of.")
        {
            Read = helper => helper.Value.RouterId,
            IsVisible = false,
        };

    public static readonly Attribute<ConnectionTracker, string> Protocol =
        new("protocol", Protocols.Schema, "The transport protocol of the first connection.")
        {
            Read = helper => helper.Value.Protocol,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly Attribute<ConnectionTracker, long> Port =
        new("port", Schemas.Integer(1, PortMax), "The port that the first connection is made to.")
        {
            Read = helper => helper.Value.Port,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly Attribute<ConnectionTracker, string> Helper =
        new("helper", Schemas.Text(HelperMax), "What understands the protocol: ftp or tftp.")
        {
            Read = helper => helper.Value.Helper,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly IReadOnlyList<IAttribute> All = [Id, RouterId, Protocol, Port, Helper];
}
