namespace Alcor.Policy.Language;

/// <summary>An expression as it was written, before the rules that it refers to are known.</summary>
internal abstract record Expression
{
    public sealed record Leaf(Check Check) : Expression;

    public sealed record Rule(string Name) : Expression;

    public sealed record Not(Expression Inner) : Expression;

    public sealed record All(IReadOnlyList<Expression> Parts) : Expression;

    public sealed record Any(IReadOnlyList<Expression> Parts) : Expression;
}

/// <summary>Why an expression cannot be read.</summary>
/// <param name="Position">Of the character where it begins, counted from 1.</param>
internal sealed record SyntaxError(int Position, string Reason);
