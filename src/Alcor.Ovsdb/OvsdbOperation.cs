using System.Collections.Immutable;
using System.Text.Json;

namespace Alcor.Ovsdb;

/// <summary>A clause of a <c>where</c> (RFC 7047 section 5.1), with the function as it is written there: <c>==</c>,
/// <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>, <c>includes</c>, <c>excludes</c>.</summary>
public sealed record OvsdbCondition(string Column, string Function, OvsdbValue Value)
{
    public static ImmutableArray<OvsdbCondition> Everywhere => [];

    public static ImmutableArray<OvsdbCondition> Is(string column, OvsdbValue value) => [new(column, "==", value)];

    public static ImmutableArray<OvsdbCondition> Row(Guid uuid) => Is("_uuid", uuid);
}

/// <summary>A change of a column in place (RFC 7047 section 5.1), with the mutator as it is written there: <c>+=</c>,
/// <c>-=</c>, <c>*=</c>, <c>/=</c>, <c>%=</c>, <c>insert</c>, <c>delete</c>. To a map, <c>insert</c> adds only keys
/// that are absent.</summary>
public sealed record OvsdbMutation(string Column, string Mutator, OvsdbValue Value);

/// <summary>One operation of a transaction (RFC 7047 section 5.2).</summary>
public abstract record OvsdbOperation
{
    private OvsdbOperation()
    {
    }

    /// <summary>The operation as errors name it, such as <c>insert into Bridge</c>.</summary>
    public string Name => this switch
    {
        Insert insert => "insert into " + insert.Table,
        Select select => "select from " + select.Table,
        Update update => "update " + update.Table,
        Mutate mutate => "mutate " + mutate.Table,
        Delete delete => "delete from " + delete.Table,
        Wait wait => "wait for " + wait.Table,
        Comment => "comment",
        Assert assert => "assert " + assert.Lock,
        _ => "abort",
    };

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        switch (this)
        {
            case Insert insert: insert.WriteMembers(writer); break;
            case Select select: select.WriteMembers(writer); break;
            case Update update: update.WriteMembers(writer); break;
            case Mutate mutate: mutate.WriteMembers(writer); break;
            case Delete delete: WriteTarget(writer, "delete", delete.Table, delete.Where); break;
            case Wait wait: wait.WriteMembers(writer); break;
            case Comment comment:
                writer.WriteString("op", "comment");
                writer.WriteString("comment", comment.Text);
                break;
            case Assert assert:
                writer.WriteString("op", "assert");
                writer.WriteString("lock", assert.Lock);
                break;
            default: writer.WriteString("op", "abort"); break;
        }

        writer.WriteEndObject();
    }

    /// <summary>A new row; <paramref name="UuidName"/> names it for the other operations of the transaction.</summary>
    public sealed record Insert(string Table, OvsdbRow Row, string? UuidName) : OvsdbOperation
    {
        internal void WriteMembers(Utf8JsonWriter writer)
        {
            writer.WriteString("op", "insert");
            writer.WriteString("table", Table);
            WriteRow(writer, Row);
            if (UuidName is not null) writer.WriteString("uuid-name", UuidName);
        }
    }

    /// <summary>Reads <paramref name="Columns"/> of the rows that match, <c>_uuid</c> too if it is named.</summary>
    public sealed record Select(string Table, ImmutableArray<OvsdbCondition> Where, ImmutableArray<string> Columns)
        : OvsdbOperation
    {
        internal void WriteMembers(Utf8JsonWriter writer)
        {
            WriteTarget(writer, "select", Table, Where);
            WriteColumns(writer, Columns);
        }
    }

    /// <summary>Replaces the columns of <paramref name="Row"/> in the rows that match.</summary>
    public sealed record Update(string Table, ImmutableArray<OvsdbCondition> Where, OvsdbRow Row) : OvsdbOperation
    {
        internal void WriteMembers(Utf8JsonWriter writer)
        {
            WriteTarget(writer, "update", Table, Where);
            WriteRow(writer, Row);
        }
    }

    public sealed record Mutate(
        string Table, ImmutableArray<OvsdbCondition> Where, ImmutableArray<OvsdbMutation> Mutations) : OvsdbOperation
    {
        internal void WriteMembers(Utf8JsonWriter writer)
        {
            WriteTarget(writer, "mutate", Table, Where);
            writer.WriteStartArray("mutations");
            foreach (var mutation in Mutations) WriteTriple(writer, mutation.Column, mutation.Mutator, mutation.Value);
            writer.WriteEndArray();
        }
    }

    public sealed record Delete(string Table, ImmutableArray<OvsdbCondition> Where) : OvsdbOperation;

    /// <summary>
    /// Goes on once the rows that match are (or are not) exactly <paramref name="Rows"/> in <paramref name="Columns"/>;
    /// fails with <c>timed out</c> after <paramref name="Timeout"/>, at once if that is zero.
    /// </summary>
    public sealed record Wait(
        string Table,
        ImmutableArray<OvsdbCondition> Where,
        ImmutableArray<string> Columns,
        ImmutableArray<OvsdbRow> Rows,
        TimeSpan Timeout) : OvsdbOperation
    {
        /// <summary>Wait until the rows are no longer these, instead of until they are.</summary>
        public bool UntilDifferent { get; init; }

        internal void WriteMembers(Utf8JsonWriter writer)
        {
            WriteTarget(writer, "wait", Table, Where);
            WriteColumns(writer, Columns);
            writer.WriteString("until", UntilDifferent ? "!=" : "==");
            writer.WriteStartArray("rows");
            foreach (var row in Rows) row.Write(writer);
            writer.WriteEndArray();
            writer.WriteNumber("timeout", (long)Timeout.TotalMilliseconds);
        }
    }

    /// <summary>A line in the server's log of the transaction.</summary>
    public sealed record Comment(string Text) : OvsdbOperation;

    /// <summary>Fails unless the connection owns the lock.</summary>
    public sealed record Assert(string Lock) : OvsdbOperation;

    /// <summary>Fails, and with it the transaction.</summary>
    public sealed record Abort : OvsdbOperation;

    private static void WriteTarget(
        Utf8JsonWriter writer, string name, string table, ImmutableArray<OvsdbCondition> where)
    {
        writer.WriteString("op", name);
        writer.WriteString("table", table);
        writer.WriteStartArray("where");
        foreach (var condition in where) WriteTriple(writer, condition.Column, condition.Function, condition.Value);
        writer.WriteEndArray();
    }

    private static void WriteTriple(Utf8JsonWriter writer, string column, string word, OvsdbValue value)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(column);
        writer.WriteStringValue(word);
        value.Write(writer);
        writer.WriteEndArray();
    }

    private static void WriteColumns(Utf8JsonWriter writer, ImmutableArray<string> columns)
    {
        writer.WriteStartArray("columns");
        foreach (var column in columns) writer.WriteStringValue(column);
        writer.WriteEndArray();
    }

    private static void WriteRow(Utf8JsonWriter writer, OvsdbRow row)
    {
        writer.WritePropertyName("row");
        row.Write(writer);
    }
}

/// <summary>What one operation gave: the inserted row's uuid, how many rows it touched, the rows it read.</summary>
public sealed record OvsdbOperationResult(Guid? Uuid, long? Count, ImmutableArray<OvsdbRow> Rows)
{
    /// <summary>Decodes the answer to a transaction (RFC 7047 section 4.1.3).</summary>
    /// <exception cref="OvsdbTransactionException">An operation or the commit failed.</exception>
    internal static ImmutableArray<OvsdbOperationResult> ReadAll(
        JsonElement answer, IReadOnlyList<OvsdbOperation> operations)
    {
        var results = ImmutableArray.CreateBuilder<OvsdbOperationResult>(operations.Count);
        var index = 0;
        foreach (var item in OvsdbJson.Items(answer))
        {
            // Null stands for an operation after the failed one, whose error was thrown already.
            if (item.ValueKind != JsonValueKind.Null)
            {
                if (OvsdbJson.Member(item, "error") is { } error)
                {
                    var details = OvsdbJson.Member(item, "details") is { } text ? OvsdbJson.Text(text) : null;
                    var failed = index < operations.Count ? operations[index] : null;
                    throw new OvsdbTransactionException(index, failed, OvsdbJson.Text(error), details);
                }

                results.Add(Read(item));
            }

            index++;
        }

        return results.Count == operations.Count
            ? results.ToImmutable()
            : throw new OvsdbFormatException($"{operations.Count} results were expected, {results.Count} came.");
    }

    private static OvsdbOperationResult Read(JsonElement item)
    {
        Guid? uuid = OvsdbJson.Member(item, "uuid") is { } identity ? OvsdbAtom.Read(identity).Uuid : null;
        long? count = OvsdbJson.Member(item, "count") is { } number ? OvsdbJson.Integer(number) : null;
        ImmutableArray<OvsdbRow> rows = OvsdbJson.Member(item, "rows") is { } read
            ? [.. OvsdbJson.Items(read).Select(OvsdbRow.Read)]
            : [];
        return new(uuid, count, rows);
    }
}
