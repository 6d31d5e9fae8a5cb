namespace Alcor.Reachability.Tests;

/// <summary>
/// Leaves out of a script whatever is not needed for its mismatch: what is left is short enough to be read.
/// </summary>
internal static class Shrinking
{
    /// <summary>No end of attempts would be worth waiting for.</summary>
    private const int AttemptsUsual = 400;

    /// <param name="runAsync">Runs a script once more.</param>
    /// <returns>The script, cut down as far as the attempts reach, and the mismatch that it still leads to.</returns>
    public static async Task<(IReadOnlyList<Step> Script, Mismatch Mismatch)> OfAsync(
        IReadOnlyList<Step> script, Mismatch mismatch, Func<IReadOnlyList<Step>, Task<TrialResult>> runAsync,
        int attemptsMax = AttemptsUsual)
    {
        var attempts = 0;
        for (var size = script.Count / 2; size > 0; size /= 2)
        {
            for (var at = 0; at < script.Count && attempts < attemptsMax;)
            {
                var shorter = script.Where((_, i) => i < at || i >= at + size).ToList();
                attempts++;
                if ((await runAsync(shorter)).Mismatch is { } still)
                    (script, mismatch) = (shorter, still);
                else
                    at += size;
            }
        }
        return (script, mismatch);
    }

    /// <summary>The same as a text that says all.</summary>
    public static async Task<string> TellAsync(
        IReadOnlyList<Step> script, Mismatch mismatch, Func<IReadOnlyList<Step>, Task<TrialResult>> runAsync,
        int attemptsMax = AttemptsUsual)
    {
        var (least, last) = await OfAsync(script, mismatch, runAsync, attemptsMax);
        return $"{string.Join('\n', least)}\n{last}";
    }
}
