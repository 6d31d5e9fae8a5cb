using Alcor.Lab;

namespace Alcor.OpenFlow.Tests;

/// <summary>
/// A bridge br0 of a real Open vSwitch, in a namespace of its own, with ports p1 to p5 whose numbers are in their
/// names.
/// </summary>
public sealed class RealBridge : IAsyncLifetime
{
    private static int count;
    private string directory = "";
    private NetworkNamespace? network;
    private SwitchInstance? instance;

    public SwitchInstance Switch => instance!;

    public string Socket => Switch.ManagementSocket("br0");

    public async ValueTask InitializeAsync()
    {
        if (LabRequirements.WhyNot() is not null) return;
        var name = $"openflow{Environment.ProcessId}n{Interlocked.Increment(ref count)}";
        directory = Path.Combine(Path.GetTempPath(), name);
        network = await NetworkNamespace.CreateAsync(name);
        instance = await SwitchInstance.StartAsync(directory, name, TestContext.Current.CancellationToken);
        List<string> arguments =
        [
            "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev", "fail_mode=secure",
            "protocols=OpenFlow10,OpenFlow13,OpenFlow14,OpenFlow15",
        ];
        foreach (var port in Generators.Ports)
            arguments.AddRange(["--", "add-port", "br0", $"p{port}", "--", "set", "interface", $"p{port}",
                "type=internal", $"ofport_request={port}"]);
        await Switch.RunAsync("ovs-vsctl", [.. arguments]);
    }

    public Task<OpenFlowConnection> ConnectAsync(OpenFlowVersion version) => OpenFlowConnection.ConnectUnixAsync(
        Socket, OpenFlowConnectionOptions.Default with { Versions = [version] }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (instance is not null) await instance.DisposeAsync();
        if (network is not null) await network.DeleteAsync();
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
    }
}
