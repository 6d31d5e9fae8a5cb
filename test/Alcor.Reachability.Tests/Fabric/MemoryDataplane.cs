using System.Net;
using System.Net.Sockets;
using System.Text;
using Alcor.Kernel.Addresses;
using Alcor.OpenFlow;

namespace Alcor.Reachability.Tests;

/// <summary>Switches in memory, whose tunnels carry packets at once.</summary>
internal sealed class MemoryDataplane : IDataplane
{
    private readonly List<MemorySwitch> _switches = [];

    public ITestedSwitch SwitchOf(string host, IPAddress tunnelAddress)
    {
        _switches.Add(new MemorySwitch(host, tunnelAddress));
        return _switches[^1];
    }

    public Task<Journey> SendAsync(ITestedSwitch from, uint port, byte[] frame, int arrivalsExpected)
    {
        var (arrivals, trace) = (new List<Delivery>(), new StringBuilder());
        Receive((MemorySwitch)from, port, new Packet(frame), default, (arrivals, trace));
        return Task.FromResult(new Journey(arrivals, () => Task.FromResult(trace.ToString())));
    }

    private void Receive(
        MemorySwitch host, uint port, Packet packet, TunnelFields tunnel,
        (List<Delivery> Arrivals, StringBuilder Trace) told)
    {
        var result = host.Tables.Receive(port, packet, tunnel);
        told.Trace.Append($"{host.Host}, port {port}, {packet}\n{result.Trace}");
        foreach (var output in result.Outputs)
        {
            if (ITestedSwitch.Tunnels.At(output.Port) is null)
            {
                told.Arrivals.Add(new Delivery(host, output.Port, output.Packet.Bytes.ToArray()));
                continue;
            }
            Assert.True(ITestedSwitch.Tunnels.At(port) is null, $"from tunnel to tunnel:\n{told.Trace}");
            var target = ((UInt128)output.Tunnel.Destination.Value).ToAddress(AddressFamily.InterNetwork);
            if (_switches.SingleOrDefault(one => one.TunnelAddress.Equals(target)) is { } peer)
            {
                var carried = new TunnelFields { Id = output.Tunnel.Id };
                Receive(peer, output.Port, output.Packet, carried, told);
            }
            else
            {
                told.Trace.Append($"nobody has tunnel address {target}\n");
            }
        }
    }

    private sealed class MemorySwitch(string host, IPAddress tunnelAddress) : ITestedSwitch
    {
        private uint _lastPort = ITestedSwitch.Tunnels.All.Max();

        public string Host => host;

        public IPAddress TunnelAddress => tunnelAddress;

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

        public Task ForgetAsync(ushort zone)
        {
            Tables.Connections.Flush(zone);
            return Task.CompletedTask;
        }

        public Task ApplyAsync(IReadOnlyList<FlowMod> changes)
        {
            var result = Tables.Apply(changes, FlowDelivery.Bundle);
            Assert.True(result.IsComplete, $"{host} refuses {string.Join('\n', result.Failures)}");
            return Task.CompletedTask;
        }
    }
}
