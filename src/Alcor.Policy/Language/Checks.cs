using System.Text.RegularExpressions;
using Alcor.Kernel.Resources;

namespace Alcor.Policy.Language;

/// <summary>
/// <c>project_id:%(project_id)s</c>: the text on the right is one of the caller's values on the left.
/// </summary>
internal sealed class CallerCheck(Func<Caller, IReadOnlyList<string>> read, Template template) : Check
{
    public override bool DependsOnTarget => template.Constant is null;

    public override bool Holds(Caller caller, ITarget target) => Fold(caller).Holds(caller, target);

    public override Check Fold(Caller caller) => TextCheck.Create(template, [.. read(caller)]);
}

/// <summary><c>role:%(name)s</c>: the same for roles, whose names have no case.</summary>
internal sealed class RoleCheck(Template template) : Check
{
    public override bool DependsOnTarget => template.Constant is null;

    public override bool Holds(Caller caller, ITarget target)
    {
        if (template.Text(target) is not { } role)
            return false;
        foreach (var own in caller.Roles)
        {
            if (string.Equals(own, role, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    public override Check Fold(Caller caller) =>
        template.Constant is { } role ? Of(caller.Roles.Contains(role, StringComparer.OrdinalIgnoreCase)) : this;
}

/// <summary><c>'up':%(status)s</c>, and what a check of the caller becomes when the caller is known.</summary>
internal sealed class TextCheck : Check
{
    private readonly Template _template;
    private readonly string[] _values;

    private TextCheck(Template template, string[] values) => (_template, _values) = (template, values);

    public override bool DependsOnTarget => true;

    public static Check Create(Template template, string[] values) =>
        template.Constant is { } text ? Of(values.Contains(text, StringComparer.Ordinal))
        : values.Length == 0 ? Never
        : new TextCheck(template, values);

    public override bool Holds(Caller caller, ITarget target)
    {
        if (_template.Text(target) is not { } text)
            return false;
        foreach (var value in _values)
        {
            if (value == text)
                return true;
        }

        return false;
    }

    public override Check Fold(Caller caller) => this;
}

/// <summary>
/// <c>field:networks:shared=True</c>, or with a regular expression <c>field:port:device_owner=~^network:</c>, which has
/// to match from the start. Null is no value.
/// </summary>
internal sealed class FieldCheck : Check
{
    private const string Network = "network:";
    private readonly string _attribute;
    private readonly string? _parentAttribute;
    private readonly Func<string, bool> _matches;

    private FieldCheck(string resource, string attribute, Func<string, bool> matches)
    {
        _attribute = attribute;
        // Whoever asks whether a network is shared asks it of subnets and ports as well, and means their network.
        _parentAttribute = (resource, attribute) == ("networks", "shared") ? Network + attribute : null;
        _matches = matches;
    }

    public override bool DependsOnTarget => true;

    public static Check? Read(string match, out string reason)
    {
        var colon = match.IndexOf(':', StringComparison.Ordinal);
        var equals = match.IndexOf('=', Math.Max(colon, 0));
        if (colon <= 0 || equals <= colon + 1)
        {
            reason = $"'field:{match}' is not field:resource:attribute=value";
            return null;
        }

        return Matcher(match[(equals + 1)..], out reason) is { } matches
            ? new FieldCheck(match[..colon], match[(colon + 1)..equals], matches)
            : null;
    }

    public override bool Holds(Caller caller, ITarget target)
    {
        var text = target.Text(_attribute);
        if (text is null && _parentAttribute is not null)
            text = target.Text(_parentAttribute);
        return text is not (null or "None") && _matches(text);
    }

    public override Check Fold(Caller caller) => this;

    private static Func<string, bool>? Matcher(string value, out string reason)
    {
        reason = "";
        if (!value.StartsWith('~'))
        {
            // Neutron reads the value as the attribute's type: true is True.
            return bool.TryParse(value, out _)
                ? text => string.Equals(text, value, StringComparison.OrdinalIgnoreCase)
                : text => text == value;
        }

        var literal = value[1..].TrimStart('^');
        if (Regex.Escape(literal) == literal)
            return text => text.StartsWith(literal, StringComparison.Ordinal);
        try
        {
            // Without backtracking no expression takes more than linear time, whatever the caller sends.
            const RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
            return new Regex($@"\A(?:{value[1..]})", options, Regex.InfiniteMatchTimeout).IsMatch;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            reason = $"'{value[1..]}' is no regular expression that is understood here: {exception.Message}";
            return null;
        }
    }
}
