using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Alcor.Agent.Dhcp;

/// <summary>
/// What the value of an option is made of (RFC 2132, RFC 3442, RFC 8415), and so how its text is read.
/// </summary>
internal enum OptionForm
{
    /// <summary>Not known: addresses if it reads so, else a number, else bytes, else text.</summary>
    Any,

    /// <summary>Addresses of the version of IP, with commas between.</summary>
    Addresses,

    Text,

    /// <summary>Names with commas between, as DNS writes them (RFC 1035 section 3.1).</summary>
    DomainNames,

    /// <summary>Prefixes and next hops by turns, with commas between (RFC 3442).</summary>
    Routes,

    Byte,
    Word,
    DoubleWord,

    /// <summary>Addresses or names with commas between, each said to be the one or the other (RFC 5908).</summary>
    TimeServers,

    /// <summary>Texts with commas between, each with its length before it (RFC 5970, RFC 8415).</summary>
    Texts,
}

/// <summary>Reads the text of a value.</summary>
internal static class OptionText
{
    // RFC 1035 section 2.3.4.
    private const int LabelMax = 63;
    private const int NameMax = 255;

    // RFC 5908 section 4.
    private const byte ServerAddress = 1;
    private const byte ServerName = 3;

    /// <summary>Bytes of the option, or null when the text is none of that form.</summary>
    public static byte[]? Read(OptionForm form, string text, bool isIpv6) => form switch
    {
        OptionForm.Addresses => Addresses(text, isIpv6),
        OptionForm.Text => Encoding.UTF8.GetBytes(text),
        OptionForm.DomainNames => DomainNames(text),
        OptionForm.Routes => Routes(text),
        OptionForm.Byte => Number(text) is { } number and <= byte.MaxValue ? [(byte)number] : null,
        OptionForm.Word => Number(text) is { } number and <= ushort.MaxValue ? Bytes(number)[2..] : null,
        OptionForm.DoubleWord => Number(text) is { } number ? Bytes(number) : null,
        OptionForm.TimeServers => Joined(Parts(text).Select(TimeServer)),
        OptionForm.Texts => [.. Parts(text).Select(Encoding.UTF8.GetBytes).SelectMany(part => Block(part))],
        _ => Addresses(text, isIpv6) ?? Shortest(text) ?? Hexadecimal(text) ?? Encoding.UTF8.GetBytes(text),
    };

    /// <summary>One name; null when it, or a label of it, has no length or too much.</summary>
    public static byte[]? DomainName(string name)
    {
        var bytes = new List<byte>();
        foreach (var label in name.TrimEnd('.').Split('.').Select(Encoding.UTF8.GetBytes))
        {
            if (label.Length is 0 or > LabelMax)
                return null;
            bytes.Add((byte)label.Length);
            bytes.AddRange(label);
        }
        return bytes.Count < NameMax ? [.. bytes, 0] : null;
    }

    private static byte[]? TimeServer(string text)
    {
        if (Address(text, isIpv6: true) is { } address)
            return [0, ServerAddress, .. Block(address.GetAddressBytes())];
        return DomainName(text) is { } name ? [0, ServerName, .. Block(name)] : null;
    }

    /// <summary>Its length, and then itself.</summary>
    private static byte[] Block(byte[] bytes) => [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];

    private static byte[]? DomainNames(string text) => Joined(Parts(text).Select(DomainName));

    private static byte[]? Addresses(string text, bool isIpv6) =>
        Joined(Parts(text).Select(part => Address(part, isIpv6)?.GetAddressBytes()));

    private static byte[]? Routes(string text)
    {
        var parts = Parts(text);
        return parts.Length % 2 != 0 ? null : Joined(parts.Chunk(2).Select(pair =>
            IPNetwork.TryParse(pair[0], out var prefix)
                && prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork
                && Address(pair[1], isIpv6: false) is { } nextHop
                ? DhcpParameters.Route(prefix, nextHop)
                : null));
    }

    /// <summary>All four numbers of an IPv4 address; one of IPv6 may stand in brackets.</summary>
    private static IPAddress? Address(string text, bool isIpv6)
    {
        var bare = isIpv6 && text is ['[', .. var inside, ']'] ? inside : text;
        return IPAddress.TryParse(bare, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6) == isIpv6
            && (isIpv6 || bare.Count(one => one == '.') == 3)
            ? address
            : null;
    }

    private static uint? Number(string text)
    {
        var isHexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return uint.TryParse(isHexadecimal ? text.AsSpan(2) : text,
            isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture,
            out var number)
            ? number
            : null;
    }

    private static byte[]? Shortest(string text) => Number(text) switch
    {
        null => null,
        <= byte.MaxValue and var number => [(byte)number],
        <= ushort.MaxValue and var number => Bytes(number)[2..],
        { } number => Bytes(number),
    };

    private static byte[]? Hexadecimal(string text)
    {
        var bytes = new List<byte>();
        foreach (var part in text.Split(':'))
        {
            if (part.Length != 2
                || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var one))
            {
                return null;
            }
            bytes.Add(one);
        }
        return [.. bytes];
    }

    private static byte[] Bytes(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    private static byte[]? Joined(IEnumerable<byte[]?> parts)
    {
        var all = parts.ToList();
        return all.Contains(null) ? null : [.. all.SelectMany(part => part!)];
    }
}
