using System.Globalization;

namespace Alcor.Simulation.Tests;

/// <summary>
/// Whole regions from seeds: every invariant holds at every step, and all is right some time after the last fault.
/// ALCOR_SEED replays one world; ALCOR_WORLDS looks through more of them.
/// </summary>
public sealed class SeededWorldTests
{
    private const int Worlds = 1_000;

    [Fact]
    public void Every_invariant_holds_in_a_thousand_worlds()
    {
        foreach (var seed in Seeds())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var result = WorldRun.Of(WorldSettings.For(seed));
            Assert.True(result.Violation is null, result.ToString());
        }
    }

    /// <summary>Worlds that broke an invariant once.</summary>
    [Theory]
    [InlineData(696, "a dead session's report arrived after the new session's, by way of another server")]
    public void A_world_that_was_wrong_is_right(int seed, string wasWrong)
    {
        var result = WorldRun.Of(WorldSettings.For(seed));
        Assert.True(result.Violation is null, $"{wasWrong}: {result}");
    }

    private static IEnumerable<int> Seeds()
    {
        if (Number("ALCOR_SEED") is { } seed)
            return [seed];
        return Enumerable.Range(1, Number("ALCOR_WORLDS") ?? Worlds);
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
