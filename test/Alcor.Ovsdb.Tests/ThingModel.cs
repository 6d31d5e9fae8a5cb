using System.Text.Json.Nodes;

namespace Alcor.Ovsdb.Tests;

/// <summary>
/// The table of <see cref="TestSchema"/> as a server keeps it, and the two ways of telling what changed, written from
/// RFC 7047 section 4.1.6 and ovsdb-server(7) section 4.1.14, apart from the code under test.
/// </summary>
internal static class ThingModel
{
    private static readonly string[] Words = ["a", "b", "c", "d", "e"];

    public static OvsdbRow Row(Random random) => OvsdbRow.Of(
        ("name", Generate.Text(random)),
        ("weight", OvsdbAtom.OfReal(random.Next(4) / 2.0)),
        ("size", random.Next(2) == 0 ? OvsdbValue.EmptySet : OvsdbValue.Of(random.Next(3))),
        ("tags", OvsdbValue.Strings(Words.Where(_ => random.Next(2) == 0))),
        ("owner", random.Next(2) == 0 ? OvsdbValue.EmptySet : OvsdbValue.Of(Generate.Uuid(random))),
        ("options", OvsdbValue.Map(Words.Where(_ => random.Next(2) == 0)
            .Select(word => KeyValuePair.Create(word, Words[random.Next(2)])))));

    /// <summary>One transaction: some rows are inserted, changed in some columns, deleted.</summary>
    public static void Step(Random random, Dictionary<Guid, OvsdbRow> table)
    {
        for (var i = random.Next(4); i >= 0; i--)
        {
            var some = table.Count == 0 ? Guid.Empty : table.Keys.ElementAt(random.Next(table.Count));
            switch (random.Next(4))
            {
                case 0: table[Generate.Uuid(random)] = Row(random); break;
                case 1: table.Remove(some); break;
                default:
                    if (!table.TryGetValue(some, out var row)) break;
                    foreach (var (column, value) in Row(random).Columns)
                    {
                        if (random.Next(3) == 0) row = row.With(column, value);
                    }

                    table[some] = row;
                    break;
            }
        }
    }

    public static JsonObject Difference(
        Dictionary<Guid, OvsdbRow> before, Dictionary<Guid, OvsdbRow> after, bool isCompact)
    {
        var rows = new JsonObject();
        foreach (var uuid in before.Keys.Union(after.Keys))
        {
            var (old, now) = (before.GetValueOrDefault(uuid), after.GetValueOrDefault(uuid));
            if (Equals(old, now)) continue;
            rows[uuid.ToString()] = isCompact ? Compact(old, now) : Plain(old, now);
        }

        return rows.Count == 0 ? [] : new JsonObject { ["Thing"] = rows };
    }

    private static JsonObject Plain(OvsdbRow? old, OvsdbRow? now)
    {
        var update = new JsonObject();
        if (old is not null) update["old"] = Json(Columns(old, column => now?.Find(column) != old[column]));
        if (now is not null) update["new"] = Json(now);
        return update;
    }

    private static JsonObject Compact(OvsdbRow? old, OvsdbRow? now)
    {
        if (now is null) return new JsonObject { ["delete"] = null };
        if (old is null)
        {
            var set = Columns(now, column => !IsDefault(column, now[column]));
            return new JsonObject { ["insert"] = Json(set) };
        }


        var modified = OvsdbRow.Empty;
        foreach (var (column, value) in Columns(now, column => now[column] != old[column]).Columns)
        {
            modified = modified.With(column, column switch
            {
                "tags" => Symmetric(old[column], value),
                "options" => Changed(old[column], value),
                _ => value,
            });
        }

        return new JsonObject { ["modify"] = Json(modified) };
    }

    private static OvsdbValue Symmetric(OvsdbValue old, OvsdbValue now) =>
        OvsdbValue.Set(old.Atoms.Except(now.Atoms).Concat(now.Atoms.Except(old.Atoms)));

    private static OvsdbValue Changed(OvsdbValue old, OvsdbValue now) => OvsdbValue.Map(
        now.Pairs.Where(pair => old.Find(pair.Key) != pair.Value)
            .Concat(old.Pairs.Where(pair => now.Find(pair.Key) is null)));

    private static bool IsDefault(string column, OvsdbValue value) => column switch
    {
        "name" => value == OvsdbValue.Of(""),
        "weight" => value == OvsdbValue.Of(0),
        _ => value.Count == 0,
    };

    private static OvsdbRow Columns(OvsdbRow row, Func<string, bool> wanted) =>
        OvsdbRow.Of(row.Columns.Where(column => wanted(column.Key)).Select(column => (column.Key, column.Value)));

    private static JsonNode Json(OvsdbRow row) => JsonNode.Parse(row.ToJson())!;
}
