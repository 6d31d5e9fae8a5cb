using System.Collections.Immutable;
using System.Text.Json;

namespace Alcor.Ovsdb;

/// <summary>A table to watch and which of its columns.</summary>
public sealed record OvsdbMonitorTable(string Table, ImmutableArray<string> Columns);

/// <summary>A running monitor, for <see cref="OvsdbConnection.CancelMonitorAsync"/>.</summary>
public sealed record OvsdbMonitor(string Id);

public enum OvsdbRowUpdateKind
{
    /// <summary>The row is new, or of the first contents: all watched columns.</summary>
    Insert,

    /// <summary>The row has changed: all watched columns as they are now.</summary>
    Replace,

    /// <summary>The row has changed: the differences of the columns that did.</summary>
    Modify,

    /// <summary>The row is gone.</summary>
    Delete,
}

/// <summary>What happened to one row. <see cref="Row"/> is empty for a deletion.</summary>
public sealed record OvsdbRowUpdate(string Table, Guid Uuid, OvsdbRowUpdateKind Kind, OvsdbRow Row);

/// <summary>
/// The rows that one transaction changed, or the first contents. <see cref="IsInitial"/> comes once, first, and is
/// complete: what it does not name does not exist.
/// </summary>
public sealed record OvsdbUpdate(bool IsInitial, ImmutableArray<OvsdbRowUpdate> Rows);

/// <summary>Decodes table updates: RFC 7047 section 4.1.6, and the compact form of <c>monitor_cond</c>.</summary>
internal sealed class OvsdbUpdateReader(OvsdbSchema schema, ImmutableArray<OvsdbMonitorTable> tables)
{
    private readonly ImmutableDictionary<string, OvsdbRow> defaults = tables.ToImmutableDictionary(
        table => table.Table,
        table => OvsdbRow.Of(table.Columns.Select(name => (name, schema.Column(table.Table, name).Default))));

    public OvsdbUpdate Read(JsonElement updates, bool isInitial, bool isCompact)
    {
        var rows = ImmutableArray.CreateBuilder<OvsdbRowUpdate>();
        foreach (var (table, byUuid) in OvsdbJson.Members(updates))
        {
            if (!defaults.TryGetValue(table, out var row))
                throw new OvsdbFormatException($"An update of the table '{table}' came, which is not watched.");
            foreach (var (uuid, update) in OvsdbJson.Members(byUuid))
            {
                var (kind, contents) = isCompact ? ReadCompact(update, row) : ReadPlain(update);
                rows.Add(new(table, OvsdbJson.Uuid(uuid), kind, contents));
            }
        }

        return new(isInitial, rows.ToImmutable());
    }

    private static (OvsdbRowUpdateKind Kind, OvsdbRow Row) ReadPlain(JsonElement update)
    {
        var old = OvsdbJson.Member(update, "old");
        return OvsdbJson.Member(update, "new") is { } now
            ? (old is null ? OvsdbRowUpdateKind.Insert : OvsdbRowUpdateKind.Replace, OvsdbRow.Read(now))
            : old is not null
                ? (OvsdbRowUpdateKind.Delete, OvsdbRow.Empty)
                : throw new OvsdbFormatException("A row update has neither an old nor a new row.");
    }

    private static (OvsdbRowUpdateKind Kind, OvsdbRow Row) ReadCompact(JsonElement update, OvsdbRow defaults)
    {
        foreach (var (kind, value) in OvsdbJson.Members(update))
        {
            switch (kind)
            {
                // Columns with their default value are left out of the compact form.
                case "initial" or "insert":
                    var row = OvsdbRow.Read(value);
                    return (OvsdbRowUpdateKind.Insert, defaults.With(row));
                case "modify": return (OvsdbRowUpdateKind.Modify, OvsdbRow.Read(value));
                case "delete": return (OvsdbRowUpdateKind.Delete, OvsdbRow.Empty);
                default: throw new OvsdbFormatException($"A row update cannot be '{kind}'.");
            }
        }

        throw new OvsdbFormatException("A row update is empty.");
    }
}
