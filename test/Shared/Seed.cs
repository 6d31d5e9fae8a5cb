using System.Globalization;

namespace Alcor.Testing;

/// <summary>
/// The seed of a random test. It is printed before the test draws anything, and ALCOR_SEED replaces it, so that a
/// failure is replayed by one command.
/// </summary>
internal static class Seed
{
    /// <summary>A generator for <paramref name="test"/>, seeded by ALCOR_SEED or by the default.</summary>
    public static Random For(string test, int seed = 20_260_101)
    {
        var chosen = Environment.GetEnvironmentVariable("ALCOR_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : seed;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed of {test}: {chosen} (replay with ALCOR_SEED={chosen})");
        return new Random(chosen);
    }
}
