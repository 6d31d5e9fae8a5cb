using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>What the tracking of a connection reads of a TCP header (RFC 9293 section 3.1).</summary>
internal readonly record struct TcpSegment
{
    private const int Fin = 1;
    private const int Syn = 2;
    private const int Rst = 4;
    private const int Psh = 8;
    private const int Ack = 16;
    private const int Urg = 32;
    private const int ScaleMax = 14;

    private int Flags { get; init; }

    public uint Sequence { get; private init; }

    public uint Acknowledgement { get; private init; }

    public ushort Window { get; private init; }

    public int PayloadLength { get; private init; }

    /// <summary>The window scale option (RFC 7323 section 2.2), if there is one.</summary>
    public byte? WindowScale { get; private init; }

    public bool HasFin => (Flags & Fin) != 0;

    public bool HasSyn => (Flags & Syn) != 0;

    public bool HasRst => (Flags & Rst) != 0;

    public bool HasAck => (Flags & Ack) != 0;

    /// <summary>The sequence number behind the segment: SYN and FIN take one each.</summary>
    public uint End => Sequence + (uint)PayloadLength + (HasSyn ? 1u : 0) + (HasFin ? 1u : 0);

    /// <summary>
    /// Flags that no stack sends together, or nothing at all where an acknowledgement has to be.
    /// </summary>
    public bool IsImpossible => HasSyn
        ? HasRst || HasFin || !HasAck && (Flags & (Psh | Urg)) != 0
        : !HasAck && (!HasRst || (Flags & (Fin | Psh | Urg)) != 0);

    /// <summary>The header is all there, and its length says so.</summary>
    public static TcpSegment Read(ReadOnlySpan<byte> segment)
    {
        var length = (segment[12] >> 4) * 4;
        return new TcpSegment
        {
            Flags = BinaryPrimitives.ReadUInt16BigEndian(segment[12..]) & 0xfff,
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(segment[4..]),
            Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(segment[8..]),
            Window = BinaryPrimitives.ReadUInt16BigEndian(segment[14..]),
            PayloadLength = segment.Length - length,
            WindowScale = Scale(segment[20..length]),
        };
    }

    private static byte? Scale(ReadOnlySpan<byte> options)
    {
        while (options.Length >= 3)
        {
            if (options[0] == 0) return null;
            if (options[0] == 3 && options[1] == 3) return Math.Min(options[2], (byte)ScaleMax);
            var length = options[0] == 1 ? 1 : Math.Max((byte)2, options[1]);
            if (length > options.Length) return null;
            options = options[length..];
        }

        return null;
    }
}
