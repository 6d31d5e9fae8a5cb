using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Alcor.Ovsdb;

/// <summary>
/// A column's value (RFC 7047 section 5.1): a set of distinct atoms or a map from atom to atom. A single atom and the
/// set of it alone are the same value, as they are in the database. Immutable, compared by content.
/// </summary>
/// <remarks>Elements are kept in one order: equality, hash and encoding do not depend on how it was built.</remarks>
public sealed class OvsdbValue : IEquatable<OvsdbValue>
{
    private static readonly Comparer<OvsdbAtom> Order = Comparer<OvsdbAtom>.Create(OvsdbAtom.Compare);

    private readonly ImmutableArray<OvsdbAtom> keys;
    private readonly ImmutableArray<OvsdbAtom> mapped;

    private OvsdbValue(ImmutableArray<OvsdbAtom> keys, ImmutableArray<OvsdbAtom> mapped)
    {
        this.keys = keys;
        this.mapped = mapped;
    }

    public static OvsdbValue EmptySet { get; } = new([], default);

    public static OvsdbValue EmptyMap { get; } = new([], []);

    public bool IsMap => !mapped.IsDefault;

    public int Count => keys.Length;

    /// <summary>The elements of a set; <see cref="OvsdbFormatException"/> if this is a map.</summary>
    public ImmutableArray<OvsdbAtom> Atoms =>
        IsMap ? throw new OvsdbFormatException("A set was expected, this is a map.") : keys;

    /// <summary>The pairs of a map; <see cref="OvsdbFormatException"/> if this is a set.</summary>
    public IEnumerable<KeyValuePair<OvsdbAtom, OvsdbAtom>> Pairs => IsMap
        ? keys.Zip(mapped, KeyValuePair.Create)
        : throw new OvsdbFormatException("A map was expected, this is a set.");

    /// <summary>The only element; <see cref="OvsdbFormatException"/> if there is none or more.</summary>
    public OvsdbAtom Single => Atoms is [var atom]
        ? atom
        : throw new OvsdbFormatException($"One atom was expected, there are {Count}.");

    public static OvsdbValue Of(OvsdbAtom atom) => new([atom], default);

    /// <summary>The set of the distinct ones among <paramref name="atoms"/>.</summary>
    public static OvsdbValue Set(params IEnumerable<OvsdbAtom> atoms)
    {
        var sorted = atoms.ToArray();
        Array.Sort(sorted, Order);
        return new([.. sorted.Where((atom, i) => i == 0 || atom != sorted[i - 1])], default);
    }

    public static OvsdbValue Strings(params IEnumerable<string> texts) => Set(texts.Select(OvsdbAtom.OfString));

    public static OvsdbValue Uuids(params IEnumerable<Guid> uuids) => Set(uuids.Select(OvsdbAtom.OfUuid));

    /// <summary>The map of <paramref name="pairs"/>, whose keys must be distinct.</summary>
    public static OvsdbValue Map(params IEnumerable<KeyValuePair<OvsdbAtom, OvsdbAtom>> pairs)
    {
        var sorted = pairs.OrderBy(pair => pair.Key, Order).ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Key == sorted[i - 1].Key)
                throw new ArgumentException($"The key '{sorted[i].Key}' is there twice.", nameof(pairs));
        }

        return new([.. sorted.Select(pair => pair.Key)], [.. sorted.Select(pair => pair.Value)]);
    }

    public static OvsdbValue Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        Map(pairs.Select(pair => KeyValuePair.Create(OvsdbAtom.OfString(pair.Key), OvsdbAtom.OfString(pair.Value))));

    public static implicit operator OvsdbValue(OvsdbAtom atom) => Of(atom);

    public static implicit operator OvsdbValue(long value) => Of(value);

    public static implicit operator OvsdbValue(bool value) => Of(value);

    public static implicit operator OvsdbValue(string value) => Of(value);

    public static implicit operator OvsdbValue(Guid value) => Of(value);

    public static bool operator ==(OvsdbValue? left, OvsdbValue? right) => Equals(left, right);

    public static bool operator !=(OvsdbValue? left, OvsdbValue? right) => !Equals(left, right);

    /// <summary>Decodes one value; <see cref="OvsdbFormatException"/> if it is none.</summary>
    public static OvsdbValue Parse(ReadOnlyMemory<byte> json) => OvsdbJson.Read(json, Read);

    public byte[] ToJson() => OvsdbJson.Write(Write).WrittenSpan.ToArray();

    public bool Contains(OvsdbAtom key) => keys.BinarySearch(key, Order) >= 0;

    /// <summary>What the map holds at <paramref name="key"/>, null if nothing or if this is a set.</summary>
    public OvsdbAtom? Find(OvsdbAtom key)
    {
        if (!IsMap) return null;
        var index = keys.BinarySearch(key, Order);
        return index < 0 ? (OvsdbAtom?)null : mapped[index];
    }

    public bool Equals(OvsdbValue? other)
    {
        if (ReferenceEquals(this, other)) return true;
        return other is not null && IsMap == other.IsMap && keys.AsSpan().SequenceEqual(other.keys.AsSpan())
            && (!IsMap || mapped.AsSpan().SequenceEqual(other.mapped.AsSpan()));
    }

    public override bool Equals(object? obj) => Equals(obj as OvsdbValue);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(IsMap);
        foreach (var key in keys) hash.Add(key);
        if (IsMap) foreach (var atom in mapped) hash.Add(atom);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(ToJson());

    /// <summary>
    /// This value after a difference of the <c>update2</c> notification: elements in one of both sets remain; a map
    /// loses the pairs that the difference repeats and takes the others from it.
    /// </summary>
    internal OvsdbValue Apply(OvsdbValue difference)
    {
        if (IsMap != difference.IsMap)
            throw new OvsdbFormatException("The difference of a set is a set and that of a map is a map.");
        if (!IsMap)
        {
            var kept = keys.Where(atom => !difference.Contains(atom));
            return Set(kept.Concat(difference.keys.Where(atom => !Contains(atom))));
        }

        var pairs = Pairs.ToDictionary();
        foreach (var (key, value) in difference.Pairs)
        {
            if (pairs.TryGetValue(key, out var old) && old == value) pairs.Remove(key);
            else pairs[key] = value;
        }

        return Map(pairs);
    }

    internal static OvsdbValue Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array) return Of(OvsdbAtom.Read(element));
        if (element.GetArrayLength() != 2) throw new OvsdbFormatException("A value in brackets has two parts.");
        return OvsdbJson.Text(element[0]) switch
        {
            "set" => ReadSet(element[1]),
            "map" => ReadMap(element[1]),
            _ => Of(OvsdbAtom.Read(element)),
        };
    }

    internal void Write(Utf8JsonWriter writer)
    {
        if (!IsMap && keys.Length == 1)
        {
            keys[0].Write(writer);
            return;
        }

        writer.WriteStartArray();
        writer.WriteStringValue(IsMap ? "map" : "set");
        writer.WriteStartArray();
        for (var i = 0; i < keys.Length; i++)
        {
            if (IsMap) writer.WriteStartArray();
            keys[i].Write(writer);
            if (!IsMap) continue;
            mapped[i].Write(writer);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndArray();
    }

    private static OvsdbValue ReadSet(JsonElement element)
    {
        var atoms = OvsdbJson.Items(element).Select(OvsdbAtom.Read).ToList();
        var set = Set(atoms);
        return set.Count == atoms.Count ? set : throw new OvsdbFormatException("A set holds an atom twice.");
    }

    private static OvsdbValue ReadMap(JsonElement element)
    {
        var pairs = new Dictionary<OvsdbAtom, OvsdbAtom>();
        foreach (var item in OvsdbJson.Items(element))
        {
            if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() != 2)
                throw new OvsdbFormatException("A map consists of pairs.");
            if (!pairs.TryAdd(OvsdbAtom.Read(item[0]), OvsdbAtom.Read(item[1])))
                throw new OvsdbFormatException("A map holds a key twice.");
        }

        return Map(pairs);
    }
}
