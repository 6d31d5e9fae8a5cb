using Alcor.Kernel.Resources;

namespace Alcor.Network.Flavors;

/// <summary>The attributes of a service profile in the Networking API v2.0.</summary>
public static class ServiceProfileAttributes
{
    private const int TextMax = 1024;

    private const int MetainfoMax = 4096;

    public static readonly Attribute<ServiceProfile, string> Id =
        new("id", Schemas.Uuid, "The UUID of the profile.") { Read = profile => profile.Value.Id };

    public static readonly Attribute<ServiceProfile, string?> Description =
        new("description", Schemas.Nullable(Schemas.Text(TextMax)), "A description for people.")
        {
            Read = profile => profile.Value.Description,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<ServiceProfile, string> Driver =
        new("driver", Schemas.Text(TextMax), "What does the work; empty: it is left open.")
        {
            Read = profile => profile.Value.Driver,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<ServiceProfile, string> Metainfo =
        new("metainfo", Schemas.Text(MetainfoMax), "What the driver is to know; stored, since none asks for it.")
        {
            Read = profile => profile.Value.Metainfo,
            InCreate = Presence.Optional,
            InUpdate = true,
            IsFilterable = false,
            Default = "",
        };

    public static readonly Attribute<ServiceProfile, bool> Enabled =
        new("enabled", Schemas.Boolean, "Whether flavors lead to it.")
        {
            Read = profile => profile.Value.Enabled,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<ServiceProfile, string> ProjectId =
        CommonAttributes.NoOwner<ServiceProfile>("project_id");

    public static readonly Attribute<ServiceProfile, string> TenantId =
        CommonAttributes.NoOwner<ServiceProfile>("tenant_id");

    public static readonly IReadOnlyList<IAttribute> All =
        [Id, Description, Driver, Metainfo, Enabled, ProjectId, TenantId];
}
