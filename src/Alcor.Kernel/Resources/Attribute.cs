using System.Text.Json;
using System.Text.Json.Nodes;

namespace Alcor.Kernel.Resources;

/// <summary>Whether an attribute may, must or must not be in a request.</summary>
public enum Presence
{
    NotAllowed,
    Optional,
    Required,
}

/// <summary>A resource with the revision of its last commit.</summary>
public readonly record struct Stamped<T>(T Value, long Revision);

/// <summary>An attribute of a resource type, seen without knowing the types.</summary>
public interface IAttribute
{
    string Name { get; }

    /// <summary>One sentence for the API's documentation.</summary>
    string Description { get; }

    Presence InCreate { get; }

    /// <summary>Whether a PUT may carry it.</summary>
    bool InUpdate { get; }

    /// <summary>Whether it is shown; else it is only sent.</summary>
    bool IsVisible { get; }

    /// <summary>Whether its value depends on who looks, as <c>shared</c> does.</summary>
    bool IsInTheEye { get; }

    /// <summary>The attribute as this caller sees it.</summary>
    IAttribute SeenBy(Caller caller);

    /// <summary>Whether this resource has it at all; where not, it is left out.</summary>
    bool AppliesTo(Stamped<object> resource);

    /// <summary>Whether a list may be filtered by it.</summary>
    bool IsFilterable { get; }

    /// <summary>Whether a value read from a request is what a creation gets that does not name the attribute.</summary>
    bool IsDefault(object? value);

    /// <summary>Reads a request's value for it; <paramref name="value"/> goes into a <see cref="Body"/>.</summary>
    bool TryRead(JsonElement json, out object? value, out string reason);

    /// <summary>The error for a value that could not be read, and why.</summary>
    ApiError Refuse(JsonElement json, string reason);

    /// <summary>Writes the value alone, not the name.</summary>
    void Write(Utf8JsonWriter writer, Stamped<object> resource);

    IEnumerable<string> FilterTexts(Stamped<object> resource);

    /// <summary>What a value read from a request, or the default, is as text: what the policy compares.</summary>
    IEnumerable<string> TextsOf(object? value);

    /// <summary>What a creation that does not name the attribute gets.</summary>
    object? DefaultValue { get; }

    IComparable? SortKey(Stamped<object> resource);

    JsonObject Describe();
}

/// <summary>
/// An attribute of <typeparamref name="TResource"/>: its name, who may set it, and where its value comes from.
/// </summary>
public sealed class Attribute<TResource, TValue>(string name, Schema<TValue> schema, string description) : IAttribute
    where TResource : class
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    public Schema<TValue> Schema { get; } = schema;

    public Presence InCreate { get; init; }

    public bool InUpdate { get; init; }

    public bool IsVisible { get; init; } = true;

    public bool IsFilterable { get; init; } = true;

    /// <summary>Which resources have it, if not all.</summary>
    public Func<TResource, bool>? AppliesOnlyTo { get; init; }

    /// <summary>What a creation that does not name the attribute gets.</summary>
    public TValue Default { get; init; } = default!;

    public required Func<Stamped<TResource>, TValue> Read { get; init; }

    /// <summary>Its value for one who looks, if that is not the same for all.</summary>
    public Func<Stamped<TResource>, Caller, TValue>? ReadFor { get; init; }

    public bool IsInTheEye => ReadFor is not null;

    IAttribute IAttribute.SeenBy(Caller caller) => ReadFor is not { } readFor
        ? this
        : new Attribute<TResource, TValue>(Name, Schema, Description)
        {
            Read = resource => readFor(resource, caller),
            InCreate = InCreate,
            InUpdate = InUpdate,
            IsVisible = IsVisible,
            IsFilterable = IsFilterable,
            Default = Default,
        };

    bool IAttribute.TryRead(JsonElement json, out object? value, out string reason)
    {
        var ok = Schema.TryRead(json, out var typed, out reason);
        value = typed;
        return ok;
    }

    ApiError IAttribute.Refuse(JsonElement json, string reason) =>
        Schema.Unconvertible(json) is { } unconvertible
            ? ApiError.Unconvertible(Name, unconvertible)
            : ApiError.InvalidInput(Name, reason);

    bool IAttribute.IsDefault(object? value) => EqualityComparer<TValue>.Default.Equals((TValue)value!, Default);

    bool IAttribute.AppliesTo(Stamped<object> resource) =>
        AppliesOnlyTo is null || AppliesOnlyTo((TResource)resource.Value);

    void IAttribute.Write(Utf8JsonWriter writer, Stamped<object> resource) =>
        Schema.Write(writer, ReadUntyped(resource));

    IEnumerable<string> IAttribute.FilterTexts(Stamped<object> resource) =>
        Schema.FilterTexts(ReadUntyped(resource));

    IEnumerable<string> IAttribute.TextsOf(object? value) => Schema.FilterTexts((TValue)value!);

    object? IAttribute.DefaultValue => Default;

    IComparable? IAttribute.SortKey(Stamped<object> resource) => Schema.SortKey(ReadUntyped(resource));

    JsonObject IAttribute.Describe() => Schema.Describe();

    private TValue ReadUntyped(Stamped<object> resource) =>
        Read(new Stamped<TResource>((TResource)resource.Value, resource.Revision));
}

/// <summary>
/// The attributes that a request named, read and valid each for itself. An attribute that was absent is not in it;
/// one that was null is in it with a null value, if its schema allows null.
/// </summary>
public sealed class Body(IReadOnlyDictionary<IAttribute, object?> values)
{
    public static readonly Body Empty = new(new Dictionary<IAttribute, object?>());

    /// <summary>The attributes that the request named.</summary>
    public IEnumerable<IAttribute> Named => values.Keys;

    /// <summary>The value of a named attribute, whatever its type.</summary>
    public object? this[IAttribute attribute] => values[attribute];

    public Body With(IAttribute attribute, object? value) =>
        new(new Dictionary<IAttribute, object?>(values) { [attribute] = value });

    public bool Has(IAttribute attribute) => values.ContainsKey(attribute);

    /// <summary>The request's value, or the attribute's default.</summary>
    public TValue Get<TResource, TValue>(Attribute<TResource, TValue> attribute)
        where TResource : class =>
        values.TryGetValue(attribute, out var value) ? (TValue)value! : attribute.Default;

    /// <summary>The request's value, or what the resource has now.</summary>
    public TValue Get<TResource, TValue>(Attribute<TResource, TValue> attribute, TValue current)
        where TResource : class =>
        values.TryGetValue(attribute, out var value) ? (TValue)value! : current;
}
