using System.Globalization;

namespace Alcor.Reachability.Tests;

/// <summary>What the switches do is what the API says, in generated clouds.</summary>
public sealed class OracleAgainstSwitchTests
{
    /// <summary>With their changes, over a thousand topologies and sets of rules.</summary>
    private const int WorldsUsual = 150;

    private static int Worlds => Environment.GetEnvironmentVariable("ALCOR_WORLDS") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : WorldsUsual;

    [Fact]
    public async Task Every_packet_arrives_where_the_oracle_says_and_nowhere_else()
    {
        var random = Seed.For(nameof(Every_packet_arrives_where_the_oracle_says_and_nowhere_else));
        var (probes, arrivals) = (0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            var script = CloudGenerator.Script(random.Next());
            var result = await Trial.RunAsync(script, Mutation.None);
            if (result.Mismatch is { } mismatch)
            {
                var told = await Shrinking.TellAsync(
                    script, mismatch, shorter => Trial.RunAsync(shorter, Mutation.None));
                Assert.Fail($"world {world}:\n{told}");
            }
            probes += result.Verdicts.Count;
            arrivals += result.Verdicts.Sum(verdict => verdict.Arrivals.Length);
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Worlds * CloudGenerator.StatesPerScript} clouds: {probes} packets, {arrivals} arrivals");
        Assert.True(probes > 50 * Worlds && arrivals > 15 * Worlds, "that is too little to say anything");
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(true, 6)]
    [InlineData(false, 4)]
    [InlineData(false, 6)]
    public async Task A_datagram_in_fragments_enters_where_a_rule_allows_its_port_and_nowhere_else(
        bool isOpen, int version)
    {
        FragmentScript.Require(
            await Trial.RunAsync(FragmentScript.To(isOpen, version), Mutation.None), isOpen);
    }
}
