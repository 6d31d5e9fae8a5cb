using System.Text.RegularExpressions;

namespace Alcor.Policy.Language;

/// <summary>Reads one check: <c>@</c>, <c>!</c>, or <c>kind:match</c>.</summary>
internal static partial class LeafReader
{
    public static Expression? Read(Token token, out SyntaxError? error)
    {
        var read = Read(token.Text, out var reason);
        error = read is null ? new SyntaxError(token.Position, reason) : null;
        return read;
    }

    private static Expression? Read(string text, out string reason)
    {
        reason = "";
        if (text == "@")
            return new Expression.Leaf(Check.Always);
        if (text == "!")
            return new Expression.Leaf(Check.Never);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            reason = $"'{text}' is no check, which is '@', '!' or 'kind:match'";
            return null;
        }

        var (kind, match) = (text[..colon], text[(colon + 1)..]);
        if (kind == "rule")
            return new Expression.Rule(match);
        var check = kind == "field" ? FieldCheck.Read(match, out reason) : ReadMatch(kind, match, out reason);
        return check is null ? null : new Expression.Leaf(check);
    }

    private static Check? ReadMatch(string kind, string match, out string reason)
    {
        if (Template.Read(match, out reason) is not { } template)
            return null;
        if (kind == "role")
            return new RoleCheck(template);
        if (kind == "tenant_id")
            return ReadOwner(template, match, out reason);
        if (kind is "http" or "https")
        {
            reason = "a policy that asks another server is not supported";
            return null;
        }

        if (Literal().Match(kind) is { Success: true } literal)
            return TextCheck.Create(template, [literal.Groups["text"].Value]);
        if (!CredentialName().IsMatch(kind))
        {
            reason = $"'{kind}' is neither an attribute of the caller nor a literal";
            return null;
        }

        if (Credentials.IsMissing(kind))
        {
            reason = $"'{kind}' is not known of a caller here";
            return null;
        }

        return new CallerCheck(Credentials.Reader(kind), template);
    }

    /// <summary>
    /// Neutron gives <c>tenant_id</c> a meaning of its own: the owner of the target, or of what the target belongs
    /// to, which may be written with an underscore.
    /// </summary>
    private static CallerCheck? ReadOwner(Template template, string match, out string reason)
    {
        const string parent = "network_";
        reason = "";
        if (template.Attribute is not { } attribute)
        {
            reason = $"'tenant_id:{match}' is not tenant_id:%(attribute)s";
            return null;
        }

        if (attribute.StartsWith(parent, StringComparison.Ordinal) && attribute != "network_id")
            template = Template.Of($"network:{attribute[parent.Length..]}");
        return new CallerCheck(Credentials.Reader("tenant_id"), template);
    }

    // Literals of Python: a text in quotes, a whole number, or one of the names.
    [GeneratedRegex(@"\A(?:'(?<text>[^'\\]*)'|""(?<text>[^""\\]*)""|(?<text>None|True|False|-?[1-9][0-9]*|0))\z",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"\A[A-Za-z_][\w.\-]*\z", RegexOptions.None, 1000)]
    private static partial Regex CredentialName();
}
