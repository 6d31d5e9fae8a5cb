using System.Threading.Channels;
using Alcor.OpenFlow;

namespace Alcor.Demo.InMemory;

/// <summary>The underlay between simulated hosts, and the one queue in which all packets are under way.</summary>
internal sealed class Fabric
{
    // A wire drops what is too much; the demonstration has some packets under way at a time.
    private const int PacketsMax = 10_000;
    private readonly Channel<Action> _underWay = Channel.CreateBounded<Action>(
        new BoundedChannelOptions(PacketsMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Dictionary<Ipv4Address, SimulatedHost> _hosts = [];

    public void Add(SimulatedHost host) => _hosts.Add(host.TunnelAddress, host);

    /// <summary>Something happens to a packet, after what is under way already.</summary>
    public void Later(Action action) => _underWay.Writer.TryWrite(action);

    /// <summary>Takes what left a tunnel port to the host it is for, as VXLAN does.</summary>
    public void Carry(SimulatedHost from, SwitchOutput output)
    {
        var tunnel = output.Tunnel with { Source = from.TunnelAddress };
        if (_hosts.TryGetValue(tunnel.Destination, out var to))
            Later(() => to.ReceiveTunnelled(output.Packet, tunnel));
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var action in _underWay.Reader.ReadAllAsync(cancellationToken))
            action();
    }
}
