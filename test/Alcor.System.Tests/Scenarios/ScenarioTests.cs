using Alcor.Lab;

namespace Alcor.System.Tests.Scenarios;

/// <summary>
/// Scenarios on real hosts: a scenario is a value among <see cref="SecurityGroupScenarios"/> and its like, and adding
/// one is adding that.
/// </summary>
public sealed class ScenarioTests(ScenarioTests.Hosts hosts) : IClassFixture<ScenarioTests.Hosts>
{
    private static readonly IReadOnlyList<Scenario> All =
    [
        .. SecurityGroupScenarios.All, .. RouterScenarios.All, .. NetworkAclScenarios.All,
        .. ApplicationScenarios.All,
    ];

    public static TheoryData<string> Names => [.. All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task On_real_hosts(string name)
    {
        await using var run = await ScenarioRun.StartAsync(hosts.Region, All.Single(one => one.Name == name));
        await run.RunAsync();
    }

    /// <summary>The hosts of all scenarios.</summary>
    public sealed class Hosts : IAsyncLifetime
    {
        private const int Count = 6;
        private static readonly string? WhyNot = LabRequirements.WhyNot(ServiceKind.Tools);
        private LabTopology? _lab;
        private Region? _region;

        public Region Region
        {
            get
            {
                Assert.SkipWhen(WhyNot is not null, WhyNot ?? "");
                return _region!;
            }
        }

        public async ValueTask InitializeAsync()
        {
            if (WhyNot is not null)
                return;
            await LabTopology.RemoveStaleAsync("scn");
            _lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("scn", Count), CancellationToken.None);
            _region = await Region.StartAsync(_lab, RegionFixture.Options, CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            _region?.Dispose();
            if (_lab is not null)
                await _lab.DisposeAsync();
        }
    }
}
