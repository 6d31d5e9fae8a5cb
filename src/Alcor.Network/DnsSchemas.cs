using Alcor.Kernel.Resources;

namespace Alcor.Network;

/// <summary>Names of the domain name system (RFC 1034 section 3.1, RFC 1123 section 2.1).</summary>
internal static class DnsSchemas
{
    private const int NameMax = 255;
    private const int LabelMax = 63;

    /// <summary>A domain, with the dot at its end that makes it whole, in lower case; or empty.</summary>
    public static Schema<string> Domain { get; } = Text(
        text => text.Length > 0 && !text.EndsWith('.') ? $"'{text}' is not a FQDN" : ProblemOf(text));

    /// <summary>Text in lower case that has nothing wrong with it.</summary>
    /// <param name="problem">What is wrong, or null.</param>
    public static Schema<string> Text(Func<string, string?> problem)
    {
        var text = Schemas.Text(NameMax);
        return new Schema<string>
        {
            TryRead = (json, out value, out reason) =>
            {
                if (!text.TryRead(json, out value, out reason))
                    return false;
#pragma warning disable CA1308 // Names are compared without case, and Neutron keeps them in lower case.
                value = value.ToLowerInvariant();
#pragma warning restore CA1308
                reason = problem(value) ?? "";
                return reason.Length == 0;
            },
            Write = text.Write,
            FilterTexts = text.FilterTexts,
            SortKey = text.SortKey,
            Describe = text.Describe,
        };
    }

    /// <summary>What makes a text no name, whole or in part; null: it is one.</summary>
    public static string? ProblemOf(string text)
    {
        if (text.Length == 0)
            return null;
        var labels = (text.EndsWith('.') ? text[..^1] : text).Split('.');
        var reason = labels.Select(ProblemOfLabel).FirstOrDefault(problem => problem is not null);
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
