using Alcor.Lab;

namespace Alcor.System.Tests.HostServices;

/// <summary>Two hosts that offer metadata and names, with somebody in Nova's place and a resolver.</summary>
public sealed class HostServicesFixture : IAsyncLifetime
{
    public const string Secret = "by which Nova believes";
    private LabTopology? _lab;
    private Region? _region;
    private FakeNova? _nova;
    private FakeResolver? _resolver;

    /// <summary>The region; skips the test where none can be.</summary>
    public Region Region
    {
        get
        {
            Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
            return _region!;
        }
    }

    internal FakeNova Nova => _nova!;

    internal FakeResolver Resolver => _resolver!;

    public async ValueTask InitializeAsync()
    {
        if (LabRequirements.WhyNot() is not null)
            return;
        await LabTopology.RemoveStaleAsync("svc");
        _lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("svc", hosts: 2), CancellationToken.None);
        _nova = new FakeNova(_lab.ServerAddress);
        _resolver = new FakeResolver(_lab.ServerAddress);
        var secret = Path.Combine(_lab.Directory, "secret");
        await File.WriteAllTextAsync(secret, Secret + "\n");
        _region = await Region.StartAsync(_lab, RegionFixture.Options with
        {
            AgentArguments =
            [
                .. RegionFixture.Options.AgentArguments, "--metadata-url", _nova.Url, "--metadata-secret-file", secret,
                "--dns", "--dns-forwarders", $"{_lab.ServerAddress}:{FakeResolver.Port}",
            ],
        }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _region?.Dispose();
        _nova?.Dispose();
        _resolver?.Dispose();
        if (_lab is not null)
            await _lab.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class HostServicesCollection : ICollectionFixture<HostServicesFixture>
{
    public const string Name = "host services";
}
