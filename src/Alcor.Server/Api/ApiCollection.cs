using System.Collections.Frozen;
using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>A resource type as the Networking API offers it.</summary>
/// <param name="commands">How it is created, changed and deleted; null for a type that is only shown.</param>
internal sealed class ApiCollection(IResourceType type, IResourceCommands? commands)
{
    public IResourceType Type { get; } = type;

    public IResourceCommands? Commands { get; } = commands;

    public bool IsReadOnly => Commands is null;

    /// <summary>The path segment: dashes where the name in JSON has underscores, as in Neutron.</summary>
    public string Segment { get; } = type.Collection.Replace('_', '-');

    public ImmutableArray<ApiAttribute> Attributes { get; } = [.. type.Attributes.Select(a => new ApiAttribute(a))];

    public FrozenDictionary<string, IAttribute> ByName { get; } = type.Attributes.ToFrozenDictionary(a => a.Name);

    public ImmutableArray<IAttribute> Required { get; } =
        [.. type.Attributes.Where(a => a.InCreate == Presence.Required)];

    public ApiAttribute? Find(string name) => Attributes.FirstOrDefault(attribute => attribute.Name == name);

    public ApiError NotFound(string id) => ApiError.NotFound(Type.Name, id);

    /// <summary>
    /// The attributes that the <c>fields</c> parameters name, or all; unknown ones are passed over, as Neutron does.
    /// </summary>
    public ImmutableArray<ApiAttribute> Project(IEnumerable<string?> fields)
    {
        var wanted = fields.Where(field => !string.IsNullOrEmpty(field)).ToHashSet();
        return wanted.Count == 0 ? Attributes : [.. Attributes.Where(attribute => wanted.Contains(attribute.Name))];
    }
}
