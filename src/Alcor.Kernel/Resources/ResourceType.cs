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

    object Decode(ReadOnlyMemory<byte> value);

    ResourceKey KeyOf(object resource);

    PartitionKey PartitionOf(object resource);

    IEnumerable<Claim> ClaimsOf(object resource);

    /// <summary>The project whose quota the resource counts against; null when it is not counted.</summary>
    string? QuotaProjectOf(object resource);

    Write ToWrite(object resource);
}

/// <summary>
/// Everything that the rest of the system must know of a resource type, declared once: its record, where it lives,
/// what it claims, refers to and is listed by, and its attributes. Adding a type needs no migration of the store.
/// </summary>
public sealed class ResourceType<T>(string name, string collection) : IResourceType
    where T : class
{
    public string Name { get; } = name;

    public string Collection { get; } = collection;

    public required JsonTypeInfo<T> Json { get; init; }

    public required Func<T, string> Id { get; init; }

    public required Func<T, PartitionKey> Partition { get; init; }

    public Func<T, IEnumerable<Claim>> Claims { get; init; } = _ => [];

    public Func<T, IEnumerable<ResourceKey>> References { get; init; } = _ => [];

    /// <summary>Attributes by whose value the type is listed without a scan; empty values are left out.</summary>
    public IReadOnlyList<(string Name, Func<T, IEnumerable<string>> Values)> IndexedBy { get; init; } = [];

    /// <summary>
    /// The project whose quota a resource counts against, empty for what belongs to none; null: it is not counted.
    /// </summary>
    public Func<T, string>? QuotaProject { get; init; }

    public IReadOnlyList<IAttribute> Attributes { get; init; } = [];

    public IReadOnlyList<string> Indexes => [.. IndexedBy.Select(index => index.Name)];

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
            [.. References(resource).Distinct()],
            [.. IndexEntries(resource)]);

    object IResourceType.Decode(ReadOnlyMemory<byte> value) => Decode(value);

    ResourceKey IResourceType.KeyOf(object resource) => Key(Id((T)resource));

    PartitionKey IResourceType.PartitionOf(object resource) => Partition((T)resource);

    IEnumerable<Claim> IResourceType.ClaimsOf(object resource) => Claims((T)resource);

    string? IResourceType.QuotaProjectOf(object resource) => QuotaProject?.Invoke((T)resource);

    Write IResourceType.ToWrite(object resource) => ToWrite((T)resource);

    private IEnumerable<IndexEntry> IndexEntries(T resource) =>
        from index in IndexedBy
        from value in index.Values(resource).Distinct()
        where value.Length > 0
        select new IndexEntry($"{Name}.{index.Name}", value);
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
}
