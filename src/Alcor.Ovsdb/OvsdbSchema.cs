using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Alcor.Ovsdb;

/// <summary>The part of a column's type (RFC 7047 section 3.2) that decoding updates needs.</summary>
public sealed record OvsdbColumn(OvsdbAtomKind Key, bool IsMap, bool IsOptional, bool IsComposite)
{
    /// <summary>What the column holds when nobody has set it (RFC 7047 section 5.2.1).</summary>
    public OvsdbValue Default { get; } = IsMap ? OvsdbValue.EmptyMap : IsOptional ? OvsdbValue.EmptySet : Zero(Key);

    private static OvsdbValue Zero(OvsdbAtomKind kind) => kind switch
    {
        OvsdbAtomKind.Boolean => false,
        OvsdbAtomKind.String => "",
        OvsdbAtomKind.Uuid => Guid.Empty,
        _ => 0,
    };

    internal static OvsdbColumn Read(JsonElement column)
    {
        var type = OvsdbJson.Required(column, "type");
        if (type.ValueKind == JsonValueKind.String)
            return new(KindOf(type), IsMap: false, IsOptional: false, IsComposite: false);
        var isMap = OvsdbJson.Member(type, "value") is not null;
        var min = OvsdbJson.Member(type, "min") is { } least ? OvsdbJson.Integer(least) : 1;
        var isComposite = OvsdbJson.Member(type, "max") is { } most
            && (most.ValueKind == JsonValueKind.String || OvsdbJson.Integer(most) > 1);
        return new(KindOf(OvsdbJson.Required(type, "key")), isMap, min == 0, isComposite);
    }

    private static OvsdbAtomKind KindOf(JsonElement type)
    {
        var name = type.ValueKind == JsonValueKind.Object ? OvsdbJson.Required(type, "type") : type;
        return OvsdbJson.Text(name) switch
        {
            "integer" => OvsdbAtomKind.Integer,
            "real" => OvsdbAtomKind.Real,
            "boolean" => OvsdbAtomKind.Boolean,
            "string" => OvsdbAtomKind.String,
            "uuid" => OvsdbAtomKind.Uuid,
            var other => throw new OvsdbFormatException($"There is no atomic type '{other}'."),
        };
    }
}

/// <summary>A database's name, version and the columns of its tables (RFC 7047 section 3.2, answer of 4.1.2).</summary>
public sealed class OvsdbSchema
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, OvsdbColumn>> tables;

    private OvsdbSchema(
        string name, string version, FrozenDictionary<string, FrozenDictionary<string, OvsdbColumn>> tables)
    {
        Name = name;
        Version = version;
        this.tables = tables;
    }

    public string Name { get; }

    public string Version { get; }

    public ImmutableArray<string> Tables => tables.Keys;

    /// <summary>Decodes a schema; <see cref="OvsdbFormatException"/> if it is none.</summary>
    public static OvsdbSchema Parse(ReadOnlyMemory<byte> json) => OvsdbJson.Read(json, Read);

    public bool Has(string table, string column) => tables.TryGetValue(table, out var all) && all.ContainsKey(column);

    /// <summary>The column's type; <see cref="OvsdbFormatException"/> if the database has no such column.</summary>
    public OvsdbColumn Column(string table, string column) =>
        tables.TryGetValue(table, out var all) && all.TryGetValue(column, out var found)
            ? found
            : throw new OvsdbFormatException($"The database {Name} {Version} has no column {table}.{column}.");

    internal static OvsdbSchema Read(JsonElement element)
    {
        var version = OvsdbJson.Member(element, "version") is { } text ? OvsdbJson.Text(text) : "";
        var columns = OvsdbJson.Members(OvsdbJson.Required(element, "tables"))
            .ToFrozenDictionary(table => table.Name, table => ReadColumns(table.Value), StringComparer.Ordinal);
        return new(OvsdbJson.Text(OvsdbJson.Required(element, "name")), version, columns);
    }

    private static FrozenDictionary<string, OvsdbColumn> ReadColumns(JsonElement table) =>
        OvsdbJson.Members(OvsdbJson.Required(table, "columns")).ToFrozenDictionary(
            column => column.Name, column => OvsdbColumn.Read(column.Value), StringComparer.Ordinal);
}
