using System.Text.Json;
using System.Text.Json.Nodes;

namespace Alcor.Kernel.Resources;

/// <summary>Reads a JSON value, or says why it cannot be one of this kind.</summary>
/// <param name="reason">Empty when the answer is true; else what is wrong, to follow "Reason: ".</param>
public delegate bool TryRead<T>(JsonElement json, out T value, out string reason);

/// <summary>
/// The shape of an attribute's value: how it is read and refused, written, filtered by, sorted by and described.
/// Declared once for each attribute; validation, listing and the OpenAPI document all follow from it.
/// </summary>
public sealed class Schema<T>
{
    public required TryRead<T> TryRead { get; init; }

    public required Action<Utf8JsonWriter, T> Write { get; init; }

    /// <summary>
    /// What Neutron says of a value that cannot be read because it fails to convert it, which it does before it checks
    /// it: the error is InvalidInput then, and HTTPBadRequest if this is null.
    /// </summary>
    public Func<JsonElement, string?> Unconvertible { get; init; } = _ => null;

    /// <summary>
    /// The texts that a query parameter may equal to select this value; a list gives one for each element.
    /// </summary>
    public required Func<T, IEnumerable<string>> FilterTexts { get; init; }

    /// <summary>The JSON Schema (OpenAPI 3.0 dialect), a fresh object each time.</summary>
    public required Func<JsonObject> Describe { get; init; }

    /// <summary>What the value is ordered by; values of one attribute are comparable with one another.</summary>
    public Func<T, IComparable?> SortKey { get; init; } = _ => null;

    /// <summary>The same shape, of what Neutron converts before it checks it.</summary>
    public Schema<T> Converted(Func<JsonElement, string?> unconvertible) => new()
    {
        TryRead = TryRead,
        Write = Write,
        Unconvertible = unconvertible,
        FilterTexts = FilterTexts,
        Describe = Describe,
        SortKey = SortKey,
    };
}
