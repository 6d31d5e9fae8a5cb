using Alcor.Bench.Http;
using Alcor.Lab;

namespace Alcor.Bench.Hosts;

/// <summary><c>alcor agent</c> in the namespace of a host of the lab.</summary>
internal sealed class AgentUnderTest : IAsyncDisposable
{
    private readonly Daemon daemon;

    private AgentUnderTest(Daemon daemon) => this.daemon = daemon;

    public double ProcessorSeconds => ProcessorTime.Of(daemon.ProcessId);

    public static AgentUnderTest Start(LabHost host, Uri dataplane) => new(host.Start(
        "agent",
        ServerUnderTest.Program,
        "agent",
        "--dataplane", dataplane.ToString().TrimEnd('/'),
        "--host", host.Name,
        "--tunnel-address", host.TunnelAddress.ToString(),
        "--run-directory", host.Switch.Directory,
        "--datapath-type", "netdev"));

    public ValueTask DisposeAsync() => daemon.DisposeAsync();
}
