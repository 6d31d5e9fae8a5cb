using System.Globalization;

namespace Alcor.Reachability.Tests;

/// <summary>
/// What Open vSwitch does is what the API says: generated clouds on real switches, each packet really sent, and
/// received by those whom the oracle names and by nobody else.
/// </summary>
public sealed class OracleAgainstOpenVSwitchTests(SwitchLab lab) : IClassFixture<SwitchLab>
{
    /// <summary>With their changes, over a hundred topologies and sets of rules.</summary>
    private const int WorldsUsual = 13;

    /// <summary>Attempts to cut a script down that takes its time.</summary>
    private const int AttemptsMax = 60;

    private static int Worlds => Environment.GetEnvironmentVariable("ALCOR_WORLDS") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : WorldsUsual;

    [Fact]
    public async Task Every_packet_arrives_where_the_oracle_says_and_nowhere_else()
    {
        var random = Seed.For(nameof(OracleAgainstOpenVSwitchTests));
        var (judged, passed, denied) = (0, 0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            var script = CloudGenerator.Script(random.Next());
            var result = await RunAsync(script);
            if (result.Mismatch is { } mismatch)
                Assert.Fail($"world {world}:\n{await Shrinking.TellAsync(script, mismatch, RunAsync, AttemptsMax)}");
            judged += result.Verdicts.Count;
            passed += result.Verdicts.Count(verdict => !verdict.Arrivals.IsEmpty);
            denied += result.Verdicts.Count(verdict => verdict.Arrivals.IsEmpty);
        }
        var clouds = Worlds * CloudGenerator.StatesPerScript;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{judged} packets in {clouds} clouds: {passed} arrived, {denied} did not, as the oracle says");
        Assert.True(judged >= 5 * clouds && passed > judged / 5 && denied > judged / 5,
            "that is too little to say anything");
    }

    [Fact]
    public async Task Mistakes_on_purpose_are_noticed_here_too()
    {
        var random = Seed.For(nameof(Mistakes_on_purpose_are_noticed_here_too));
        foreach (var name in new[] { "what no group allows enters", "the tunnel carries another network's number" })
        {
            var mutation = Mutations.All.Single(one => one.Name == name);
            var isNoticed = false;
            for (var world = 0; world < WorldsUsual && !isNoticed; world++)
            {
                var result = await Trial.RunAsync(
                    CloudGenerator.Script(random.Next()), await lab.ClearAsync(), mutation);
                isNoticed = result.Mismatch is not null;
            }
            Assert.True(isNoticed, $"'{name}' went unnoticed");
        }
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(true, 6)]
    [InlineData(false, 4)]
    [InlineData(false, 6)]
    public async Task A_datagram_in_fragments_enters_where_a_rule_allows_its_port_and_nowhere_else(
        bool isOpen, int version)
    {
        FragmentScript.Require(await RunAsync(FragmentScript.To(isOpen, version)), isOpen);
    }

    private async Task<TrialResult> RunAsync(IReadOnlyList<Step> script) =>
        await Trial.RunAsync(script, await lab.ClearAsync(), Mutation.None);
}
