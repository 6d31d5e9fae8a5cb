using System.Net;
using System.Numerics;

namespace Alcor.Kernel.Addresses;

/// <summary>An address with the length of its network's prefix: 10.0.0.5/24 is a host and its network.</summary>
public readonly record struct AddressPrefix(IPAddress Address, int Length)
{
    public bool IsIpv4 => Address.Version() == 4;

    /// <summary>The network, with its host bits zero.</summary>
    public IPNetwork Network => Address.BlockAround(Length);

    /// <summary>
    /// Reads an address (a prefix of full length), one with a length, or an IPv4 address with a netmask:
    /// <c>192.0.2.1</c>, <c>192.0.2.1/24</c>, <c>192.0.2.1/255.255.255.0</c>, <c>2001:db8::1/64</c>.
    /// </summary>
    public static bool TryParse(string text, out AddressPrefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        if (!AddressText.TryParse(slash < 0 ? text : text[..slash], out var address))
            return false;
        var bits = address.Bits();
        var length = slash < 0 ? bits : LengthOf(text[(slash + 1)..], bits);
        if (length is not { } known)
            return false;
        prefix = new AddressPrefix(address, known);
        return true;
    }

    public override string ToString() => $"{Address}/{Length}";

    private static int? LengthOf(string text, int bits)
    {
        if (text.Length is > 0 and <= 3 && text.All(char.IsAsciiDigit))
            return int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) is var length && length <= bits
                ? length
                : null;
        if (bits != 32 || !AddressText.TryParse(text, out var mask) || mask.Version() != 4)
            return null;
        var number = (uint)mask.ToNumber();
        var ones = BitOperations.LeadingZeroCount(~number);
        return ones == BitOperations.PopCount(number) ? ones : null;
    }
}
