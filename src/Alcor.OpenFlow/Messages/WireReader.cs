using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>Reads network order from bytes and never past their end.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly int Remaining => rest.Length;

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > rest.Length)
            throw new OpenFlowFormatException($"{count} bytes expected where {rest.Length} are left");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    public ReadOnlySpan<byte> TakeRest() => Take(rest.Length);

    /// <summary>A reader of the next <paramref name="count"/> bytes, which this one leaves behind.</summary>
    public WireReader Slice(int count) => new(Take(count));

    public void Skip(int count) => Take(count);

    /// <summary>
    /// Skips the padding that brings a structure of <paramref name="length"/> bytes to a multiple of 8.
    /// </summary>
    public void SkipPadding(int length) => Skip(Padding(length));

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public UInt128 Number(int length)
    {
        UInt128 value = 0;
        foreach (var part in Take(length)) value = value << 8 | part;
        return value;
    }

    /// <summary>A 16-bit length that counts itself and <paramref name="before"/> bytes already read.</summary>
    public int LengthAfter(int before, int minimum)
    {
        var length = UInt16();
        if (length < minimum) throw new OpenFlowFormatException($"length {length} is below {minimum}");
        return length - before - 2;
    }

    internal static int Padding(int length) => -length & 7;
}
