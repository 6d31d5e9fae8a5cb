using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Alcor.OpenFlow;

/// <summary>A 128-bit IPv6 address; <see cref="Value"/> is the number that its bytes in network order spell.</summary>
public readonly record struct Ipv6Address(UInt128 Value)
{
    /// <summary>The mask of a prefix of <paramref name="length"/> bits, 0 to 128.</summary>
    public static Ipv6Address Mask(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 128);
        return new Ipv6Address(length == 0 ? 0 : UInt128.MaxValue << (128 - length));
    }

    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public static Ipv6Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            throw new ArgumentException($"{address} is not an IPv6 address", nameof(address));
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        return new Ipv6Address(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    public static bool TryParse(string? text, out Ipv6Address address)
    {
        address = default;
        if (text is null || text.Contains('%', StringComparison.Ordinal)) return false;
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        address = From(parsed);
        return true;
    }

    /// <exception cref="FormatException">Not an IPv6 address.</exception>
    public static Ipv6Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IPv6 address");

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return new IPAddress(bytes);
    }

    public override string ToString() => ToIPAddress().ToString();
}
