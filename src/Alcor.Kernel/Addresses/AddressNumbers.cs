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

    /// <summary>4 or 6.</summary>
    public static int Version(this IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? 4 : 6;

    public static int Version(this IPNetwork network) => network.BaseAddress.Version();

    /// <summary>How many bits an address of this family has.</summary>
    public static int Bits(this IPAddress address) => address.Version() == 4 ? 32 : 128;

    /// <summary>The block with this prefix length that the address is in.</summary>
    public static IPNetwork BlockAround(this IPAddress address, int prefixLength)
    {
        var first = address.ToNumber() & ~HostMask(address.Bits() - prefixLength);
        return new IPNetwork(first.ToAddress(address.AddressFamily), prefixLength);
    }

    /// <summary>The address of a block that has this number.</summary>
    public static IPAddress AddressAt(this IPNetwork network, UInt128 number) =>
        number.ToAddress(network.BaseAddress.AddressFamily);

    public static UInt128 FirstNumber(this IPNetwork network) => network.BaseAddress.ToNumber();

    public static UInt128 LastNumber(this IPNetwork network) =>
        network.FirstNumber() | HostMask(network.BaseAddress.Bits() - network.PrefixLength);

    public static bool Overlaps(this IPNetwork left, IPNetwork right) =>
        left.BaseAddress.AddressFamily == right.BaseAddress.AddressFamily
        && left.FirstNumber() <= right.LastNumber()
        && right.FirstNumber() <= left.LastNumber();

    /// <summary>Whether all of <paramref name="inner"/> is in <paramref name="outer"/>.</summary>
    public static bool Contains(this IPNetwork outer, IPNetwork inner) =>
        outer.PrefixLength <= inner.PrefixLength && outer.Overlaps(inner);

    /// <summary>The address that a host with this MAC address has in a /64 (RFC 4291 appendix A).</summary>
    public static IPAddress InterfaceAddress(this IPNetwork network, MacAddress mac)
    {
        const ulong localBit = 0x02ul << 56;
        var identifier = (mac.Bits >> 24 << 40 | 0xfffeul << 24 | mac.Bits & 0xffffff) ^ localBit;
        return network.AddressAt(network.FirstNumber() | identifier);
    }

    internal static UInt128 HostMask(int hostBits) =>
        hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
}
