using System.Buffers.Binary;

namespace Alcor.Reachability.Tests;

/// <content>Packets that are sent in two fragments.</content>
internal static partial class ProbeFrame
{
    /// <summary>
    /// Of the first fragment: a multiple of eight, and so much that nobody takes it for an attack by small fragments.
    /// </summary>
    private const int FirstLength = 1_232;

    private const int MoreFragments = 0x2000;
    private const int Ipv4EtherType = 0x0800;
    private const int Ipv6EtherType = 0x86dd;
    private const int FragmentHeader = 44;

    private static readonly byte[] LargePayload = [.. Enumerable.Range(0, 1_300).Select(i => (byte)i)];

    /// <summary>The frames in which a probe is sent.</summary>
    public static IReadOnlyList<byte[]> EncodeAll(Probe probe) => probe.Content switch
    {
        IpContent { Fragments: { } id, Version: 4 } ip => [.. Parts(ip).Select(part => (byte[])
        [
            .. Ethernet(probe, Ipv4EtherType),
            .. Ipv4(ip, part.Bytes, id, part.At / 8 | (part.IsLast ? 0 : MoreFragments)),
        ])],
        IpContent { Fragments: { } id } ip => [.. Parts(ip).Select(part => (byte[])
            [.. Ethernet(probe, Ipv6EtherType), .. Ipv6(ip, part, id)])],
        _ => [Encode(probe)],
    };

    /// <summary>Whether a frame holds a part of a packet that is nothing without the part before it.</summary>
    public static bool IsLaterFragment(ReadOnlySpan<byte> frame) => FragmentOf(frame) is { Offset: > 0 };

    /// <summary>What the fragments of a packet have in common, and where this one is; null: the frame holds
    /// none.</summary>
    public static (int Identification, int Offset)? FragmentOf(ReadOnlySpan<byte> frame)
    {
        switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
        {
            case Ipv4EtherType:
                var place = BinaryPrimitives.ReadUInt16BigEndian(frame[20..]) & (MoreFragments | 0x1fff);
                return place == 0
                    ? null
                    : (BinaryPrimitives.ReadUInt16BigEndian(frame[18..]), 8 * (place & 0x1fff));
            case Ipv6EtherType when frame[20] == FragmentHeader:
                return (BinaryPrimitives.ReadInt32BigEndian(frame[58..]),
                    BinaryPrimitives.ReadUInt16BigEndian(frame[56..]) & 0xfff8);
            default:
                return null;
        }
    }

    private static IEnumerable<(byte[] Bytes, int At, bool IsLast)> Parts(IpContent ip)
    {
        var whole = Encode(ip);
        yield return (whole[..FirstLength], 0, false);
        yield return (whole[FirstLength..], FirstLength, true);
    }

    /// <summary>RFC 8200 section 4.5.</summary>
    private static byte[] Ipv6(IpContent ip, (byte[] Bytes, int At, bool IsLast) part, int identification) =>
    [
        0x60, 0, 0, 0, .. Two(8 + part.Bytes.Length), FragmentHeader, (byte)ip.HopLimit,
        .. ip.Source.GetAddressBytes(), .. ip.Target.GetAddressBytes(),
        (byte)ip.Protocol, 0, .. Two(part.At | (part.IsLast ? 0 : 1)), 0, 0, .. Two(identification), .. part.Bytes,
    ];
}
