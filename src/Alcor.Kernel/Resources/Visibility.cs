using Alcor.Kernel.Store;

namespace Alcor.Kernel.Resources;

/// <summary>Which projects see a resource, and how it is listed by that.</summary>
public static class Visibility
{
    /// <summary>Stands for all projects.</summary>
    public const string Everybody = "*";

    /// <summary>The name of the index entries that say who sees a resource.</summary>
    public const string Index = "visible_to";

    /// <summary>Where a type lists what has a value of an index, an attribute or <see cref="Index"/>.</summary>
    public static IndexEntry Entry(this IResourceType type, string index, string value) =>
        new(type.IndexName(index), value);

    public static string IndexName(this IResourceType type, string index) => $"{type.Name}.{index}";

    /// <summary>A project without a name sees what everybody sees.</summary>
    public static bool IsVisible(this IResourceType type, object resource, string project) =>
        type.VisibleTo(resource) is not { } projects
        || projects.Any(one => one == Everybody || (one == project && one.Length > 0));
}
