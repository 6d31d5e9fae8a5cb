using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Sharing;

namespace Alcor.Network;

/// <summary>Attributes that most resources of the Networking API have (Neutron's standard attributes).</summary>
internal static class CommonAttributes
{
    /// <summary>Characters that Neutron keeps of a name, a description, an owner.</summary>
    public const int TextMax = 255;

    /// <summary>Characters that it keeps of some descriptions.</summary>
    public const int LongTextMax = 1_024;

    public static Attribute<T, string> Name<T>(Func<T, string> read)
        where T : class => new("name", Schemas.Text(TextMax), "A name for people; need not be unique.")
    {
        Read = resource => read(resource.Value),
        InCreate = Presence.Optional,
        InUpdate = true,
        Default = "",
    };

    public static Attribute<T, string> Description<T>(Func<T, string> read)
        where T : class => Description(read, TextMax);

    /// <summary>The description of a type that Neutron keeps longer ones of.</summary>
    public static Attribute<T, string> LongDescription<T>(Func<T, string> read)
        where T : class => Description(read, LongTextMax);

    private static Attribute<T, string> Description<T>(Func<T, string> read, int maximum)
        where T : class => new("description", Schemas.Text(maximum), "A description for people.")
    {
        Read = resource => read(resource.Value),
        InCreate = Presence.Optional,
        InUpdate = true,
        Default = "",
    };

    public static Attribute<T, string> ProjectId<T>(Func<T, string> read)
        where T : class => new("project_id", Schemas.Text(TextMax), "The project that owns it.")
    {
        Read = resource => read(resource.Value),
        InCreate = Presence.Optional,
        Default = "",
    };

    /// <summary>The older name of project_id, which clients still send and read.</summary>
    public static Attribute<T, string> TenantId<T>(Func<T, string> read)
        where T : class => new("tenant_id", Schemas.Text(TextMax), "The same as project_id.")
    {
        Read = resource => read(resource.Value),
        InCreate = Presence.Optional,
        Default = "",
    };

    /// <summary>
    /// An owner, by either name, of what has none of its own: clients send it all the same, and nothing comes of it.
    /// </summary>
    public static Attribute<T, string> NoOwner<T>(string name)
        where T : class => new(name, Schemas.Text(TextMax), "Accepted and passed over: it has no owner of its own.")
    {
        Read = _ => "",
        InCreate = Presence.Optional,
        IsVisible = false,
        IsFilterable = false,
        Default = "",
    };

    /// <summary>Set by requests of their own, and shown with the resource.</summary>
    public static Attribute<T, ImmutableArray<string>> Tags<T>(Func<T, ImmutableArray<string>> read)
        where T : class => new("tags", Network.Tags.Tag.Schema, "Words that its owner put on it.")
    {
        Read = resource => read(resource.Value) is { IsDefault: false } tags ? tags : [],
        IsFilterable = false,
        Default = [],
    };

    /// <summary>
    /// Whether a resource is shared: with all projects, and for who looks also with his alone (Neutron says so too).
    /// </summary>
    /// <param name="inRequest">Whether a request may set it, for all projects.</param>
    public static Attribute<T, bool> Shared<T>(Func<T, ImmutableArray<Share>> shares, bool inRequest)
        where T : class => new("shared", Schemas.Boolean, "Whether other projects may use it.")
    {
        Read = resource => Shares.WithEverybody(shares(resource.Value)),
        ReadFor = (resource, caller) => Shares.IsSharedWith(caller.ProjectId, shares(resource.Value)),
        InCreate = inRequest ? Presence.Optional : Presence.NotAllowed,
        InUpdate = inRequest,
    };

    public static Attribute<T, DateTimeOffset> CreatedAt<T>(Func<T, DateTimeOffset> read)
        where T : class => new("created_at", Schemas.Timestamp, "When it was created, UTC.")
    {
        Read = resource => read(resource.Value),
    };

    public static Attribute<T, DateTimeOffset> UpdatedAt<T>(Func<T, DateTimeOffset> read)
        where T : class => new("updated_at", Schemas.Timestamp, "When it last changed, UTC.")
    {
        Read = resource => read(resource.Value),
    };

    public static Attribute<T, long> RevisionNumber<T>()
        where T : class => new(
            "revision_number",
            Schemas.Integer(0, long.MaxValue),
            "The revision of its partition that last changed it; what If-Match names.")
    {
        Read = resource => resource.Revision,
    };
}
