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

    /// <summary>
    /// Whether it is committed before the next command of its lane is decided: since it changes what its like look at
    /// in other partitions, to decide several of them at once would be in vain for all but one.
    /// </summary>
    bool IsAlone => false;

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
    /// <summary>What is seen over what was read; null: nothing.</summary>
    private Foresight? Foresight { get; init; }

    public DateTimeOffset Now { get; } = now;

    /// <summary>A resource of any partition as it is now, or null.</summary>
    public Stamped<T>? Read<T>(ResourceType<T> type, string id)
        where T : class =>
        Read(type.Key(id)) is { } found ? new Stamped<T>((T)found.Value, found.Revision) : null;

    /// <summary>All of another partition.</summary>
    public Snapshot Partition(PartitionKey partition) =>
        Foresight is { } foresight ? foresight.Over(partition, readings.Find) : readings.Find(partition);

    /// <summary>The resources of a type that have a value under one of its declared indexes, at most so many.</summary>
    public IReadOnlyList<Stamped<T>> List<T>(
        ResourceType<T> type, string index, string value, int limit = int.MaxValue)
        where T : class => List(type, ListQuery.By(type.Name, $"{type.Name}.{index}", value) with { Limit = limit });

    /// <summary>All resources of a type: for types of which there are few.</summary>
    public IReadOnlyList<Stamped<T>> List<T>(ResourceType<T> type)
        where T : class => List(type, ListQuery.All(type.Name));

    /// <summary>A resource whose record the caller does not know.</summary>
    public Stamped<object>? Read(ResourceKey key) =>
        Foresight is { } foresight && foresight.TryFind(key, out var foreseen) ? foreseen : readings.Find(key);

    /// <summary>The resources of a type that refer to another resource.</summary>
    public IReadOnlyList<Stamped<object>> Referrers(ResourceKey target, IResourceType type) =>
        List(ListQuery.To(target, type.Name));

    /// <summary>At most so many resources of a type that refer to another resource.</summary>
    public IReadOnlyList<Stamped<T>> Referrers<T>(
        ResourceKey target, ResourceType<T> type, int limit = int.MaxValue)
        where T : class => List(type, ListQuery.To(target, type.Name) with { Limit = limit });

    /// <summary>The same, as it will be once a decision is committed that was made on a lane's snapshot.</summary>
    internal DecideContext After(Decision decision, Snapshot lane) =>
        new(Now, readings) { Foresight = new Foresight(decision, lane) };

    private IReadOnlyList<Stamped<T>> List<T>(ResourceType<T> type, ListQuery query)
        where T : class
    {
        Invariant.Require(query.Type == type.Name, "a query lists the type that it was made for");
        return [.. List(query).Select(found => new Stamped<T>((T)found.Value, found.Revision))];
    }

    private IReadOnlyList<Stamped<object>> List(ListQuery query) =>
        Foresight is { } foresight ? foresight.Over(query, readings.Find) : readings.Find(query);
}
