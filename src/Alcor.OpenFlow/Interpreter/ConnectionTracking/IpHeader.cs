using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>
/// An IP header somewhere in a frame: the packet's own, or that of the packet which an ICMP error quotes, of which not
/// more than the header has to be there.
/// </summary>
internal readonly record struct IpHeader
{
    private const byte FragmentHeader = 44;

    public int Version { get; private init; }

    /// <summary>Where it stands in the frame.</summary>
    public int Offset { get; private init; }

    public UInt128 Source { get; private init; }

    public UInt128 Target { get; private init; }

    /// <summary>Of what stands at <see cref="TransportOffset"/>, in a later fragment of its beginning.</summary>
    public byte Protocol { get; private init; }

    public int TransportOffset { get; private init; }

    /// <summary>What the fragments of one packet have in common; 0 where nothing says that it could be one.</summary>
    public uint Identification { get; private init; }

    /// <summary>Where the payload stands in the whole packet's, in bytes.</summary>
    public int FragmentOffset { get; private init; }

    public bool HasMoreFragments { get; private init; }

    public bool IsFragment => FragmentOffset != 0 || HasMoreFragments;

    /// <summary>Null when it is cut short.</summary>
    public static IpHeader? Read(ReadOnlySpan<byte> frame, int offset, int version) =>
        version == 4 ? ReadIpv4(frame, offset) : ReadIpv6(frame, offset);

    private static IpHeader? ReadIpv4(ReadOnlySpan<byte> frame, int offset)
    {
        if (frame.Length < offset + 20) return null;
        var header = frame[offset..];
        var length = (header[0] & 15) * 4;
        if (length < 20 || header.Length < length) return null;
        var position = BinaryPrimitives.ReadUInt16BigEndian(header[6..]);
        return new IpHeader
        {
            Version = 4, Offset = offset, Protocol = header[9], TransportOffset = offset + length,
            Source = BinaryPrimitives.ReadUInt32BigEndian(header[12..]),
            Target = BinaryPrimitives.ReadUInt32BigEndian(header[16..]),
            Identification = BinaryPrimitives.ReadUInt16BigEndian(header[4..]),
            FragmentOffset = (position & 0x1fff) * 8, HasMoreFragments = (position & 0x2000) != 0,
        };
    }

    private static IpHeader? ReadIpv6(ReadOnlySpan<byte> frame, int offset)
    {
        if (frame.Length < offset + 40) return null;
        var (next, at) = (frame[offset + 6], offset + 40);
        var (identification, position) = (0u, 0);
        while (next is 0 or 43 or FragmentHeader or 60)
        {
            if (frame.Length < at + 8) return null;
            var isFragment = next == FragmentHeader;
            if (isFragment)
            {
                position = BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 2)..]);
                identification = BinaryPrimitives.ReadUInt32BigEndian(frame[(at + 4)..]);
            }

            next = frame[at];
            at += isFragment ? 8 : (frame[at + 1] + 1) * 8;
            // Behind the header of a fragment stands what the fragments share out, or the middle of it.
            if (isFragment && (position & 0xfff9) != 0) break;
        }

        return new IpHeader
        {
            Version = 6, Offset = offset, Protocol = next, TransportOffset = at,
            Source = BinaryPrimitives.ReadUInt128BigEndian(frame[(offset + 8)..]),
            Target = BinaryPrimitives.ReadUInt128BigEndian(frame[(offset + 24)..]),
            Identification = identification, FragmentOffset = position & 0xfff8,
            HasMoreFragments = (position & 1) != 0,
        };
    }
}
