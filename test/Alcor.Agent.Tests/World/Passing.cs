using Alcor.Lab;

namespace Alcor.Agent.Tests.World;

/// <summary>What a limit lets through. Bands are wide, since the machine has other things to do.</summary>
internal static class Passing
{
    /// <summary>More than any limit of these tests, and not too much for the machine.</summary>
    public const int Plenty = 10_000;

    private const int AttemptsMax = 20;

    /// <summary>Of plenty there arrive the kilobits that may pass, and never twice as many.</summary>
    /// <param name="address">Where <see cref="Throughput.ListenAsync"/> listens.</param>
    /// <param name="isReversed">What listens sends.</param>
    public static Task RequireAsync(NetworkNamespace from, string address, int mayPass, bool isReversed = false) =>
        RequireAsync(mayPass, async () => (await Throughput.MeasureAsync(
            from, address, Plenty, 1_200, isReversed)).KilobitsPerSecond);

    /// <summary>Of some thousand there arrive the packets that may pass, and never twice as many.</summary>
    public static Task RequirePacketsAsync(
        NetworkNamespace from, string address, int mayPass, bool isReversed = false) =>
        RequireAsync(mayPass, async () => (await Throughput.MeasureAsync(
            from, address, kilobits: 2_000, length: 100, isReversed)).PacketsPerSecond);

    /// <summary>A machine that has much else to do may not get as much through at once.</summary>
    private static async Task RequireAsync(int mayPass, Func<Task<double>> measure)
    {
        var measured = new List<double>();
        do
        {
            measured.Add(await measure());
            Assert.InRange(measured[^1], 0, mayPass * 2);
        }
        while (measured[^1] < mayPass / 2 && measured.Count < AttemptsMax);
        Assert.True(measured[^1] >= mayPass / 2, $"{mayPass} may pass: {string.Join(", ", measured)}");
    }
}
