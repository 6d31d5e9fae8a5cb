using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>
/// One region for all tests of the collection: two hosts, a server and two agents, real processes all. Each test makes
/// networks of its own and removes them, so that what one leaves behind is the next one's trouble, as in real life.
/// </summary>
public sealed class RegionFixture : IAsyncLifetime
{
    /// <summary>Of the underlay and, less 50 for VXLAN over IPv4, of the networks.</summary>
    public const int UnderlayMtu = 1600;

    public const int NetworkMtu = UnderlayMtu - 50;
    public const int LivenessSeconds = 5;
    private LabTopology? _lab;
    private Region? _region;

    /// <summary>The region; skips the test where none can be.</summary>
    public Region Region
    {
        get
        {
            Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
            return _region!;
        }
    }

    public static RegionOptions Options { get; } = new(Path.Combine(AppContext.BaseDirectory, "alcor"))
    {
        ServeArguments = ["--underlay-mtu", $"{UnderlayMtu}", "--liveness-seconds", $"{LivenessSeconds}"],
        AgentArguments = ["--liveness-seconds", $"{LivenessSeconds}"],
    };

    public async ValueTask InitializeAsync()
    {
        if (LabRequirements.WhyNot() is not null)
            return;
        await LabTopology.RemoveStaleAsync("sys");
        _lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("sys", hosts: 2), CancellationToken.None);
        _region = await Region.StartAsync(_lab, Options, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _region?.Dispose();
        if (_lab is not null)
            await _lab.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class RegionCollection : ICollectionFixture<RegionFixture>
{
    public const string Name = "region";
}
