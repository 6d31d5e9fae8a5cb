using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Alcor.Ovsdb;

/// <summary>Columns by name with their values (RFC 7047 section 5.1). Immutable, compared by content.</summary>
public sealed class OvsdbRow : IEquatable<OvsdbRow>
{
    private readonly ImmutableSortedDictionary<string, OvsdbValue> columns;

    private OvsdbRow(ImmutableSortedDictionary<string, OvsdbValue> columns) => this.columns = columns;

    public static OvsdbRow Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, OvsdbValue>(StringComparer.Ordinal));

    /// <summary>All columns that the row carries, by name.</summary>
    public IReadOnlyDictionary<string, OvsdbValue> Columns => columns;

    /// <summary>The value of a column; <see cref="OvsdbFormatException"/> if the row does not carry it.</summary>
    public OvsdbValue this[string column] =>
        Find(column) ?? throw new OvsdbFormatException($"The row has no column '{column}'.");

    public static OvsdbRow Of(params IEnumerable<(string Column, OvsdbValue Value)> columns) =>
        new(Empty.columns.SetItems(columns.Select(item => KeyValuePair.Create(item.Column, item.Value))));

    /// <summary>Decodes one row; <see cref="OvsdbFormatException"/> if it is none.</summary>
    public static OvsdbRow Parse(ReadOnlyMemory<byte> json) => OvsdbJson.Read(json, Read);

    public byte[] ToJson() => OvsdbJson.Write(Write).WrittenSpan.ToArray();

    public OvsdbRow With(string column, OvsdbValue value) => new(columns.SetItem(column, value));

    /// <summary>These columns, those of <paramref name="row"/> in place of the ones that both have.</summary>
    public OvsdbRow With(OvsdbRow row) => new(columns.SetItems(row.columns));

    public OvsdbValue? Find(string column) => columns.GetValueOrDefault(column);

    /// <summary>The only string of a column; null if the column is empty or absent. So for the next two.</summary>
    public string? Text(string column) => Optional(column)?.String;

    public long? Integer(string column) => Optional(column)?.Integer;

    public bool? Boolean(string column) => Optional(column)?.Boolean;

    /// <summary>The strings of a set; none if the column is absent.</summary>
    public ImmutableArray<string> Texts(string column) =>
        Find(column) is { } value ? [.. value.Atoms.Select(atom => atom.String)] : [];

    /// <summary>The references of a set; none if the column is absent.</summary>
    public ImmutableArray<Guid> Uuids(string column) =>
        Find(column) is { } value ? [.. value.Atoms.Select(atom => atom.Uuid)] : [];

    /// <summary>A map of strings; empty if the column is absent.</summary>
    public ImmutableSortedDictionary<string, string> Map(string column)
    {
        var empty = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        return Find(column) is not { } value
            ? empty
            : empty.AddRange(value.Pairs.Select(pair => KeyValuePair.Create(pair.Key.String, pair.Value.String)));
    }

    public bool Equals(OvsdbRow? other)
    {
        if (ReferenceEquals(this, other)) return true;
        return other is not null && columns.Count == other.columns.Count && columns.SequenceEqual(other.columns);
    }

    public override bool Equals(object? obj) => Equals(obj as OvsdbRow);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (column, value) in columns)
        {
            hash.Add(column, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(ToJson());

    private OvsdbAtom? Optional(string column) =>
        Find(column) is { Count: > 0 } value ? value.Single : (OvsdbAtom?)null;

    internal static OvsdbRow Read(JsonElement element) =>
        Of(OvsdbJson.Members(element).Select(member => (member.Name, OvsdbValue.Read(member.Value))));

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (column, value) in columns)
        {
            writer.WritePropertyName(column);
            value.Write(writer);
        }

        writer.WriteEndObject();
    }
}
