using System.Runtime.InteropServices;

namespace Alcor.Kernel.Resources;

/// <summary>What a limit applies to: the resources of one type that count against one project.</summary>
/// <param name="Project">Empty for what belongs to no project.</param>
/// <param name="Type">The type's name, which is Neutron's name of the quota too.</param>
public readonly record struct QuotaKey(string Project, string Type)
{
    private const string Root = "quota/";

    /// <summary>
    /// All counters of a project start with it; so do those of one whose name goes on behind the slash.
    /// </summary>
    public static string PrefixOf(string project) => $"{Root}{project}/";

    /// <summary>Reads the key of a counter; a project may have slashes in it, a type has none.</summary>
    /// <exception cref="FormatException">It is the key of something else.</exception>
    public static QuotaKey Parse(string counter)
    {
        var slash = counter.LastIndexOf('/');
        return counter.StartsWith(Root, StringComparison.Ordinal) && slash >= Root.Length
            ? new QuotaKey(counter[Root.Length..slash], counter[(slash + 1)..])
            : throw new FormatException($"'{counter}' counts no quota: expected quota/project/type");
    }

    /// <summary>The key of the counter.</summary>
    public override string ToString() => $"{Root}{Project}/{Type}";
}

/// <summary>Says how many resources a project may have.</summary>
public interface IQuotaLimits
{
    /// <returns>Null: as many as it likes. Never negative.</returns>
    ValueTask<long?> LimitOfAsync(string project, string type);
}

/// <summary>Adds up what the changes of a decision mean for quotas.</summary>
internal static class QuotaCounting
{
    private static readonly Dictionary<QuotaKey, long> Nothing = [];

    /// <summary>
    /// Net, by what the limits apply to. What follows from another resource is not counted, and nothing unguarded is:
    /// it may be there already.
    /// </summary>
    public static IReadOnlyDictionary<QuotaKey, long> Count(IReadOnlyList<ResourceChange> changes)
    {
        Dictionary<QuotaKey, long>? counts = null;
        foreach (var change in changes)
        {
            if (!change.Guarded)
                continue;
            var after = ProjectOf(change, change.Value);
            var before = ProjectOf(change, change.Earlier?.Value);
            if (after == before)
                continue;
            counts ??= [];
            Add(counts, after, change.Type.Name, 1);
            Add(counts, before, change.Type.Name, -1);
        }
        return counts ?? Nothing;
    }

    private static string? ProjectOf(ResourceChange change, object? resource) =>
        resource is null ? null : change.Type.QuotaProjectOf(resource);

    private static void Add(Dictionary<QuotaKey, long> counts, string? project, string type, long delta)
    {
        if (project is not null)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, new QuotaKey(project, type), out _) += delta;
    }
}
