using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Alcor.Kernel.Addresses;

/// <summary>IP addresses as the numbers that they are, so that ranges, pools and claims are arithmetic.</summary>
public static class AddressNumbers
{
    public static UInt128 ToNumber(this IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        Invariant.Require(address.TryWriteBytes(bytes, out var length), "an address fits in 16 bytes");
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The address of a family that has this number.</summary>
    public static IPAddress ToAddress(this UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
            return new IPAddress(bytes[..4]);
        }
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    public static UInt128 FirstNumber(this IPNetwork network) => network.BaseAddress.ToNumber();

    public static UInt128 LastNumber(this IPNetwork network)
    {
        var bits = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var hostBits = bits - network.PrefixLength;
        var mask = hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
        return network.FirstNumber() | mask;
    }

    public static bool Overlaps(this IPNetwork left, IPNetwork right) =>
        left.BaseAddress.AddressFamily == right.BaseAddress.AddressFamily
        && left.FirstNumber() <= right.LastNumber()
        && right.FirstNumber() <= left.LastNumber();
}
