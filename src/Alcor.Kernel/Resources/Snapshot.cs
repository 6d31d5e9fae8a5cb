using System.Collections.Immutable;
using Alcor.Kernel.Store;

namespace Alcor.Kernel.Resources;

/// <summary>
/// A partition as Decide sees it: its resources at a revision, and which numbers they claim. Immutable; a lane
/// evolves it from command to command.
/// </summary>
public sealed class Snapshot
{
    private static readonly ImmutableDictionary<string, Stamped<object>> NoResources =
        ImmutableDictionary<string, Stamped<object>>.Empty;

    private readonly ImmutableDictionary<string, ImmutableDictionary<string, Stamped<object>>> resources;
    private readonly ImmutableDictionary<string, NumberSet> claimed;

    private Snapshot(
        PartitionKey partition,
        long revision,
        ImmutableDictionary<string, ImmutableDictionary<string, Stamped<object>>> resources,
        ImmutableDictionary<string, NumberSet> claimed)
    {
        Partition = partition;
        Revision = revision;
        this.resources = resources;
        this.claimed = claimed;
    }

    public PartitionKey Partition { get; }

    public long Revision { get; }

    public static Snapshot Empty(PartitionKey partition) =>
        new(
            partition,
            0,
            ImmutableDictionary<string, ImmutableDictionary<string, Stamped<object>>>.Empty,
            ImmutableDictionary<string, NumberSet>.Empty);

    public Stamped<T>? Find<T>(ResourceType<T> type, string id)
        where T : class =>
        OfType(type.Name).TryGetValue(id, out var found) ? new Stamped<T>((T)found.Value, found.Revision) : null;

    /// <summary>A resource whose record the caller does not know.</summary>
    public Stamped<object>? Find(ResourceKey key) => OfType(key.Type).TryGetValue(key.Id, out var found) ? found : null;

    public IEnumerable<T> All<T>(ResourceType<T> type)
        where T : class => OfType(type.Name).Values.Select(stamped => (T)stamped.Value);

    public int Count(IResourceType type) => OfType(type.Name).Count;

    /// <summary>The numbers of a space that resources of this partition claim.</summary>
    public NumberSet Claimed(string space) => claimed.GetValueOrDefault(space, NumberSet.Empty);

    public Snapshot AtRevision(long revision) => new(Partition, revision, resources, claimed);

    public Snapshot With(IResourceType type, Stamped<object> resource)
    {
        var key = type.KeyOf(resource.Value);
        var byId = OfType(key.Type);
        var claims = byId.TryGetValue(key.Id, out var earlier) ? Release(type, earlier.Value) : claimed;
        return new Snapshot(
            Partition,
            Revision,
            resources.SetItem(key.Type, byId.SetItem(key.Id, resource)),
            Take(claims, type, resource.Value));
    }

    /// <summary>
    /// With what a resource claims, but not the resource: all that the next resource of the same command must see of
    /// it.
    /// </summary>
    public Snapshot WithClaimsOf(IResourceType type, object resource) =>
        new(Partition, Revision, resources, Take(claimed, type, resource));

    public Snapshot Without(IResourceType type, string id)
    {
        var byId = OfType(type.Name);
        return byId.TryGetValue(id, out var earlier)
            ? new Snapshot(
                Partition, Revision, resources.SetItem(type.Name, byId.Remove(id)), Release(type, earlier.Value))
            : this;
    }

    private ImmutableDictionary<string, Stamped<object>> OfType(string type) =>
        resources.GetValueOrDefault(type, NoResources);

    private static ImmutableDictionary<string, NumberSet> Take(
        ImmutableDictionary<string, NumberSet> claims, IResourceType type, object resource)
    {
        foreach (var claim in type.ClaimsOf(resource))
        {
            var numbers = claims.GetValueOrDefault(claim.Space, NumberSet.Empty);
            claims = claims.SetItem(claim.Space, numbers.Add(claim.Number));
        }
        return claims;
    }

    private ImmutableDictionary<string, NumberSet> Release(IResourceType type, object resource)
    {
        var claims = claimed;
        foreach (var claim in type.ClaimsOf(resource))
        {
            var left = claims.GetValueOrDefault(claim.Space, NumberSet.Empty).Remove(claim.Number);
            claims = left.RunCount == 0 ? claims.Remove(claim.Space) : claims.SetItem(claim.Space, left);
        }
        return claims;
    }
}
