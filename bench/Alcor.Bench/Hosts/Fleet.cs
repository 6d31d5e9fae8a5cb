using Alcor.Bench.Http;

namespace Alcor.Bench.Hosts;

/// <summary>
/// Fake hosts, each with a port in one network, so that every change of the network goes to all of them.
/// </summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private readonly List<FakeHost> hosts = [];

    private Fleet(string network) => Network = network;

    public string Network { get; }

    public IReadOnlyList<FakeHost> Hosts => hosts;

    public static async Task<Fleet> GatherAsync(
        ServerUnderTest server, Api api, int count, CancellationToken cancellationToken)
    {
        var fleet = new Fleet(await api.CreateNetworkAsync("fleet", cancellationToken));
        for (var i = 1; i <= count; i++)
            fleet.hosts.Add(await FakeHost.ConnectAsync(server.Southbound, i, cancellationToken));
        var revision = 0UL;
        foreach (var host in fleet.hosts)
            revision = (await fleet.CreatePortAsync(api, host, cancellationToken)).Revision;
        await fleet.AllAcknowledgedAsync(revision, cancellationToken);
        return fleet;
    }

    public async Task<CreatedPort> CreatePortAsync(Api api, FakeHost host, CancellationToken cancellationToken)
    {
        var answer = await api.SendAsync(
            "POST",
            "/v2.0/ports",
            $$$"""{"port":{"network_id":"{{{Network}}}","binding:host_id":"{{{host.Name}}}"}}""",
            cancellationToken);
        return CreatedPort.Read(answer.GetProperty("port"));
    }

    /// <summary>When the last of the hosts had acknowledged the network at this revision.</summary>
    public async Task<long> AllAcknowledgedAsync(ulong revision, CancellationToken cancellationToken)
    {
        var partition = $"network/{Network}";
        var last = 0L;
        foreach (var host in hosts)
        {
            long? at;
            while ((at = host.AcknowledgedAt(partition, revision)) is null)
                await Task.Delay(Pause, cancellationToken);
            last = Math.Max(last, at.Value);
        }
        return last;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
            await host.DisposeAsync();
    }
}
