using System.Globalization;

namespace Alcor.OpenFlow;

/// <summary>A 48-bit Ethernet address; <see cref="Value"/> holds it in network order in its low 48 bits.</summary>
public readonly record struct MacAddress : IComparable<MacAddress>
{
    private const ulong Bits48 = 0xffff_ffff_ffff;

    /// <exception cref="ArgumentOutOfRangeException">The value has more than 48 bits.</exception>
    public MacAddress(ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Bits48);
        Value = value;
    }

    public static MacAddress Broadcast => new(Bits48);

    public static MacAddress Zero => default;

    public ulong Value { get; }

    public bool IsMulticast => (Value >> 40 & 1) != 0;

    /// <summary>Reads six bytes in network order.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        foreach (var part in bytes[..6]) value = value << 8 | part;
        return new MacAddress(value);
    }

    /// <summary>Writes six bytes in network order.</summary>
    public void Write(Span<byte> bytes)
    {
        for (var i = 0; i < 6; i++) bytes[i] = (byte)(Value >> (40 - 8 * i));
    }

    /// <summary>Six groups of two hexadecimal digits with colons, in either case.</summary>
    public static bool TryParse(string? text, out MacAddress address)
    {
        address = default;
        if (text is not { Length: 17 }) return false;
        ulong value = 0;
        for (var i = 0; i < 17; i += 3)
        {
            if (i > 0 && text[i - 1] != ':') return false;
            if (!byte.TryParse(text.AsSpan(i, 2), NumberStyles.AllowHexSpecifier, null, out var part)) return false;
            value = value << 8 | part;
        }

        address = new MacAddress(value);
        return true;
    }

    /// <exception cref="FormatException">Not an Ethernet address.</exception>
    public static MacAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an Ethernet address");

    public int CompareTo(MacAddress other) => Value.CompareTo(other.Value);

    public static bool operator <(MacAddress left, MacAddress right) => left.Value < right.Value;

    public static bool operator <=(MacAddress left, MacAddress right) => left.Value <= right.Value;

    public static bool operator >(MacAddress left, MacAddress right) => left.Value > right.Value;

    public static bool operator >=(MacAddress left, MacAddress right) => left.Value >= right.Value;

    public override string ToString() => string.Create(17, Value, static (text, value) =>
    {
        const string digits = "0123456789abcdef";
        for (var i = 16; i >= 0; i--)
        {
            text[i] = i % 3 == 2 ? ':' : digits[(int)(value & 15)];
            if (i % 3 != 2) value >>= 4;
        }
    });
}
