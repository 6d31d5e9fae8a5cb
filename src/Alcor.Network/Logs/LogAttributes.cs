using Alcor.Kernel.Resources;

namespace Alcor.Network.Logs;

/// <summary>The attributes of a log in the Networking API v2.0.</summary>
public static class LogAttributes
{
    /// <summary>The kinds of resources whose decisions can be logged.</summary>
    public static readonly IReadOnlyList<string> Loggable = ["security_group"];

    public static readonly Attribute<Log, string> Id =
        new("id", Schemas.Uuid, "The UUID of the log.") { Read = log => log.Value.Id };

    public static readonly Attribute<Log, string> ProjectId = CommonAttributes.ProjectId<Log>(log => log.ProjectId);

    public static readonly Attribute<Log, string> Name = CommonAttributes.Name<Log>(log => log.Name);

    public static readonly Attribute<Log, string> Description =
        CommonAttributes.Description<Log>(log => log.Description);

    public static readonly Attribute<Log, string> ResourceType =
        new("resource_type", Schemas.Text(CommonAttributes.TextMax), "What decides over packets: security_group.")
        {
            Read = log => log.Value.ResourceType,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Log, string?> ResourceId =
        new("resource_id", Schemas.Nullable(Schemas.Uuid), "The one that is meant; null: all of the project.")
        {
            Read = log => log.Value.ResourceId,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Log, string?> TargetId =
        new("target_id", Schemas.Nullable(Schemas.Uuid), "The port whose packets are meant; null: those of all.")
        {
            Read = log => log.Value.TargetId,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Log, string> Event =
        new("event", Schemas.OneOf("ACCEPT", "DROP", "ALL"), "What became of the packets that are meant.")
        {
            Read = log => log.Value.Event,
            InCreate = Presence.Optional,
            Default = "ALL",
        };

    public static readonly Attribute<Log, bool> Enabled =
        new("enabled", Schemas.Boolean, "Whether to log. Stored; hosts do not log yet.")
        {
            Read = log => log.Value.Enabled,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, ProjectId, CommonAttributes.TenantId<Log>(log => log.ProjectId), Name, Description, ResourceType,
        ResourceId, TargetId, Event, Enabled,
        CommonAttributes.CreatedAt<Log>(log => log.CreatedAt),
        CommonAttributes.UpdatedAt<Log>(log => log.UpdatedAt),
        CommonAttributes.RevisionNumber<Log>(),
    ];
}
