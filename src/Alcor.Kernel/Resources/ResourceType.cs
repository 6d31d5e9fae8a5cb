using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Alcor.Kernel.Store;

namespace Alcor.Kernel.Resources;

/// <summary>A resource type, seen without knowing its record.</summary>
public interface IResourceType
{
    /// <summary>The type's name in keys and in JSON envelopes: <c>port</c>.</summary>
    string Name { get; }

    /// <summary>The plural, as in URLs: <c>ports</c>.</summary>
    string Collection { get; }

    IReadOnlyList<IAttribute> Attributes { get; }

    /// <summary>Names of the index entries that <see cref="ToWrite"/> makes, which are attributes too.</summary>
    IReadOnlyList<string> Indexes { get; }

    /// <summary>Attributes that hold the id of a resource of the named type, which the references name too.</summary>
    IReadOnlyList<(string Attribute, string TargetType)> ListedByReference { get; }

    /// <summary>Whether it matters to which project a resource is shown.</summary>
    bool HasVisibility { get; }

    /// <summary>The projects that may see the resource; null when that is not a matter of projects.</summary>
    IEnumerable<string>? VisibleTo(object resource);

    /// <summary>What is kept beside it and shown inside it, if anything.</summary>
    Embedding? Embeds { get; }

    object Decode(ReadOnlyMemory<byte> value);

    ResourceKey KeyOf(object resource);

    PartitionKey PartitionOf(object resource);

    IEnumerable<Claim> ClaimsOf(object resource);

    /// <summary>The project whose quota the resource counts against; null when it is not counted.</summary>
    string? QuotaProjectOf(object resource);

    Write ToWrite(object resource);

    /// <summary>The attributes that show what <see cref="ShownWith"/> names.</summary>
    IReadOnlyList<string> ShownIn { get; }

    /// <summary>Resources that are shown as a part of this one, as they are when it is shown.</summary>
    IEnumerable<ResourceKey> ShownWith(object resource);

    /// <summary>The resource with what was read of these; null where there is none.</summary>
    object WithShown(object resource, Func<ResourceKey, object?> read);

    /// <summary>What the API calls it.</summary>
    ApiNames Api { get; }

    /// <summary>The resource that it is part of, if any.</summary>
    ParentLink? Parent { get; }

    /// <summary>Whether it carries tags.</summary>
    bool IsTagged { get; }

    /// <exception cref="InvariantException">The type is not tagged.</exception>
    ImmutableArray<string> TagsOf(object resource);

    /// <summary>The resource with other tags, as it is updated at a time.</summary>
    /// <exception cref="InvariantException">The type is not tagged.</exception>
    object WithTags(object resource, ImmutableArray<string> tags, DateTimeOffset now);
}

/// <summary>What the Networking API calls a resource type: in paths, in envelopes, in policies, in errors.</summary>
/// <param name="Path">Below the version: <c>qos/policies</c>.</param>
/// <param name="Singular">The envelope of one, and the name that policy rules end with: <c>policy</c>.</param>
/// <param name="Plural">The envelope of a list.</param>
public sealed record ApiNames(string Path, string Singular, string Plural)
{
    /// <summary>What policy rules call it, <c>create_x</c>, where that differs from the envelope.</summary>
    public string Policy { get; init; } = Singular;

    /// <summary>
    /// What its documentation calls it where that is not the type's name: for another way to the same resources.
    /// </summary>
    public string? Label { get; init; }

    /// <summary>The error for an id that does not exist, or that the caller may not know of.</summary>
    public Func<string, ApiError> NotFound { get; init; } = id => ApiError.NotFound(Singular, id);

    /// <summary>The error for an id that cannot be deleted, given a resource that still refers to it.</summary>
    public Func<string, ResourceKey, ApiError> InUse { get; init; } = (id, by) =>
        ApiError.Conflict("InUse", $"{new ResourceKey(Singular, id)} is in use by {by}.");
}

/// <summary>Says of which resource another one is part.</summary>
/// <param name="Type">The name of the parent's type.</param>
/// <param name="Attribute">The attribute that holds the parent's id.</param>
/// <param name="IsInPath">
/// Whether its path begins with its parent's: <c>qos/policies/{policy_id}/bandwidth_limit_rules</c>. Then
/// <see cref="ApiNames.Path"/> is the last segment alone, and the attribute is taken from the path, not the body.
/// </param>
public sealed record ParentLink(string Type, string Attribute, bool IsInPath = false);

/// <summary>
/// Everything that the rest of the system must know of a resource type, declared once: its record, where it lives,
/// what it claims, refers to and is listed by, and its attributes. Adding a type needs no migration of the store.
/// </summary>
public sealed class ResourceType<T>(string name, string collection) : IResourceType
    where T : class
{
    private string[]? indexNames;

    public string Name { get; } = name;

    public string Collection { get; } = collection;

    public required JsonTypeInfo<T> Json { get; init; }

    public required Func<T, string> Id { get; init; }

    public required Func<T, PartitionKey> Partition { get; init; }

    public Func<T, IEnumerable<Claim>> Claims { get; init; } = _ => [];

    public Func<T, IEnumerable<ResourceKey>> References { get; init; } = _ => [];

    /// <summary>
    /// Attributes by whose value the type is listed without a scan, or members of their objects
    /// (<c>fixed_ips.ip_address</c>); empty values are left out.
    /// </summary>
    public IReadOnlyList<(string Name, Func<T, IEnumerable<string>> Values)> IndexedBy { get; init; } = [];

    /// <summary>
    /// Attributes by whose value the type is listed by its references: each holds the id of a resource of the named
    /// type, and <see cref="References"/> names the same ones.
    /// </summary>
    public IReadOnlyList<(string Attribute, string TargetType)> ListedByReference { get; init; } = [];

    /// <summary>
    /// The projects that may see a resource: its owner, whom it is shared with, <see cref="Visibility.Everybody"/>; it
    /// is listed by them, empty ones left out. Null: it is not a matter of projects.
    /// </summary>
    public Func<T, IEnumerable<string>>? VisibleTo { get; init; }

    public bool HasVisibility => VisibleTo is not null;

    /// <summary>
    /// The project whose quota a resource counts against, empty for what belongs to none; null: it is not counted.
    /// </summary>
    public Func<T, string?>? QuotaProject { get; init; }

    public IReadOnlyList<IAttribute> Attributes { get; init; } = [];

    /// <summary>By default the type's own names, with dashes in the path where they have underscores.</summary>
    public ApiNames Api { get; init; } = new(collection.Replace('_', '-'), name, collection);

    public ParentLink? Parent { get; init; }

    public Embedding? Embeds { get; init; }

    /// <summary>Its tags, if the type has them; then <see cref="WithTags"/> is there too.</summary>
    public Func<T, ImmutableArray<string>>? Tags { get; init; }

    public Func<T, ImmutableArray<string>, DateTimeOffset, T>? WithTags { get; init; }

    public IReadOnlyList<string> ShownIn { get; init; } = [];

    /// <summary>
    /// What is shown as a part of a resource though it changes on its own, such as the status of a port that is used;
    /// it is read when one of <see cref="ShownIn"/> is shown, and put into the resource by <see cref="WithShown"/>.
    /// </summary>
    public Func<T, IEnumerable<ResourceKey>>? ShownWith { get; init; }

    public Func<T, Func<ResourceKey, object?>, T> WithShown { get; init; } = (resource, _) => resource;

    public bool IsTagged => Tags is not null;

    public IReadOnlyList<string> Indexes => field ??= [.. IndexedBy.Select(index => index.Name)];

    public ResourceKey Key(string id) => new(Name, id);

    public T Decode(ReadOnlyMemory<byte> value) =>
        JsonSerializer.Deserialize(value.Span, Json)
        ?? throw new InvariantException($"a stored {Name} is null");

    public Write ToWrite(T resource) =>
        new(
            Key(Id(resource)),
            Partition(resource),
            JsonSerializer.SerializeToUtf8Bytes(resource, Json),
            [.. Claims(resource)],
            Distinct(References(resource)),
            IndexEntries(resource));

    object IResourceType.Decode(ReadOnlyMemory<byte> value) => Decode(value);

    ResourceKey IResourceType.KeyOf(object resource) => Key(Id((T)resource));

    PartitionKey IResourceType.PartitionOf(object resource) => Partition((T)resource);

    IEnumerable<Claim> IResourceType.ClaimsOf(object resource) => Claims((T)resource);

    string? IResourceType.QuotaProjectOf(object resource) => QuotaProject?.Invoke((T)resource);

    IEnumerable<string>? IResourceType.VisibleTo(object resource) => VisibleTo?.Invoke((T)resource);

    IEnumerable<ResourceKey> IResourceType.ShownWith(object resource) => ShownWith?.Invoke((T)resource) ?? [];

    object IResourceType.WithShown(object resource, Func<ResourceKey, object?> read) => WithShown((T)resource, read);

    Write IResourceType.ToWrite(object resource) => ToWrite((T)resource);

    ImmutableArray<string> IResourceType.TagsOf(object resource) =>
        Tags is { } tags ? tags((T)resource) : throw new InvariantException($"{Collection} carry no tags");

    object IResourceType.WithTags(object resource, ImmutableArray<string> tags, DateTimeOffset now) =>
        WithTags is { } with
            ? with((T)resource, tags, now)
            : throw new InvariantException($"{Collection} carry no tags");

    private List<IndexEntry> IndexEntries(T resource)
    {
        // Written with each resource: the names are made once.
        var names = indexNames ??=
            [.. IndexedBy.Select(index => index.Name).Append(Visibility.Index).Select(this.IndexName)];
        var entries = new List<IndexEntry>(names.Length + 1);
        for (var i = 0; i < IndexedBy.Count; i++)
            Add(names[i], IndexedBy[i].Values(resource));
        if (VisibleTo is { } projects)
            Add(names[^1], projects(resource));
        return entries;

        void Add(string name, IEnumerable<string> values)
        {
            foreach (var value in Distinct(values))
            {
                if (value.Length > 0)
                    entries.Add(new IndexEntry(name, value));
            }
        }
    }

    /// <summary>Most often there are few, for which comparing is cheaper than hashing.</summary>
    private static List<TItem> Distinct<TItem>(IEnumerable<TItem> items)
    {
        const int hashedFrom = 8;
        var distinct = new List<TItem>();
        HashSet<TItem>? seen = null;
        foreach (var item in items)
        {
            if (distinct.Count == hashedFrom)
                seen ??= [.. distinct];
            if (seen?.Add(item) ?? !distinct.Contains(item))
                distinct.Add(item);
        }
        return distinct;
    }
}

/// <summary>The resource types that there are.</summary>
public sealed class Catalog
{
    private readonly Dictionary<string, IResourceType> types;

    public Catalog(params IReadOnlyList<IResourceType> types) =>
        this.types = types.ToDictionary(type => type.Name);

    public IEnumerable<IResourceType> Types => types.Values;

    public IResourceType this[string name] =>
        types.TryGetValue(name, out var type)
            ? type
            : throw new InvariantException($"no resource type is called {name}");

    public Stamped<object> Decode(StoredResource resource) =>
        new(this[resource.Key.Type].Decode(resource.Value), resource.Revision);

    /// <summary>All of a partition, as decisions and views see it.</summary>
    public async ValueTask<Snapshot> LoadAsync(IStore store, PartitionKey partition)
    {
        var whole = await store.SnapshotAsync(partition, CancellationToken.None);
        var loaded = Snapshot.Empty(partition);
        foreach (var resource in whole.Resources)
            loaded = loaded.With(this[resource.Key.Type], Decode(resource));
        return loaded.AtRevision(whole.Revision);
    }
}
