using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>A growing buffer in network order whose lengths are filled in once they are known.</summary>
internal sealed class WireWriter(int capacity = 256)
{
    private byte[] buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Zeroed room for <paramref name="count"/> bytes; valid until the next call.</summary>
    public Span<byte> Room(int count)
    {
        if (Length + count > buffer.Length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + count));
        var room = buffer.AsSpan(Length, count);
        room.Clear();
        Length += count;
        return room;
    }

    public void Pad(int count) => Room(count);

    public void PadFrom(int start) => Pad(WireReader.Padding(Length - start));

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    public void Byte(byte value) => Room(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Room(2), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);

    public void Number(UInt128 value, int length)
    {
        var room = Room(length);
        for (var i = length - 1; i >= 0; i--, value >>= 8) room[i] = (byte)value;
    }

    /// <summary>Writes at <paramref name="at"/> how many bytes there are since <paramref name="start"/>.</summary>
    /// <exception cref="ArgumentException">More than 65535: what the caller wants said does not fit a
    /// message.</exception>
    public void FillLength(int at, int start)
    {
        var length = Length - start;
        if (length > ushort.MaxValue) throw new ArgumentException($"{length} bytes do not fit an OpenFlow message");
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(at, 2), (ushort)length);
    }
}
