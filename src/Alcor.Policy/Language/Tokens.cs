namespace Alcor.Policy.Language;

internal enum TokenKind
{
    Check,
    And,
    Or,
    Not,
    Open,
    Close,
    End,
}

/// <param name="Position">Of its first character in the expression, counted from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position);

/// <summary>
/// Cuts an expression at white space. Parentheses stand at the edges of such a piece; within, they belong to
/// the check, because of <c>%(attribute)s</c>.
/// </summary>
internal static class Tokens
{
    public static List<Token> Read(string expression)
    {
        var tokens = new List<Token>();
        for (var start = 0; start < expression.Length; start++)
        {
            if (char.IsWhiteSpace(expression[start]))
                continue;
            var end = start;
            while (end < expression.Length && !char.IsWhiteSpace(expression[end]))
                end++;
            AddWord(tokens, expression[start..end], start + 1);
            start = end;
        }

        tokens.Add(new Token(TokenKind.End, "", expression.Length + 1));
        return tokens;
    }

    private static void AddWord(List<Token> tokens, string word, int position)
    {
        var opened = word.Length - word.TrimStart('(').Length;
        var closed = opened == word.Length ? 0 : word.Length - word.TrimEnd(')').Length;
        for (var i = 0; i < opened; i++)
            tokens.Add(new Token(TokenKind.Open, "(", position + i));
        var text = word[opened..^closed];
        if (text.Length > 0)
            tokens.Add(new Token(Kind(text), text, position + opened));
        for (var i = 0; i < closed; i++)
            tokens.Add(new Token(TokenKind.Close, ")", position + word.Length - closed + i));
    }

    private static TokenKind Kind(string text) =>
        Is(text, "and") ? TokenKind.And
        : Is(text, "or") ? TokenKind.Or
        : Is(text, "not") ? TokenKind.Not
        : TokenKind.Check;

    private static bool Is(string text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);
}
