using System.Collections.Frozen;
using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>A resource type as one version of the API offers it.</summary>
internal sealed class ApiCollection
{
    /// <param name="types">Where parents are found.</param>
    /// <param name="commands">How it is created, changed and deleted; null for a type that is only shown.</param>
    /// <param name="version">The first segment of the path.</param>
    /// <param name="names">What this version calls it, if not what the type says.</param>
    public ApiCollection(
        Catalog types, IResourceType type, IResourceCommands? commands, string version, ApiNames? names = null)
    {
        Type = type;
        Commands = commands;
        Version = version;
        Names = names ?? type.Api;
        if (type.Parent is { } link)
        {
            Parent = types[link.Type];
            ParentAttribute = type.Attributes.Single(attribute => attribute.Name == link.Attribute);
        }
        IsNested = type.Parent is { IsInPath: true };
        Path = IsNested
            ? $"/{version}/{Parent!.Api.Path}/{{{ParentAttribute!.Name}}}/{Names.Path}"
            : $"/{version}/{Names.Path}";
        Attributes = [.. type.Attributes.Where(a => a.IsVisible).Select(a => new ApiAttribute(a))];
        ByName = type.Attributes
            .Where(a => !IsNested || a != ParentAttribute)
            .ToFrozenDictionary(a => a.Name);
        TypeAttributes = type.Attributes.ToFrozenDictionary(a => a.Name);
        Required = [.. type.Attributes.Where(a => ByName.ContainsKey(a.Name) && a.InCreate == Presence.Required)];
        Filters = [.. type.Attributes.Where(a => a.IsFilterable).Select(a => new ApiAttribute(a))];
    }

    public IResourceType Type { get; }

    /// <summary>What the documentation calls one of it.</summary>
    public string Label => Names.Label ?? Type.Name;

    public IResourceCommands? Commands { get; }

    public string Version { get; }

    public ApiNames Names { get; }

    /// <summary>Where the rows come from if not from the store, by type.</summary>
    public ICollectionSource? Source { get; init; }

    /// <summary>Adds to what a creation says what the store knows of what it names.</summary>
    public Func<ApiServices, ApiCall, Body, ValueTask<Body>>? Complete { get; init; }

    /// <summary>What is done before a list is read, such as making what has to be in it.</summary>
    public Func<ApiServices, ApiCall, ListRequest, ValueTask>? BeforeList { get; init; }

    /// <summary>The type that it is part of, if any.</summary>
    public IResourceType? Parent { get; }

    /// <summary>The attribute that holds the parent's id.</summary>
    public IAttribute? ParentAttribute { get; }

    /// <summary>Whether the parent's id is in the path.</summary>
    public bool IsNested { get; }

    /// <summary>
    /// <c>/v2.0/networks/{id}/tags</c>; null: its tags have no path. Neutron leaves out what else is before the
    /// collection: <c>/v2.0/policies/{id}/tags</c>.
    /// </summary>
    public string? TagPath => Type.IsTagged && !IsNested && Version == "v2.0"
        ? $"/{Version}/{Names.Path.Split('/')[^1]}/{{id}}/tags"
        : null;

    /// <summary>From the root: <c>/v2.0/qos/policies/{policy_id}/bandwidth_limit_rules</c>.</summary>
    public string Path { get; }

    public Verbs Verbs => Commands?.Verbs ?? Verbs.None;

    /// <summary>The attributes that are shown.</summary>
    public ImmutableArray<ApiAttribute> Attributes { get; }

    /// <summary>The attributes that a body may name.</summary>
    public FrozenDictionary<string, IAttribute> ByName { get; }

    /// <summary>All attributes of the type, by name.</summary>
    public FrozenDictionary<string, IAttribute> TypeAttributes { get; }

    public ImmutableArray<IAttribute> Required { get; }

    /// <summary>The attributes that a list may be filtered and sorted by.</summary>
    public ImmutableArray<ApiAttribute> Filters { get; }

    public ApiAttribute? Find(string name) => Filters.FirstOrDefault(attribute => attribute.Name == name);

    public ApiError NotFound(string id) => Names.NotFound(id);

    /// <summary>
    /// The attributes that the <c>fields</c> parameters name, or all; unknown ones are passed over, as Neutron does.
    /// </summary>
    public ImmutableArray<ApiAttribute> Project(IEnumerable<string?> fields)
    {
        var wanted = fields.Where(field => !string.IsNullOrEmpty(field)).ToHashSet();
        return wanted.Count == 0 ? Attributes : [.. Attributes.Where(attribute => wanted.Contains(attribute.Name))];
    }
}
