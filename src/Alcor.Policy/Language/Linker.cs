namespace Alcor.Policy.Language;

/// <summary>
/// Puts rules into one another: <c>rule:name</c> becomes what that rule says. A rule that does not exist is the rule
/// "default", which has to exist.
/// </summary>
internal sealed class Linker(IReadOnlyDictionary<string, Expression> expressions)
{
    private readonly Dictionary<string, Linked> _done = new(StringComparer.Ordinal);
    private readonly List<string> _path = [];

    /// <summary>Null, and why, when the rule comes back to itself or nests too deep.</summary>
    public Check? Link(string rule, out string reason)
    {
        reason = "";
        var linked = LinkRule(rule, ref reason);
        _path.Clear();
        return linked?.Check;
    }

    private Linked? LinkRule(string rule, ref string reason)
    {
        if (!expressions.ContainsKey(rule))
            rule = AccessPolicy.DefaultRule;
        if (_done.TryGetValue(rule, out var done))
            return done;
        if (_path.Contains(rule, StringComparer.Ordinal))
        {
            reason = $"it comes back to itself: {string.Join(" -> ", _path)} -> {rule}";
            return null;
        }

        if (_path.Count >= PolicyLimits.DepthMax)
        {
            reason = $"it refers through more than {PolicyLimits.DepthMax} other rules";
            return null;
        }

        _path.Add(rule);
        if (LinkExpression(expressions[rule], ref reason) is not { } linked)
            return null;
        _path.RemoveAt(_path.Count - 1);
        _done.Add(rule, linked);
        return linked;
    }

    private Linked? LinkExpression(Expression expression, ref string reason)
    {
        switch (expression)
        {
            case Expression.Leaf leaf:
                return new Linked(leaf.Check, 1);
            case Expression.Rule rule:
                return LinkRule(rule.Name, ref reason);
            case Expression.Not not:
                return LinkExpression(not.Inner, ref reason) is { } inner
                    ? Join([inner], checks => Check.Not(checks[0]), ref reason)
                    : null;
            case Expression.All all:
                return LinkParts(all.Parts, ref reason) is { } together
                    ? Join(together, Check.All, ref reason)
                    : null;
            case Expression.Any any:
                return LinkParts(any.Parts, ref reason) is { } alternatives
                    ? Join(alternatives, Check.Any, ref reason)
                    : null;
            default:
                throw new InvalidOperationException($"no such expression: {expression.GetType()}");
        }
    }

    private List<Linked>? LinkParts(IReadOnlyList<Expression> parts, ref string reason)
    {
        var linked = new List<Linked>(parts.Count);
        foreach (var part in parts)
        {
            if (LinkExpression(part, ref reason) is not { } check)
                return null;
            linked.Add(check);
        }

        return linked;
    }

    private static Linked? Join(List<Linked> parts, Func<List<Check>, Check> join, ref string reason)
    {
        var depth = parts.Count == 0 ? 1 : parts.Max(part => part.Depth) + 1;
        if (depth <= PolicyLimits.DepthMax)
            return new Linked(join([.. parts.Select(part => part.Check)]), depth);
        reason = $"it nests deeper than {PolicyLimits.DepthMax} levels, with the rules that it refers to";
        return null;
    }

    private sealed record Linked(Check Check, int Depth);
}
