using Alcor.Kernel.Resources;

namespace Alcor.Network.Metering;

/// <summary>The attributes of a metering label in the Networking API v2.0.</summary>
public static class MeteringLabelAttributes
{
    public static readonly Attribute<MeteringLabel, string> Id =
        new("id", Schemas.Uuid, "The UUID of the label.") { Read = label => label.Value.Id };

    public static readonly Attribute<MeteringLabel, string> Name =
        new("name", Schemas.Text(CommonAttributes.TextMax), "A name for people; need not be unique.")
        {
            Read = label => label.Value.Name,
            InCreate = Presence.Optional,
            Default = "",
        };

    public static readonly Attribute<MeteringLabel, string> Description =
        new("description", Schemas.Text(CommonAttributes.LongTextMax), "A description for people.")
        {
            Read = label => label.Value.Description,
            InCreate = Presence.Optional,
            Default = "",
        };

    public static readonly Attribute<MeteringLabel, bool> Shared =
        new("shared", Schemas.Boolean, "Whether the traffic of all projects is meant.")
        {
            Read = label => label.Value.Shared,
            InCreate = Presence.Optional,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Description, Shared,
        CommonAttributes.ProjectId<MeteringLabel>(l => l.ProjectId),
        CommonAttributes.TenantId<MeteringLabel>(l => l.ProjectId),
    ];
}
