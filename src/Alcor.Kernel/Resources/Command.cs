using Alcor.Kernel.Store;

namespace Alcor.Kernel.Resources;

/// <summary>Something that a caller wants to happen. Ids and randomness are already in it.</summary>
public interface ICommand
{
    /// <summary>The partition that orders it, and whose snapshot it is decided on.</summary>
    PartitionKey Lane { get; }

    /// <summary>
    /// Resources of other partitions that Decide is known to look at: naming them here spares deciding twice.
    /// </summary>
    IReadOnlyList<ResourceKey> Reads => [];

    /// <summary>
    /// Further partitions that it is known to be decided on, such as the other networks of a bulk creation.
    /// </summary>
    IReadOnlyList<PartitionKey> Others => [];

    /// <summary>Whether what it creates counts against quotas, but is not held to them.</summary>
    bool IsExemptFromQuota => false;

    /// <summary>
    /// Pure: what shall change, or what is wrong with the request. Called again, with the same arguments but more in
    /// the context, when it asked the context for what had not been read yet.
    /// </summary>
    Result<Decision> Decide(Snapshot snapshot, DecideContext context);
}

/// <summary>
/// What a decision depends on besides its partition. What is asked for and has not been read yet seems not to be
/// there; whatever is decided then is thrown away, it is read, and the command is decided again. What a decision
/// concludes from another partition has to be covered by a guard (<see cref="Decision.RestsOn"/>), a reference or a
/// claim.
/// </summary>
/// <param name="now">The time of the decision, UTC.</param>
public sealed class DecideContext(DateTimeOffset now, Readings readings)
{
    public DateTimeOffset Now { get; } = now;

    /// <summary>A resource of any partition as it is now, or null.</summary>
    public Stamped<T>? Read<T>(ResourceType<T> type, string id)
        where T : class =>
        readings.Find(type.Key(id)) is { } found ? new Stamped<T>((T)found.Value, found.Revision) : null;

    /// <summary>All of another partition.</summary>
    public Snapshot Partition(PartitionKey partition) => readings.Find(partition);

    /// <summary>The resources of a type that have a value under one of its declared indexes.</summary>
    public IReadOnlyList<Stamped<T>> List<T>(ResourceType<T> type, string index, string value)
        where T : class => List(type, ListQuery.By(type.Name, $"{type.Name}.{index}", value));

    /// <summary>All resources of a type: for types of which there are few.</summary>
    public IReadOnlyList<Stamped<T>> List<T>(ResourceType<T> type)
        where T : class => List(type, ListQuery.All(type.Name));

    /// <summary>A resource whose record the caller does not know.</summary>
    public Stamped<object>? Read(ResourceKey key) => readings.Find(key);

    /// <summary>The resources of a type that refer to another resource.</summary>
    public IReadOnlyList<Stamped<object>> Referrers(ResourceKey target, IResourceType type) =>
        readings.Find(ListQuery.To(target, type.Name));

    /// <summary>At most so many resources of a type that refer to another resource.</summary>
    public IReadOnlyList<Stamped<T>> Referrers<T>(
        ResourceKey target, ResourceType<T> type, int limit = int.MaxValue)
        where T : class => List(type, ListQuery.To(target, type.Name) with { Limit = limit });

    private IReadOnlyList<Stamped<T>> List<T>(ResourceType<T> type, ListQuery query)
        where T : class
    {
        Invariant.Require(query.Type == type.Name, "a query lists the type that it was made for");
        return [.. readings.Find(query).Select(found => new Stamped<T>((T)found.Value, found.Revision))];
    }
}
