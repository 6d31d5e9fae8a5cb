using System.Net;
using System.Net.Sockets;

namespace Alcor.OpenFlow;

/// <summary>A 32-bit IPv4 address; <see cref="Value"/> is the number that its bytes in network order spell.</summary>
public readonly record struct Ipv4Address(uint Value)
{
    /// <summary>The mask of a prefix of <paramref name="length"/> bits, 0 to 32.</summary>
    public static Ipv4Address Mask(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 32);
        return new Ipv4Address(length == 0 ? 0 : uint.MaxValue << (32 - length));
    }

    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public static Ipv4Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily != AddressFamily.InterNetwork)
            throw new ArgumentException($"{address} is not an IPv4 address", nameof(address));
        Span<byte> bytes = stackalloc byte[4];
        _ = address.TryWriteBytes(bytes, out _);
        return new Ipv4Address(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }

    /// <summary>Four decimal numbers with dots; shorter spellings are refused.</summary>
    public static bool TryParse(string? text, out Ipv4Address address)
    {
        address = default;
        if (text is null || text.AsSpan().Count('.') != 3) return false;
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetwork)
            return false;
        address = From(parsed);
        return true;
    }

    /// <exception cref="FormatException">Not an IPv4 address.</exception>
    public static Ipv4Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IPv4 address");

    public IPAddress ToIPAddress() =>
        new([(byte)(Value >> 24), (byte)(Value >> 16), (byte)(Value >> 8), (byte)Value]);

    public override string ToString() => $"{Value >> 24}.{Value >> 16 & 255}.{Value >> 8 & 255}.{Value & 255}";
}
