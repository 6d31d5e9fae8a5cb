namespace Alcor.Simulation.Tests;

/// <summary>
/// The oracle is tested: each mistake that a part could make is noticed within a few worlds. Without this, a thousand
/// worlds without a violation say nothing.
/// </summary>
public sealed class MutationTests
{
    /// <summary>An emptied switch is the rarest to be seen: nothing else may change while packets are lost.</summary>
    private const int WorldsMax = 400;

    public static TheoryData<string> Mutations =>
        [.. Enum.GetNames<Mutation>().Where(name => name != nameof(Mutation.None))];

    [Theory]
    [MemberData(nameof(Mutations))]
    public void The_oracle_notices(string name)
    {
        var mutation = Enum.Parse<Mutation>(name);
        for (var seed = 1; seed <= WorldsMax; seed++)
        {
            // Two servers: some mistakes only show when another process comes in between.
            var settings = WorldSettings.For(seed) with { Mutation = mutation, Servers = 2 };
            if (WorldRun.Of(settings).Violation is not { } violation)
                continue;
            Assert.Null(WorldRun.Of(settings with { Mutation = Mutation.None }).Violation);
            TestContext.Current.TestOutputHelper?.WriteLine($"{name} in world {seed}: {violation}");
            return;
        }
        Assert.Fail($"{name} went unnoticed in {WorldsMax} worlds");
    }
}
