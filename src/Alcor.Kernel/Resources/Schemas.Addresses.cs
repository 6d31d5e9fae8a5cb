using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Addresses;

namespace Alcor.Kernel.Resources;

/// <summary>Addresses and blocks of addresses, of both versions of IP.</summary>
public static partial class Schemas
{
    public static Schema<MacAddress> Mac { get; } = Parsed(
        (string text, out MacAddress value) =>
            MacAddress.TryParse(text, out value) && value.Bits != 0 && !value.IsMulticast,
        "is not a valid MAC address",
        "mac",
        value => value.Bits);

    /// <summary>An address in its canonical form: IPv6 is compacted, IPv4 has no other form here.</summary>
    public static Schema<IPAddress> IpAddress { get; } = new()
    {
        TryRead = TryReadAddress,
        Write = (writer, value) => writer.WriteStringValue(value.ToString()),
        FilterTexts = value => [value.ToString()],
        SortKey = value => value.ToNumber(),
        Describe = () => new JsonObject { ["type"] = "string", ["format"] = "ip" },
    };

    /// <summary>A block with a prefix length; host bits are cleared, as Neutron does for its subnets.</summary>
    public static Schema<IPNetwork> IpCidr { get; } = Block(
        (text, block) => text.Contains('/')
            ? ""
            : $"'{text}' isn't a recognized IP subnet cidr, '{block}' is recommended",
        "IP subnet").Converted(json => json.ValueKind == JsonValueKind.String
            && AddressText.TryParseBlock(json.GetString()!, out _)
            ? null
            : $"{Print(json)} is not in a CIDR format");

    /// <summary>The destination of a route: a block whose host bits are zero, and that is not the loopback.</summary>
    public static Schema<IPNetwork> RouteCidr { get; } = Block(
        (text, block) => !text.Contains('/') || IsOtherAddress(text, block)
            ? $"'{text}' is not a recognized CIDR, '{block}' is recommended"
            : IPAddress.IsLoopback(block.BaseAddress) ? $"'{text}' is not a routable CIDR" : "",
        "CIDR");

    /// <param name="refuse">What is wrong with a block that was written like this; empty: nothing.</param>
    private static Schema<IPNetwork> Block(Func<string, IPNetwork, string> refuse, string called) => new()
    {
        TryRead = (JsonElement json, out IPNetwork value, out string reason) =>
        {
            value = default;
            var text = json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
            reason = AddressText.TryParseBlock(text, out value)
                ? refuse(text, value)
                : $"'{json}' is not a valid {called}";
            return reason.Length == 0;
        },
        Write = (writer, value) => writer.WriteStringValue(value.ToString()),
        FilterTexts = value => [value.ToString()],
        SortKey = value => value.FirstNumber(),
        Describe = () => new JsonObject { ["type"] = "string", ["format"] = "cidr" },
    };

    private static bool IsOtherAddress(string text, IPNetwork block) =>
        !AddressText.TryParse(text[..text.IndexOf('/', StringComparison.Ordinal)], out var address)
        || !address.Equals(block.BaseAddress);

    private static bool TryReadAddress(JsonElement json, out IPAddress value, out string reason)
    {
        value = IPAddress.None;
        var text = json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
        if (AddressText.TryParse(text, out value))
        {
            reason = "";
            return true;
        }
        reason = WithoutLeadingZeros(text) is { } recommended
            ? $"'{text}' is not an accepted IP address, '{recommended}' is recommended"
            : $"'{json}' is not a valid IP address";
        return false;
    }

    /// <summary>The IPv4 address whose numbers these are; null: not four of them.</summary>
    private static string? WithoutLeadingZeros(string text)
    {
        var numbers = new List<byte>(4);
        foreach (var octet in text.Split('.'))
        {
            if (!byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            numbers.Add(number);
        }
        return numbers.Count == 4 ? string.Join('.', numbers) : null;
    }
}
