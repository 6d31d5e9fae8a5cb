using System.Collections.Immutable;

namespace Alcor.Ovsdb;

/// <summary>A row before and after: null before if it is new, null after if it is gone.</summary>
public sealed record OvsdbRowChange(string Table, Guid Uuid, OvsdbRow? Before, OvsdbRow? After);

/// <summary>All watched rows as one transaction left them. Immutable; snapshots share what is equal.</summary>
public sealed class OvsdbSnapshot
{
    private readonly ImmutableDictionary<string, ImmutableDictionary<Guid, OvsdbRow>> tables;

    private OvsdbSnapshot(ImmutableDictionary<string, ImmutableDictionary<Guid, OvsdbRow>> tables) =>
        this.tables = tables;

    /// <summary>The rows of a watched table.</summary>
    /// <exception cref="ArgumentException">The table is not watched: it is unknown here, not empty.</exception>
    public ImmutableDictionary<Guid, OvsdbRow> Table(string name) =>
        tables.GetValueOrDefault(name) ?? throw new ArgumentException($"The table '{name}' is not watched.");

    /// <summary>The row, null if there is none.</summary>
    public OvsdbRow? Find(string table, Guid uuid) => Table(table).GetValueOrDefault(uuid);

    /// <summary>
    /// The rows that differ between <paramref name="before"/> (null: nothing was known) and this. Takes time in
    /// proportion to the rows of the tables that changed.
    /// </summary>
    public ImmutableArray<OvsdbRowChange> ChangesSince(OvsdbSnapshot? before)
    {
        var changes = ImmutableArray.CreateBuilder<OvsdbRowChange>();
        foreach (var (table, rows) in tables)
        {
            var old = before?.tables.GetValueOrDefault(table) ?? ImmutableDictionary<Guid, OvsdbRow>.Empty;
            if (ReferenceEquals(old, rows)) continue;
            foreach (var (uuid, row) in rows)
            {
                var was = old.GetValueOrDefault(uuid);
                if (!row.Equals(was)) changes.Add(new(table, uuid, was, row));
            }

            foreach (var (uuid, row) in old)
            {
                if (!rows.ContainsKey(uuid)) changes.Add(new(table, uuid, row, null));
            }
        }

        return changes.ToImmutable();
    }

    internal static OvsdbSnapshot Of(ImmutableArray<OvsdbMonitorTable> watched) =>
        new(watched.ToImmutableDictionary(table => table.Table, _ => ImmutableDictionary<Guid, OvsdbRow>.Empty));

    /// <exception cref="OvsdbFormatException">The update does not fit what is known.</exception>
    internal OvsdbSnapshot Apply(OvsdbUpdate update, OvsdbSchema schema)
    {
        var builder = tables.ToBuilder();
        foreach (var byTable in update.Rows.GroupBy(row => row.Table, StringComparer.Ordinal))
        {
            var rows = tables[byTable.Key].ToBuilder();
            foreach (var row in byTable) Apply(rows, row, schema);
            builder[byTable.Key] = rows.ToImmutable();
        }

        return new(builder.ToImmutable());
    }

    private static void Apply(
        ImmutableDictionary<Guid, OvsdbRow>.Builder rows, OvsdbRowUpdate update, OvsdbSchema schema)
    {
        var known = rows.TryGetValue(update.Uuid, out var row);
        if (known != (update.Kind != OvsdbRowUpdateKind.Insert))
        {
            // One update was missed, or the server errs: only a full read helps.
            throw new OvsdbFormatException($"{update.Kind} of {update.Table} {update.Uuid} does not fit.");
        }

        switch (update.Kind)
        {
            case OvsdbRowUpdateKind.Delete: rows.Remove(update.Uuid); break;
            case OvsdbRowUpdateKind.Modify: rows[update.Uuid] = Modify(row!, update, schema); break;
            default: rows[update.Uuid] = update.Row; break;
        }
    }

    private static OvsdbRow Modify(OvsdbRow row, OvsdbRowUpdate update, OvsdbSchema schema)
    {
        foreach (var (column, value) in update.Row.Columns)
        {
            // Of a column for one value at most, the difference is the new value.
            var composite = schema.Column(update.Table, column).IsComposite;
            row = row.With(column, composite ? row[column].Apply(value) : value);
        }

        return row;
    }
}
