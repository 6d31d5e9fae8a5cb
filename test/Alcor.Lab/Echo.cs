namespace Alcor.Lab;

/// <summary>Whether an address answers.</summary>
public static class Echo
{
    private const int Count = 5;
    private const int AttemptsMax = 3;

    /// <summary>
    /// Sends a handful of echo requests until all of a handful are answered, three times at most: Open vSwitch
    /// acknowledges a change of its flows before its datapath has dropped what it remembered of those before, and what
    /// comes meanwhile may be lost. What is lost for another reason is lost again.
    /// </summary>
    /// <param name="options">Further options of ping(8).</param>
    /// <returns>What came of the last attempt.</returns>
    public static async Task<PingResult> AskAsync(NetworkNamespace from, string address, params string[] options)
    {
        ArgumentNullException.ThrowIfNull(from);
        for (var attempt = 1; ; attempt++)
        {
            var result = await from
                .Command("ping", ["-n", "-c", $"{Count}", "-i", "0.02", "-W", "1", .. options, address])
                .ResultAsync(CancellationToken.None);
            var told = PingResult.Parse(result.Output + result.Error);
            if (told.Lost == 0 || attempt == AttemptsMax)
                return told;
        }
    }
}
