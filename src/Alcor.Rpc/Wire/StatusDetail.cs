using System.Text;

namespace Alcor.Rpc;

/// <summary><c>grpc-message</c>: UTF-8 in which everything but printable ASCII, and the percent sign, is %XX.</summary>
internal static class StatusDetail
{
    public static string Encode(string detail)
    {
        var text = new StringBuilder(detail.Length);
        foreach (var rune in detail.EnumerateRunes())
        {
            if (text.Length >= RpcLimits.DetailLengthMax)
            {
                break;
            }

            Append(text, rune);
        }

        return text.ToString();
    }

    /// <summary>Never fails: what is not well encoded stays as it is, as the document asks.</summary>
    public static string Decode(string encoded)
    {
        if (!encoded.Contains('%'))
        {
            return encoded;
        }

        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && char.IsAsciiHexDigit(encoded[i + 1]) && char.IsAsciiHexDigit(encoded[i + 2]))
            {
                bytes.Add(Convert.ToByte(encoded.Substring(i + 1, 2), 16));
                i += 2;
                continue;
            }

            bytes.AddRange(Encoding.UTF8.GetBytes([encoded[i]]));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        if (rune.Value is >= ' ' and <= '~' and not '%')
        {
            text.Append((char)rune.Value);
            return;
        }

        Span<byte> utf8 = stackalloc byte[4];
        foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)])
        {
            text.Append('%').Append(octet.ToString("X2"));
        }
    }
}
