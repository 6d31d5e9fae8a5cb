using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Alcor.Kernel;

/// <summary>
/// What must be true unless we made a mistake. Checked in production too; a violation ends the operation.
/// </summary>
public static class Invariant
{
    /// <summary>The same for a rule with values in it, which is put into words only when it was broken.</summary>
    /// <exception cref="InvariantException"><paramref name="holds"/> is false.</exception>
    public static void Require(
        [DoesNotReturnIf(false)] bool holds,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref BrokenRule rule,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (!holds)
            throw new InvariantException($"{rule.ToText()} ({Path.GetFileName(file)}:{line})");
    }

    /// <exception cref="InvariantException"><paramref name="holds"/> is false.</exception>
    public static void Require(
        [DoesNotReturnIf(false)] bool holds,
        string rule,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (!holds)
            throw new InvariantException($"{rule} ({Path.GetFileName(file)}:{line})");
    }
}

/// <summary>The words of a rule, gathered by the compiler's code, and only if the rule does not hold.</summary>
[InterpolatedStringHandler]
public ref struct BrokenRule
{
    private DefaultInterpolatedStringHandler text;

    public BrokenRule(int literalLength, int formattedCount, bool holds, out bool isBroken)
    {
        isBroken = !holds;
        text = isBroken ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string literal) => text.AppendLiteral(literal);

    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    internal string ToText() => text.ToStringAndClear();
}

/// <summary>We broke one of our own rules.</summary>
public sealed class InvariantException(string message) : Exception(message);
