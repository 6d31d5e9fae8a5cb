namespace Alcor.Reachability.Tests;

/// <summary>
/// The comparison is tested: each mistake on purpose is noticed within a few clouds. Without this, thousands of packets
/// that arrive where they should say nothing.
/// </summary>
public sealed class MutationTests
{
    private const int WorldsMax = 1_000;

    public static TheoryData<string> Names => [.. Mutations.All.Select(mutation => mutation.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_noticed(string name)
    {
        var mutation = Mutations.All.Single(one => one.Name == name);
        var random = Seed.For(name);
        for (var world = 1; world <= WorldsMax; world++)
        {
            var script = CloudGenerator.Script(random.Next());
            if ((await Trial.RunAsync(script, mutation)).Mismatch is not { } mismatch)
                continue;
            if ((await Trial.RunAsync(script, Mutation.None)).Mismatch is { } real)
            {
                var told = await Shrinking.TellAsync(
                    script, real, shorter => Trial.RunAsync(shorter, Mutation.None));
                Assert.Fail($"without any mistake:\n{told}");
            }
            TestContext.Current.TestOutputHelper?.WriteLine($"in world {world}: {mismatch}");
            return;
        }
        Assert.Fail($"'{name}' went unnoticed in {WorldsMax} worlds");
    }

    [Fact]
    public async Task What_is_left_of_a_script_after_shrinking_is_short_and_still_a_mismatch()
    {
        var mutation = Mutations.All.Single(one => one.Name == "a broadcast stays on its host");
        for (var seed = 1; ; seed++)
        {
            var script = CloudGenerator.Script(seed);
            if ((await Trial.RunAsync(script, mutation)).Mismatch is not { } mismatch)
                continue;
            var (least, _) = await Shrinking.OfAsync(
                script, mismatch, shorter => Trial.RunAsync(shorter, mutation));
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', least));
            // Two hosts, a network, a subnet, two ports and a broadcast at least, and sometimes a group, or a trunk
            // with a network and a machine of its own.
            Assert.InRange(least.Count, 7, 20);
            return;
        }
    }
}
