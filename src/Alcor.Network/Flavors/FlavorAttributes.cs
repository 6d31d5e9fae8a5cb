using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Flavors;

/// <summary>The attributes of a flavor in the Networking API v2.0.</summary>
public static class FlavorAttributes
{
    private const int DescriptionMax = 1024;

    public static readonly Attribute<Flavor, string> Id =
        new("id", Schemas.Uuid, "The UUID of the flavor.") { Read = flavor => flavor.Value.Id };

    public static readonly Attribute<Flavor, string> Name = CommonAttributes.Name<Flavor>(flavor => flavor.Name);

    public static readonly Attribute<Flavor, string?> Description =
        new("description", Schemas.Nullable(Schemas.Text(DescriptionMax)), "A description for people.")
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
        new("enabled", Schemas.Boolean, "Whether it is offered. Stored; no service is chosen by flavor yet.")
        {
            Read = flavor => flavor.Value.Enabled,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<Flavor, ImmutableArray<string>> ServiceProfiles =
        new("service_profiles", Schemas.ListOf(Schemas.Uuid, 0), "What it consists of: always empty.")
        {
            Read = _ => [],
            IsFilterable = false,
            Default = [],
        };

    public static readonly IReadOnlyList<IAttribute> All =
        [Id, Name, Description, ServiceType, Enabled, ServiceProfiles];
}
