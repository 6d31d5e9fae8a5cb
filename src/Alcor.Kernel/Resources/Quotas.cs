using System.Runtime.InteropServices;
using Alcor.Kernel.Store;

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

/// <summary>What the changes of a decision mean for quotas.</summary>
public sealed class QuotaCounts
{
    private static readonly Dictionary<QuotaKey, long> Nothing = [];

    private readonly Dictionary<QuotaKey, long> net;
    private readonly Dictionary<QuotaKey, long> exempt;

    private QuotaCounts(Dictionary<QuotaKey, long> net, Dictionary<QuotaKey, long> exempt) =>
        (this.net, this.exempt) = (net, exempt);

    /// <summary>What all changes add up to, by what the limits apply to.</summary>
    public IReadOnlyDictionary<QuotaKey, long> Net => net;

    /// <summary>What grows, and is held to its limit.</summary>
    public IEnumerable<QuotaKey> Limited => net.Keys.Where(key => net[key] > exempt.GetValueOrDefault(key));

    /// <summary>
    /// Adds up. What follows from another resource is not counted, and nothing unguarded is: it may be there already.
    /// </summary>
    public static QuotaCounts Of(IReadOnlyList<ResourceChange> changes)
    {
        var (net, exempt) = (Nothing, Nothing);
        foreach (var change in changes)
        {
            if (!change.Guarded)
                continue;
            var after = ProjectOf(change, change.Value);
            var before = ProjectOf(change, change.Earlier?.Value);
            if (after == before)
                continue;
            Add(ref net, after, change.Type.Name, 1);
            Add(ref net, before, change.Type.Name, -1);
            if (change.IsExemptFromQuota)
                Add(ref exempt, after, change.Type.Name, 1);
        }
        return new QuotaCounts(net, exempt);
    }

    /// <param name="limitOf">How much is allowed of what is <see cref="Limited"/>; null: any number.</param>
    public IReadOnlyList<CounterChange> ToChanges(Func<QuotaKey, long?> limitOf)
    {
        if (net.Count == 0)
            return [];
        var limited = Limited.ToHashSet();
        return
        [
            .. from count in net
               where count.Value != 0
               // Room for what is exempt is on top of the limit.
               let limit = limited.Contains(count.Key)
                   ? limitOf(count.Key) + exempt.GetValueOrDefault(count.Key)
                   : null
               select new CounterChange(count.Key.ToString(), count.Value, limit),
        ];
    }

    private static string? ProjectOf(ResourceChange change, object? resource) =>
        resource is null ? null : change.Type.QuotaProjectOf(resource);

    private static void Add(ref Dictionary<QuotaKey, long> counts, string? project, string type, long delta)
    {
        if (project is null)
            return;
        if (counts == Nothing)
            counts = [];
        CollectionsMarshal.GetValueRefOrAddDefault(counts, new QuotaKey(project, type), out _) += delta;
    }
}
