using System.Globalization;
using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>Reads parameters of a query. One that is wrong is as if absent; the first of them is remembered.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    /// <summary>What is wrong; null: nothing so far.</summary>
    public ApiError? Error { get; private set; }

    public bool Has(string name) => query.ContainsKey(name);

    public void Refuse(string name, string reason) => Error ??= ApiError.InvalidInput(name, reason);

    public string? Text(string name)
    {
        if (!query.TryGetValue(name, out var values))
            return null;
        if (values is [{ Length: > 0 } text])
            return text;
        Refuse(name, "it is there more than once, or without a value");
        return null;
    }

    public IPAddress? Address(string name)
    {
        if (Text(name) is not { } text)
            return null;
        // Shorter spellings of IPv4 and zones of IPv6 are no addresses of a packet.
        if (IPAddress.TryParse(text, out var address)
            && (text.Contains(':', StringComparison.Ordinal) ? !text.Contains('%', StringComparison.Ordinal)
                : text == address.ToString()))
        {
            return address;
        }
        Refuse(name, $"'{text}' is not an IP address");
        return null;
    }

    public int? Number(string name, int maximum)
    {
        if (Text(name) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= maximum)
            return number;
        Refuse(name, $"'{text}' is not a number from 0 to {maximum}");
        return null;
    }

    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is not (null or "true" or "false"))
            Refuse(name, $"'{text}' is neither true nor false");
        return text == "true";
    }
}
