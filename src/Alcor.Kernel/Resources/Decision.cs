using Alcor.Kernel.Store;

namespace Alcor.Kernel.Resources;

/// <summary>One resource as it shall be, or its end.</summary>
/// <param name="Value">The new value, or null to delete.</param>
/// <param name="Earlier">The value that the decision saw, or null if it saw none.</param>
/// <param name="Guarded">Whether the commit checks that the decision saw what is there.</param>
public sealed record ResourceChange(IResourceType Type, object? Value, Stamped<object>? Earlier, bool Guarded)
{
    /// <summary>Whether it counts against a quota without being held to it.</summary>
    public bool IsExemptFromQuota { get; init; }

    public object Subject => Value ?? Earlier?.Value ?? throw new InvariantException("a change has a subject");

    public ResourceKey Key => Type.KeyOf(Subject);

    public PartitionKey Partition => Type.PartitionOf(Subject);

    /// <summary>This change and a later one of the same resource, as one.</summary>
    public ResourceChange Then(ResourceChange later) => later with
    {
        Earlier = Guarded ? Earlier : later.Earlier,
        Guarded = Guarded,
        IsExemptFromQuota = IsExemptFromQuota,
    };
}

/// <summary>
/// What shall change, as values. The guards follow from the changes: what is created is absent, what is changed or
/// deleted is still what the decision saw, what is referred to exists, what is deleted is unreferenced.
/// </summary>
public sealed class Decision
{
    private readonly List<ResourceChange> changes = [];
    private readonly List<ResourceChange> answer = [];
    private readonly HashSet<Guard> concluded = [];
    private QuotaCounts? counts;

    public IReadOnlyList<ResourceChange> Changes => changes;

    /// <summary>The resources that the caller gets back, in the order in which it asked for them.</summary>
    public IReadOnlyList<ResourceChange> Answer => answer;

    /// <summary>What the changes count against quotas.</summary>
    public QuotaCounts Counts => counts ??= QuotaCounts.Of(changes);

    public Decision Create<T>(ResourceType<T> type, T value)
        where T : class => Add(new ResourceChange(type, value, null, Guarded: true));

    /// <summary>
    /// Creates what nobody asked for, such as the default security group of a project: it counts against quotas, but no
    /// quota keeps it from being there.
    /// </summary>
    public Decision CreateExempt<T>(ResourceType<T> type, T value)
        where T : class =>
        Add(new ResourceChange(type, value, null, Guarded: true) { IsExemptFromQuota = true });

    public Decision Update<T>(ResourceType<T> type, T value, Stamped<T> earlier)
        where T : class => Add(new ResourceChange(type, value, Untyped(earlier), Guarded: true));

    public Decision Delete<T>(ResourceType<T> type, Stamped<T> earlier)
        where T : class => Add(new ResourceChange(type, null, Untyped(earlier), Guarded: true));

    /// <summary>Updates a resource whose record the caller does not know, such as one that is tagged.</summary>
    public Decision Update(IResourceType type, object value, Stamped<object> earlier) =>
        Add(new ResourceChange(type, value, earlier, Guarded: true));

    /// <summary>
    /// Writes a resource that follows wholly from another one in this decision, whose guard covers both: such as the
    /// binding of a port.
    /// </summary>
    public Decision Follow<T>(ResourceType<T> type, T value)
        where T : class => Add(new ResourceChange(type, value, null, Guarded: false));

    /// <summary>Deletes a resource that followed from another one in this decision.</summary>
    public Decision Unfollow<T>(ResourceType<T> type, T value)
        where T : class => Add(new ResourceChange(type, null, new Stamped<object>(value, 0), Guarded: false));

    /// <summary>The last change is what the caller gets back, or one of several.</summary>
    public Decision AndAnswer()
    {
        answer.Add(changes[^1]);
        return this;
    }

    /// <summary>
    /// The caller gets back resources that are not stored but follow from what is written of their partition.
    /// </summary>
    public Decision AnswerInstead<T>(ResourceType<T> type, IEnumerable<T> values)
        where T : class
    {
        answer.Clear();
        answer.AddRange(values.Select(value => new ResourceChange(type, value, null, Guarded: false)));
        return this;
    }

    /// <summary>
    /// The decision rests on what was read of another resource, or on its not being there: the commit checks that this
    /// is still so.
    /// </summary>
    public Decision RestsOn<T>(ResourceType<T> type, string id, Stamped<T>? read)
        where T : class
    {
        var key = type.Key(id);
        concluded.Add(read is { } found ? new Guard.AtRevision(key, found.Revision) : new Guard.Absent(key));
        return this;
    }

    /// <summary>The decision rests on nothing referring to a resource: the commit checks that this is so.</summary>
    public Decision RestsOnUnreferenced<T>(ResourceType<T> type, string id)
        where T : class
    {
        concluded.Add(new Guard.Unreferenced(type.Key(id)));
        return this;
    }

    /// <summary>
    /// Adds what a decision changes that was made on what this one leaves behind. What both change is written once,
    /// and has to be what this one found.
    /// </summary>
    internal void Append(Decision next)
    {
        counts = null;
        foreach (var guard in next.concluded.Where(guard => changes.All(change => change.Key != guard.Key)))
            concluded.Add(guard);
        foreach (var change in next.changes)
        {
            var index = changes.FindIndex(earlier => earlier.Key == change.Key);
            if (index < 0)
                changes.Add(change);
            else if (change.Value is null && changes[index] is { Earlier: null, Guarded: true })
                changes.RemoveAt(index);
            else
                changes[index] = changes[index].Then(change);
        }
    }

    /// <param name="limitOf">How many resources a project may have of a type; null: as many as it likes.</param>
    public Transaction ToTransaction(Func<QuotaKey, long?> limitOf)
    {
        // What is written here or required already needs no guard of its being there.
        var known = changes.Where(change => change.Value is not null).Select(change => change.Key).ToHashSet();
        var guards = new List<Guard>(concluded);
        var writes = new List<Write>(changes.Count);
        foreach (var change in changes)
        {
            var write = change.Value is { } value
                ? change.Type.ToWrite(value)
                : Write.Tombstone(change.Key, change.Partition);
            writes.Add(write);
            AddGuards(guards, change, write.Key);
            foreach (var target in write.References)
            {
                if (known.Add(target))
                    guards.Add(new Guard.Exists(target));
            }
        }
        return new Transaction(writes, guards)
        {
            Counts = Counts.ToChanges(limitOf),
        };
    }

    private static void AddGuards(List<Guard> guards, ResourceChange change, ResourceKey key)
    {
        if (!change.Guarded)
            return;
        guards.Add(change.Earlier is { } earlier ? new Guard.AtRevision(key, earlier.Revision) : new Guard.Absent(key));
        if (change.Value is null)
            guards.Add(new Guard.Unreferenced(key));
    }

    private static Stamped<object> Untyped<T>(Stamped<T> stamped)
        where T : class => new(stamped.Value, stamped.Revision);

    private Decision Add(ResourceChange change)
    {
        changes.Add(change);
        counts = null;
        return this;
    }
}
