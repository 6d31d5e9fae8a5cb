namespace Alcor.Policy.Language;

/// <summary>
/// Reads the language of oslo.policy: "not" binds more than "and", which binds more than "or". oslo.policy logs
/// an expression that it cannot read, and then refuses everybody; here it is an error.
/// </summary>
internal sealed class ExpressionReader
{
    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;

    private ExpressionReader(string expression) => _tokens = Tokens.Read(expression);

    private Token Next => _tokens[_next];

    /// <summary>Null and the error when it is malformed. An empty expression always holds.</summary>
    public static Expression? Read(string expression, out SyntaxError? error)
    {
        error = null;
        if (expression.Length == 0)
            return new Expression.Leaf(Check.Always);
        var reader = new ExpressionReader(expression);
        if (reader.ReadAny(out error) is not { } read)
            return null;
        if (reader.Next.Kind == TokenKind.End)
            return read;
        error = reader.Next.Kind == TokenKind.Close
            ? new SyntaxError(reader.Next.Position, "there is no '(' for this ')'")
            : new SyntaxError(reader.Next.Position, $"'and' or 'or' is missing before '{reader.Next.Text}'");
        return null;
    }

    /// <summary>
    /// The form of old: a list of alternatives, each a check or a list of checks that hold together.
    /// </summary>
    public static Expression? ReadLists(IReadOnlyList<IReadOnlyList<string>> lists, out SyntaxError? error)
    {
        error = null;
        if (lists.Count == 0)
            return new Expression.Leaf(Check.Always);
        var alternatives = new List<Expression>();
        foreach (var list in lists.Where(list => list.Count > 0))
        {
            var parts = new List<Expression>();
            foreach (var text in list)
            {
                if (LeafReader.Read(new Token(TokenKind.Check, text, 1), out error) is not { } leaf)
                    return null;
                parts.Add(leaf);
            }

            alternatives.Add(new Expression.All(parts));
        }

        return new Expression.Any(alternatives);
    }

    private Expression? ReadAny(out SyntaxError? error) =>
        ReadList(TokenKind.Or, parts => new Expression.Any(parts), ReadAll, out error);

    private Expression? ReadAll(out SyntaxError? error) =>
        ReadList(TokenKind.And, parts => new Expression.All(parts), ReadOne, out error);

    private delegate Expression? ReadPart(out SyntaxError? error);

    private Expression? ReadList(
        TokenKind separator, Func<List<Expression>, Expression> join, ReadPart readPart, out SyntaxError? error)
    {
        var parts = new List<Expression>();
        do
        {
            if (parts.Count > 0)
                _next++;
            if (readPart(out error) is not { } part)
                return null;
            parts.Add(part);
        }
        while (Next.Kind == separator);
        return parts.Count == 1 ? parts[0] : join(parts);
    }

    private Expression? ReadOne(out SyntaxError? error)
    {
        var token = Next;
        if (token.Kind == TokenKind.Check)
        {
            _next++;
            return LeafReader.Read(token, out error);
        }

        error = token.Kind switch
        {
            TokenKind.End => new SyntaxError(token.Position, "the expression ends where a check is expected"),
            not (TokenKind.Not or TokenKind.Open) => new SyntaxError(
                token.Position, $"'{token.Text}' stands where a check is expected"),
            _ when _depth >= PolicyLimits.DepthMax => new SyntaxError(
                token.Position, $"it nests deeper than {PolicyLimits.DepthMax} levels"),
            _ => null,
        };
        if (error is not null)
            return null;
        _next++;
        _depth++;
        var inner = token.Kind == TokenKind.Not ? ReadNegation(out error) : ReadParentheses(token, out error);
        _depth--;
        return inner;
    }

    private Expression.Not? ReadNegation(out SyntaxError? error) =>
        ReadOne(out error) is { } inner ? new Expression.Not(inner) : null;

    private Expression? ReadParentheses(Token open, out SyntaxError? error)
    {
        if (ReadAny(out error) is not { } inner)
            return null;
        if (Next.Kind == TokenKind.Close)
        {
            _next++;
            return inner;
        }

        error = Next.Kind == TokenKind.End
            ? new SyntaxError(open.Position, "there is no ')' for this '('")
            : new SyntaxError(Next.Position, $"'and', 'or' or ')' is missing before '{Next.Text}'");
        return null;
    }
}
