using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Network;

/// <summary>
/// Names of the domain name system (RFC 1034 section 3.1, RFC 1123 section 2.1), in lower case; empty: none.
/// </summary>
internal static class DnsSchemas
{
    /// <summary>Characters of a whole name (RFC 1035 section 2.3.4, with its dot at the end).</summary>
    public const int FqdnMax = 255;

    private const int LabelMax = 63;

    /// <summary>A name, relative or, with a dot at its end, whole.</summary>
    public static Schema<string> Name { get; } = Text(ProblemOf);

    /// <summary>A name that a domain is to be put behind: of a character and a dot at least.</summary>
    public static Schema<string> RelativeName { get; } = Text(text =>
        text.EndsWith('.') ? $"'{text}' is a FQDN. It should be a relative domain name"
        : ProblemOf(text) is { } problem ? problem
        : text.Length > FqdnMax - 3 ? TooLong(text, "domain name") : null);

    /// <summary>A domain, with the dot at its end that makes it whole.</summary>
    public static Schema<string> Domain { get; } = Text(text =>
        text.Length > 0 && !text.EndsWith('.') ? $"'{text}' is not a FQDN"
        : ProblemOf(text) is { } problem ? problem
        : text.Length > FqdnMax - 2 ? TooLong(text, "sub-domain") : null);

    private static string TooLong(string text, string addition) =>
        $"'{text}' contains {text.Length} characters. Adding a {addition} will cause it to exceed the maximum length "
        + $"of a FQDN of '{FqdnMax}'";

    /// <param name="problem">What is wrong, or null.</param>
    private static Schema<string> Text(Func<string, string?> problem) => new()
    {
        TryRead = (JsonElement json, out string value, out string reason) =>
        {
#pragma warning disable CA1308 // Names are compared without case, and shown in lower case.
            value = json.ValueKind == JsonValueKind.String ? json.GetString()!.ToLowerInvariant() : "";
#pragma warning restore CA1308
            reason = json.ValueKind == JsonValueKind.String
                ? problem(value) ?? ""
                : $"'{json}' is not a valid string";
            return reason.Length == 0;
        },
        Write = (writer, value) => writer.WriteStringValue(value),
        Unconvertible = NotText,
        FilterTexts = value => [value],
        SortKey = value => value,
        Describe = () => new JsonObject { ["type"] = "string", ["maxLength"] = FqdnMax },
    };

    /// <summary>What Neutron says of what it cannot put into lower case.</summary>
    private static string? NotText(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? null : $"Input value {Schemas.Print(json)} must be string type";

    /// <summary>What makes a text no name, whole or in part; null: it is one.</summary>
    private static string? ProblemOf(string text)
    {
        if (text.Length == 0)
            return null;
        var trimmed = text.EndsWith('.') ? text[..^1] : text;
        var labels = trimmed.Split('.');
        var reason = trimmed.Length > FqdnMax
            ? $"'{trimmed}' exceeds the {FqdnMax} character FQDN limit"
            : labels.Select(ProblemOfLabel).FirstOrDefault(problem => problem is not null);
        if (reason is null && labels.Length > 1 && labels[^1].All(char.IsAsciiDigit))
            reason = $"TLD '{labels[^1]}' must not be all numeric";
        return reason is null ? null : $"'{text}' not a valid PQDN or FQDN. Reason: {reason}";
    }

    private static string? ProblemOfLabel(string label)
    {
        if (label.Length == 0)
            return "Encountered an empty component";
        if (label.StartsWith('-') || label.EndsWith('-'))
            return $"Name '{label}' must not start or end with a hyphen";
        return label.Length <= LabelMax && label.All(one => one == '-' || char.IsAsciiLetterOrDigit(one))
            ? null
            : $"Name '{label}' must be 1-63 characters long, each of which can only be alphanumeric or a hyphen";
    }
}
