using System.Text;

namespace Alcor.Policy.Language;

/// <summary>
/// The right side of a check: text with attributes of the target in it, in the form of Python's formatting,
/// <c>%(project_id)s</c>; <c>%%</c> is a percent sign. No other form of it is understood.
/// </summary>
internal sealed class Template
{
    // Text and attributes by turns, beginning with a text, which may be empty.
    private readonly string[] _parts;

    private Template(string[] parts) => _parts = parts;

    /// <summary>The text when no attribute is in it.</summary>
    public string? Constant => _parts.Length == 1 ? _parts[0] : null;

    /// <summary>The attribute when there is nothing else.</summary>
    public string? Attribute => _parts is ["", var attribute, ""] ? attribute : null;

    public static Template Of(string attribute) => new(["", NewName(attribute), ""]);

    /// <summary>Null and the reason when it is malformed.</summary>
    public static Template? Read(string text, out string reason)
    {
        var parts = new List<string>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                literal.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '%')
            {
                literal.Append('%');
                i++;
            }
            else if (text.IndexOf(")s", i, StringComparison.Ordinal) is var end && end > i + 1 && text[i + 1] == '(')
            {
                parts.Add(literal.ToString());
                parts.Add(NewName(text[(i + 2)..end]));
                literal.Clear();
                i = end + 1;
            }
            else
            {
                reason = $"'{text}' has a % that is neither %(attribute)s nor %%";
                return null;
            }
        }

        parts.Add(literal.ToString());
        reason = "";
        return new Template([.. parts]);
    }

    /// <summary>The text for this target; null when it lacks an attribute.</summary>
    public string? Text(ITarget target)
    {
        if (Constant is { } constant)
            return constant;
        if (Attribute is { } attribute)
            return target.Text(attribute);
        var text = new StringBuilder(_parts[0]);
        for (var i = 1; i < _parts.Length; i += 2)
        {
            if (target.Text(_parts[i]) is not { } value)
                return null;
            text.Append(value).Append(_parts[i + 1]);
        }

        return text.ToString();
    }

    /// <summary>Projects were tenants once, also those of a parent: <c>network:tenant_id</c>.</summary>
    private static string NewName(string attribute) => attribute switch
    {
        "tenant_id" => "project_id",
        _ when attribute.EndsWith(":tenant_id", StringComparison.Ordinal) => $"{attribute[..^9]}project_id",
        _ => attribute,
    };
}
