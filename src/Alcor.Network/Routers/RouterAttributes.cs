using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>The attributes of a router in the Networking API v2.0, with those of its extensions.</summary>
public static class RouterAttributes
{
    private const int ZonesMax = 64;

    public static readonly Attribute<Router, string> Id = new("id", Schemas.Uuid, "The UUID of the router.")
    {
        Read = router => router.Value.Id,
    };

    public static readonly Attribute<Router, string> ProjectId = CommonAttributes.ProjectId<Router>(r => r.ProjectId);

    public static readonly Attribute<Router, string> Name = CommonAttributes.Name<Router>(r => r.Name);

    public static readonly Attribute<Router, string> Description =
        CommonAttributes.Description<Router>(r => r.Description);

    public static readonly Attribute<Router, bool> AdminStateUp =
        new(
            "admin_state_up",
            Schemas.Boolean,
            "Whether the router forwards packets.")
        {
            Read = router => router.Value.AdminStateUp,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<Router, string> Status =
        new("status", Schemas.OneOf("ACTIVE"), "A router that exists is ACTIVE.") { Read = _ => "ACTIVE" };

    public static readonly Attribute<Router, GatewayRequest?> Gateway =
        new(
            "external_gateway_info",
            GatewaySchemas.Gateway,
            "The external network that it leads to, and how; null: none.")
        {
            Read = router => GatewayRequest.Of(router.Value.Gateway),
            InCreate = Presence.Optional,
            InUpdate = true,
            IsFilterable = false,
        };

    public static readonly Attribute<Router, ImmutableArray<HostRoute>> Routes =
        new(
            "routes",
            SubnetSchemas.UniqueList(SubnetSchemas.HostRoute, "hostroute"),
            "Where it sends what is for none of its subnets.")
        {
            Read = router => router.Value.Routes,
            InUpdate = true,
            Default = [],
        };

    public static readonly Attribute<Router, bool?> Distributed =
        new(
            "distributed",
            Schemas.NullableValue(Schemas.Boolean),
            "What was asked for; whatever it says, the hosts of its ports do its work.")
        {
            Read = router => router.Value.IsDistributed,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Router, bool?> HighlyAvailable =
        new(
            "ha",
            Schemas.NullableValue(Schemas.Boolean),
            "What was asked for; whatever it says, its gateway goes to another host when its own is gone.")
        {
            Read = router => router.Value.IsHighlyAvailable,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Router, bool?> EnableNdpProxy =
        new(
            "enable_ndp_proxy",
            Schemas.NullableValue(Schemas.Boolean),
            "Whether it may have ND proxies, which takes a gateway with IPv6 addresses of a scope. Stored; not yet "
            + "applied by hosts.")
        {
            Read = router => router.Value.EnablesNdpProxy,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Router, string?> FlavorId =
        new(
            "flavor_id",
            Schemas.Nullable(Schemas.Text(CommonAttributes.TextMax)),
            "The flavor that it was created by, whose provider says what kind of router it is; null: none.")
        {
            Read = router => router.Value.FlavorId,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Router, ImmutableArray<string>> AvailabilityZones =
        new(
            "availability_zones",
            Zones,
            "The zone of the host that has its gateway; none without a gateway, since all hosts do its work.")
        {
            Read = router => router.Value.Gateway?.Host is { } host
                ? [Nodes.AvailabilityZone.NameOf(host.AvailabilityZone)]
                : [],
            IsFilterable = false,
        };

    public static readonly Attribute<Router, ImmutableArray<string>> AvailabilityZoneHints =
        new(
            "availability_zone_hints",
            Nodes.ZoneHints.Schema,
            "Zones of hosts that its gateway is to be in; empty: any.")
        {
            Read = router => router.Value.AvailabilityZoneHints.OrEmpty(),
            InCreate = Presence.Optional,
            IsFilterable = false,
            Default = [],
        };

    public static readonly Attribute<Router, ImmutableArray<ConnectionTracker>> ConnectionTrackers =
        new("conntrack_helpers", TrackerList, "What it looks into to find further connections.")
        {
            Read = router => router.Value.ConnectionTrackers,
            IsFilterable = false,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Description, ProjectId, CommonAttributes.TenantId<Router>(r => r.ProjectId), AdminStateUp, Status,
        Gateway, Routes, Distributed, HighlyAvailable, EnableNdpProxy, FlavorId, AvailabilityZones,
        AvailabilityZoneHints, ConnectionTrackers,
        CommonAttributes.Tags<Router>(r => r.Tags),
        CommonAttributes.CreatedAt<Router>(r => r.CreatedAt),
        CommonAttributes.UpdatedAt<Router>(r => r.UpdatedAt),
        CommonAttributes.RevisionNumber<Router>(),
    ];

    private static Schema<ImmutableArray<ConnectionTracker>> TrackerList => Schemas.ShownOnly(
        new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object" } },
        (Utf8JsonWriter writer, ImmutableArray<ConnectionTracker> helpers) =>
        {
            writer.WriteStartArray();
            foreach (var helper in helpers)
            {
                writer.WriteStartObject();
                writer.WriteString("protocol", helper.Protocol);
                writer.WriteNumber("port", helper.Port);
                writer.WriteString("helper", helper.Helper);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });

    private static Schema<ImmutableArray<string>> Zones =>
        Schemas.ListOf(Schemas.Text(CommonAttributes.TextMax), ZonesMax);
}
