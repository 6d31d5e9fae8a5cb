using System.Net;
using System.Net.Sockets;
using System.Text;
using Alcor.Kernel.Addresses;
using Alcor.OpenFlow;

namespace Alcor.Reachability.Tests;

/// <summary>
/// Switches in memory, whose tunnels carry packets at once. The network outside brings each frame to everybody else
/// there.
/// </summary>
internal sealed class MemoryDataplane : IDataplane
{
    /// <summary>A frame that has crossed so many networks goes round in circles.</summary>
    private const int CrossingsMax = 16;
    private readonly List<MemorySwitch> _switches = [];

    public ITestedSwitch SwitchOf(IPAddress tunnelAddress, bool hasOutside)
    {
        _switches.Add(new MemorySwitch(tunnelAddress, hasOutside));
        return _switches[^1];
    }

    public Task<Journey> SendAsync(
        ITestedSwitch from, uint port, IReadOnlyList<byte[]> frames, int arrivalsExpected) =>
        JourneyOf(frames, (packet, told) => Receive((MemorySwitch)from, port, packet, default, told));

    public Task<Journey> SendFromOutsideAsync(IReadOnlyList<byte[]> frames, int arrivalsExpected) =>
        JourneyOf(frames, (packet, told) => Outside(null, packet, told));

    private static Task<Journey> JourneyOf(IEnumerable<byte[]> frames, Action<Packet, Told> begin)
    {
        var told = new Told();
        foreach (var frame in frames)
        {
            told.Crossings = 0;
            begin(new Packet(frame), told);
        }
        return Task.FromResult(new Journey(told.Arrivals, () => Task.FromResult(told.Trace.ToString())));
    }

    private void Receive(MemorySwitch host, uint port, Packet packet, TunnelFields tunnel, Told told)
    {
        Assert.True(++told.Crossings <= CrossingsMax, $"round in circles:\n{told.Trace}");
        var result = host.Tables.Receive(port, packet, tunnel);
        told.Trace.Append($"{host.TunnelAddress}, port {port}, {packet}\n{result.Trace}");
        foreach (var output in result.Outputs)
        {
            if (output.Port == ITestedSwitch.PhysicalPort)
                Outside(host, output.Packet, told);
            else if (ITestedSwitch.Tunnels.At(output.Port) is not null)
                Tunnel(host, port, output, told);
            else
                told.Arrivals.Add(new Delivery(host, output.Port, output.Packet.Bytes.ToArray()));
        }
    }

    private void Tunnel(MemorySwitch host, uint from, SwitchOutput output, Told told)
    {
        // The host of a gateway takes what others send out by it, and some of that comes in again.
        Assert.True(ITestedSwitch.Tunnels.At(from) is null || host.HasOutside, $"from tunnel to tunnel:\n{told.Trace}");
        var target = ((UInt128)output.Tunnel.Destination.Value).ToAddress(AddressFamily.InterNetwork);
        var carried = new TunnelFields { Id = output.Tunnel.Id };
        if (_switches.SingleOrDefault(one => one.TunnelAddress.Equals(target)) is { } peer)
            Receive(peer, output.Port, output.Packet, carried, told);
        else
            told.Trace.Append($"nobody has tunnel address {target}\n");
    }

    private void Outside(MemorySwitch? from, Packet packet, Told told)
    {
        if (from is not null)
            told.Arrivals.Add(new Delivery(null, 0, packet.Bytes.ToArray()));
        foreach (var other in _switches.Where(one => one.HasOutside && one != from))
            Receive(other, ITestedSwitch.PhysicalPort, packet, default, told);
    }

    private sealed class Told
    {
        public List<Delivery> Arrivals { get; } = [];

        public StringBuilder Trace { get; } = new();

        public int Crossings { get; set; }
    }

    private sealed class MemorySwitch : ITestedSwitch
    {
        private uint _lastPort = ITestedSwitch.PhysicalPort;

        public MemorySwitch(IPAddress tunnelAddress, bool hasOutside)
        {
            (TunnelAddress, HasOutside) = (tunnelAddress, hasOutside);
            if (hasOutside)
                Tables.AddPort(ITestedSwitch.PhysicalPort);
        }

        public IPAddress TunnelAddress { get; }

        public bool HasOutside { get; }

        public FlowTableSwitch Tables { get; } = new([.. ITestedSwitch.Tunnels.All]);

        /// <summary>A number is never used again.</summary>
        public Task<uint> PlugAsync()
        {
            Tables.AddPort(++_lastPort);
            return Task.FromResult(_lastPort);
        }

        public Task UnplugAsync(uint port)
        {
            Tables.RemovePort(port);
            return Task.CompletedTask;
        }

        public Task ForgetAsync(ConnectionFilter which)
        {
            Tables.Connections.Flush(which);
            return Task.CompletedTask;
        }

        public Task ApplyAsync(IReadOnlyList<FlowMod> changes)
        {
            var result = Tables.Apply(changes, FlowDelivery.Bundle);
            Assert.True(result.IsComplete, $"{TunnelAddress} refuses {string.Join('\n', result.Failures)}");
            return Task.CompletedTask;
        }
    }
}
