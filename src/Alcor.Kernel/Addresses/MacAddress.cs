using System.Globalization;

namespace Alcor.Kernel.Addresses;

/// <summary>A 48-bit MAC address. Written in lower case with colons, as Neutron does.</summary>
public readonly record struct MacAddress(ulong Bits) : IComparable<MacAddress>
{
    private const int Octets = 6;

    /// <summary>The group bit: a station never sends from such an address.</summary>
    public bool IsMulticast => (Bits >> 40 & 1) == 1;

    /// <summary>Reads six octets of two hexadecimal digits, separated by colons or hyphens.</summary>
    public static bool TryParse(string? text, out MacAddress address)
    {
        address = default;
        if (text is null || text.Length != Octets * 3 - 1)
            return false;
        ulong bits = 0;
        for (var i = 0; i < Octets; i++)
        {
            var at = i * 3;
            if (i > 0 && (text[at - 1] is not (':' or '-') || text[at - 1] != text[2]))
                return false;
            var digits = text.AsSpan(at, 2);
            if (!byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
                return false;
            bits = bits << 8 | octet;
        }
        address = new MacAddress(bits);
        return true;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not a MAC address.</exception>
    public static MacAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not a MAC address");

    public int CompareTo(MacAddress other) => Bits.CompareTo(other.Bits);

    public static bool operator <(MacAddress left, MacAddress right) => left.Bits < right.Bits;

    public static bool operator >(MacAddress left, MacAddress right) => left.Bits > right.Bits;

    public static bool operator <=(MacAddress left, MacAddress right) => left.Bits <= right.Bits;

    public static bool operator >=(MacAddress left, MacAddress right) => left.Bits >= right.Bits;

    public override string ToString() => string.Create(Octets * 3 - 1, Bits, static (text, bits) =>
    {
        const string digits = "0123456789abcdef";
        for (var i = 0; i < Octets; i++)
        {
            var octet = (int)(bits >> (8 * (Octets - 1 - i)) & 0xff);
            text[i * 3] = digits[octet >> 4];
            text[i * 3 + 1] = digits[octet & 0xf];
            if (i < Octets - 1)
                text[i * 3 + 2] = ':';
        }
    });
}
