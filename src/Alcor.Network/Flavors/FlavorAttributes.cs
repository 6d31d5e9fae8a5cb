using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Flavors;

/// <summary>The attributes of a flavor in the Networking API v2.0.</summary>
public static class FlavorAttributes
{
    public static readonly Attribute<Flavor, string> Id =
        new("id", Schemas.Uuid, "The UUID of the flavor.") { Read = flavor => flavor.Value.Id };

    public static readonly Attribute<Flavor, string> Name = CommonAttributes.Name<Flavor>(flavor => flavor.Name);

    public static readonly Attribute<Flavor, string?> Description =
        new("description", Schemas.Nullable(Schemas.Text(CommonAttributes.LongTextMax)), "A description for people.")
        {
            Read = flavor => flavor.Value.Description,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Flavor, string> ServiceType =
        new("service_type", Schemas.Text(CommonAttributes.TextMax), "The service that it is of: L3_ROUTER_NAT.")
        {
            Read = flavor => flavor.Value.ServiceType,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Flavor, bool> Enabled =
        new("enabled", Schemas.Boolean, "Whether it is offered. Stored, as in Neutron.")
        {
            Read = flavor => flavor.Value.Enabled,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<Flavor, ImmutableArray<string>> ServiceProfiles =
        new(
            "service_profiles",
            SubnetSchemas.UniqueList(Schemas.Uuid, "items in the list:"),
            "The service profiles that it is made of.")
        {
            Read = flavor => flavor.Value.ServiceProfileIds.OrEmpty(),
            InCreate = Presence.Optional,
            InUpdate = true,
            IsFilterable = false,
            Default = [],
        };

    public static readonly Attribute<Flavor, string> ProjectId = CommonAttributes.NoOwner<Flavor>("project_id");

    public static readonly Attribute<Flavor, string> TenantId = CommonAttributes.NoOwner<Flavor>("tenant_id");

    public static readonly IReadOnlyList<IAttribute> All =
        [Id, Name, Description, ServiceType, Enabled, ServiceProfiles, ProjectId, TenantId];
}
