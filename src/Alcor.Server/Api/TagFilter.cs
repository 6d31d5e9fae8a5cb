using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Microsoft.Extensions.Primitives;

namespace Alcor.Server.Api;

/// <summary>
/// Selects by tags, in Neutron's four ways; each parameter holds tags with commas between them, and all parameters
/// that are there must hold.
/// </summary>
internal sealed class TagFilter
{
    private readonly ImmutableArray<(string Name, ImmutableArray<string> Tags)> conditions;

    private TagFilter(ImmutableArray<(string, ImmutableArray<string>)> conditions) => this.conditions = conditions;

    /// <summary>All of them; any of them; not all of them; none of them.</summary>
    public static readonly ImmutableArray<string> Names = ["tags", "tags-any", "not-tags", "not-tags-any"];

    /// <summary>Null when no parameter is about tags.</summary>
    public static TagFilter? Parse(IQueryCollection query)
    {
        var parsed = ImmutableArray.CreateBuilder<(string, ImmutableArray<string>)>();
        foreach (var name in Names)
        {
            if (query.TryGetValue(name, out var values) && !StringValues.IsNullOrEmpty(values))
                parsed.Add((name, [.. values.SelectMany(value => value!.Split(',')).Distinct()]));
        }
        return parsed.Count == 0 ? null : new TagFilter(parsed.DrainToImmutable());
    }

    public bool Matches(IResourceType type, object resource)
    {
        var tags = type.TagsOf(resource) is { IsDefault: false } some ? some : [];
        return conditions.All(condition => condition.Name switch
        {
            "tags" => condition.Tags.All(tags.Contains),
            "tags-any" => condition.Tags.Any(tags.Contains),
            "not-tags" => !condition.Tags.All(tags.Contains),
            _ => !condition.Tags.Any(tags.Contains),
        });
    }
}
