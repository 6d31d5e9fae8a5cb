using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Alcor.Kernel;

/// <summary>
/// What must be true unless we made a mistake. Checked in production too; a violation ends the operation.
/// </summary>
public static class Invariant
{
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

/// <summary>We broke one of our own rules.</summary>
public sealed class InvariantException(string message) : Exception(message);
