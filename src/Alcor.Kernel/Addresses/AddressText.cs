using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Alcor.Kernel.Addresses;

/// <summary>
/// Addresses and blocks as the Networking API writes them; stricter than .NET, which also reads "10.1", "0x0a000001",
/// "[::1]" and addresses with a zone.
/// </summary>
public static class AddressText
{
    /// <summary>Reads four decimal numbers with three dots, or any form of RFC 4291 section 2.2.</summary>
    public static bool TryParse(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!)
        && (address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text
            : text.AsSpan().IndexOfAny("[]%/") < 0);

    /// <summary>
    /// Reads a block, with its host bits cleared; an address without a prefix length is a block of one.
    /// </summary>
    public static bool TryParseBlock(string text, out IPNetwork block)
    {
        block = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryParse(slash < 0 ? text : text[..slash], out var address))
            return false;
        var length = address.Bits();
        var hasLength = slash < 0 || int.TryParse(
            text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length);
        if (!hasLength || length > address.Bits())
            return false;
        block = address.BlockAround(length);
        return true;
    }
}
