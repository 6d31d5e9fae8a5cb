using System.Buffers.Binary;
using Alcor.Kernel.Store;

namespace Alcor.Storage.Sqlite;

/// <summary>Which table an entry of <see cref="Links"/> stands in.</summary>
internal enum LinkKind : byte
{
    Claim = (byte)'c',
    Index = (byte)'i',
    Reference = (byte)'r',
}

/// <summary>
/// What a resource has in the tables of claims, index entries and references, encoded in its own row: so an update
/// knows the difference without searching those tables by owner, and they need no index for that.
/// </summary>
/// <remarks>Layout: entries in ascending order without repetition, each its kind (1 byte), length (2, little endian),
/// text.</remarks>
internal readonly struct Links(ReadOnlyMemory<byte> encoded)
{
    private const int HeaderBytes = 3;
    private const int EntryBytesMax = HeaderBytes + 3 * 3 * StoreLimits.KeyCharsMax + 64;

    public static Links None { get; } = new(ReadOnlyMemory<byte>.Empty);

    public ReadOnlySpan<byte> Encoded => encoded.Span;

    public static Links Of(Write write)
    {
        var count = write.Claims.Count + write.References.Count + write.Index.Count;
        if (count == 0)
            return None;
        var entries = new byte[count][];
        var next = 0;
        Span<byte> text = stackalloc byte[EntryBytesMax];
        foreach (var claim in write.Claims)
            entries[next++] = Entry(LinkKind.Claim, KeyText.Write(text, claim));
        foreach (var target in write.References)
            entries[next++] = Entry(LinkKind.Reference, KeyText.Write(text, target.Type, '/', target.Id));
        foreach (var index in write.Index)
            entries[next++] = Entry(LinkKind.Index, IndexText(text, write.Key.Type, index));
        Array.Sort(entries, static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return new Links(Join(entries));
    }

    public static ReadOnlySpan<byte> IndexText(Span<byte> to, string type, IndexEntry entry)
    {
        var prefix = KeyText.Write(to, type, '/', entry.Name).Length;
        to[prefix++] = (byte)'=';
        return to[..(prefix + System.Text.Encoding.UTF8.GetBytes(entry.Value, to[prefix..]))];
    }

    public bool Contains(LinkKind kind, ReadOnlySpan<byte> text)
    {
        foreach (var entry in this)
        {
            if (entry.Kind == kind && entry.Text.SequenceEqual(text))
                return true;
        }

        return false;
    }

    /// <summary>The entries of this that are not in <paramref name="other"/>, by walking both in step.</summary>
    public Difference Except(Links other) => new(this, other);

    public Enumerator GetEnumerator() => new(encoded.Span);

    private static byte[] Entry(LinkKind kind, ReadOnlySpan<byte> text)
    {
        var entry = new byte[HeaderBytes + text.Length];
        entry[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(1), checked((ushort)text.Length));
        text.CopyTo(entry.AsSpan(HeaderBytes));
        return entry;
    }

    private static byte[] Join(byte[][] sorted)
    {
        var joined = new byte[sorted.Sum(entry => entry.Length)];
        var length = 0;
        byte[] before = [];
        foreach (var entry in sorted)
        {
            if (entry.AsSpan().SequenceEqual(before))
                continue;
            entry.CopyTo(joined, length);
            length += entry.Length;
            before = entry;
        }

        return length == joined.Length ? joined : joined[..length];
    }

    internal readonly ref struct Link(ReadOnlySpan<byte> whole)
    {
        private readonly ReadOnlySpan<byte> whole = whole;

        public LinkKind Kind => (LinkKind)whole[0];

        public ReadOnlySpan<byte> Text => whole[HeaderBytes..];

        public int Against(Link other) => whole.SequenceCompareTo(other.whole);
    }

    internal ref struct Enumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> rest = rest;
        private ReadOnlySpan<byte> current;

        public readonly Link Current => new(current);

        public bool MoveNext()
        {
            if (rest.IsEmpty)
                return false;
            var length = HeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]);
            current = rest[..length];
            rest = rest[length..];
            return true;
        }
    }

    internal ref struct Difference(Links all, Links without)
    {
        private Enumerator left = all.GetEnumerator();
        private Enumerator right = without.GetEnumerator();
        private bool started;
        private bool hasRight;

        public readonly Link Current => left.Current;

        public readonly Difference GetEnumerator() => this;

        public bool MoveNext()
        {
            if (!started)
            {
                started = true;
                hasRight = right.MoveNext();
            }

            while (left.MoveNext())
            {
                while (hasRight && right.Current.Against(left.Current) < 0)
                    hasRight = right.MoveNext();
                if (!hasRight || right.Current.Against(left.Current) != 0)
                    return true;
            }

            return false;
        }
    }
}
