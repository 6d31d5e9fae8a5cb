using System.Text;
using Alcor.Kernel.Store;
using SQLitePCL;

namespace Alcor.Storage.Sqlite;

/// <summary>
/// A compiled statement, kept for the life of its connection. Bind all parameters (they count from 1), step, read
/// columns (they count from 0) before the next step, and reset; <see cref="Run"/> does the last two when there are no
/// rows. What is bound stays so until it is bound anew.
/// </summary>
internal sealed class Statement(Database database, sqlite3_stmt compiled) : IDisposable
{
    public Statement Bind(int index, long value)
    {
        database.Check(raw.sqlite3_bind_int64(compiled, index, value));
        return this;
    }

    /// <summary>Binds text that is not empty.</summary>
    public Statement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        database.Check(raw.sqlite3_bind_text(compiled, index, utf8));
        return this;
    }

    /// <summary>Binds text that is not empty, of the length of a key.</summary>
    public Statement BindText(int index, string text) =>
        BindText(index, database.Scratch.AsSpan(0, Encoding.UTF8.GetBytes(text, database.Scratch)));

    public Statement BindBlob(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and SQLite takes a blob without an address for NULL.
        database.Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(compiled, index, 0)
            : raw.sqlite3_bind_blob(compiled, index, value));
        return this;
    }

    public Statement Bind(int index, ResourceKey key) =>
        BindText(index, KeyText.Write(database.Scratch, key.Type, '/', key.Id));

    public Statement Bind(int index, PartitionKey key) =>
        BindText(index, KeyText.Write(database.Scratch, key.Kind, '/', key.Id));

    public Statement Bind(int index, Claim claim) => BindText(index, KeyText.Write(database.Scratch, claim));

    /// <summary>
    /// True when there is a row. An error resets the statement, so that it does not stand in the way of a rollback.
    /// </summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(compiled);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result == raw.SQLITE_DONE)
            return false;
        try
        {
            database.Check(result);
        }
        finally
        {
            Reset();
        }

        return false;
    }

    public void Run()
    {
        Step();
        Reset();
    }

    /// <summary>Ends the execution. Its result repeats the error of the last step, which was reported then.</summary>
    public void Reset() => _ = raw.sqlite3_reset(compiled);

    public long Int64(int column) => raw.sqlite3_column_int64(compiled, column);

    /// <summary>A blob, or a text in UTF-8; valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(compiled, column);

    public ResourceKey Key(int column)
    {
        var (type, id) = KeyText.Split(Bytes(column));
        return new ResourceKey(type, id);
    }

    public PartitionKey Partition(int column)
    {
        var (kind, id) = KeyText.Split(Bytes(column));
        return new PartitionKey(kind, id);
    }

    public void Dispose() => compiled.Dispose();
}

/// <summary>Keys as the texts under which they stand in the tables.</summary>
internal static class KeyText
{
    public static ReadOnlySpan<byte> Write(Span<byte> to, string first, char separator, string second)
    {
        var length = Encoding.UTF8.GetBytes(first, to);
        to[length++] = (byte)separator;
        length += Encoding.UTF8.GetBytes(second, to[length..]);
        return to[..length];
    }

    /// <summary>The same text as <see cref="Claim.ToString"/>.</summary>
    public static ReadOnlySpan<byte> Write(Span<byte> to, Claim claim)
    {
        var length = Encoding.UTF8.GetBytes(claim.Space, to);
        to[length++] = (byte)'/';
        var written = 0;
        _ = claim.Number <= uint.MaxValue
            ? ((uint)claim.Number).TryFormat(to[length..], out written, "x8")
            : claim.Number.TryFormat(to[length..], out written, "x32");
        return to[..(length + written)];
    }

    public static (string First, string Second) Split(ReadOnlySpan<byte> text)
    {
        var slash = text.IndexOf((byte)'/');
        return (Encoding.UTF8.GetString(text[..slash]), Encoding.UTF8.GetString(text[(slash + 1)..]));
    }
}
