using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>From an API call to packets, and to none: the life of ports on two hosts.</summary>
[Collection(RegionCollection.Name)]
public sealed class FirstPacketTests(RegionFixture fixture)
{
    private static readonly TimeSpan LeaseLimit = TimeSpan.FromSeconds(30);

    private Region Region => fixture.Region;

    private RegionHost Alpha => Region.Hosts[0];

    private RegionHost Beta => Region.Hosts[1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Machines_get_addresses_by_DHCP_and_ping_each_other_within_and_across_hosts()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.1.0.0/24");
        var booted = await Task.WhenAll(
            network.BootAsync(Alpha), network.BootAsync(Alpha), network.BootAsync(Beta), network.BootAsync(Beta));
        foreach (var from in booted)
        {
            foreach (var to in booted)
                await Traffic.RequireAnsweredAsync(from.Machine, to.Port.Address);
        }
    }

    [Fact]
    public async Task A_port_is_DOWN_then_BUILD_then_ACTIVE()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.1.0.0/24");
        var port = await network.CreatePortAsync(host: null);
        Assert.Equal("DOWN", port.Status);
        var bound = await network.UpdateAsync(port, new JsonObject { ["binding:host_id"] = Alpha.Name });
        Assert.Equal("BUILD", bound.Status);
        await network.PlugAsync(Alpha, port);
        await network.ActiveAsync(port);
    }

    [Fact]
    public async Task It_does_not_matter_whether_the_interface_or_the_binding_comes_first()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.1.0.0/24");
        var plugged = await network.CreatePortAsync(host: null);
        var first = await network.PlugAsync(Alpha, plugged);
        var bound = await network.CreatePortAsync(Beta);
        await network.UpdateAsync(plugged, new JsonObject { ["binding:host_id"] = Alpha.Name });
        var second = await network.PlugAsync(Beta, bound);

        await network.ActiveAsync(plugged);
        await network.ActiveAsync(bound);
        await first.DhcpAsync(LeaseLimit, Token);
        await second.DhcpAsync(LeaseLimit, Token);
        await Traffic.RequireAnsweredAsync(first, bound.Address);
        await Traffic.RequireAnsweredAsync(second, plugged.Address);
    }

    [Fact]
    public async Task A_whole_packet_of_the_network_passes_the_tunnel_and_one_byte_more_does_not()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.1.0.0/24");
        var (near, _) = await network.BootAsync(Alpha);
        var (far, farPort) = await network.BootAsync(Beta);
        Assert.Contains($"mtu {RegionFixture.NetworkMtu}", await near.RunAsync("ip", "link", "show", "eth0"));
        // The machines' own interfaces shall not be what stops a packet.
        foreach (var machine in new[] { near, far })
        {
            await machine.RunAsync("ip", "link", "set", "eth0", "mtu", "2000");
            await machine.Host.Namespace.IpAsync($"link set {machine.Name} mtu 2000");
        }

        var whole = await Traffic.PingWholeAsync(near, farPort.Address, RegionFixture.NetworkMtu);
        Assert.True(whole.Lost == 0, whole.Output);
        var larger = await Traffic.PingWholeAsync(near, farPort.Address, RegionFixture.NetworkMtu + 1);
        Assert.True(larger.Received == 0, larger.Output);
        await Traffic.RequireAnsweredAsync(near, farPort.Address);
    }

    [Fact]
    public async Task A_port_with_another_address_is_reached_there_and_no_longer_where_it_was()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.1.0.0/24");
        var (near, _) = await network.BootAsync(Alpha);
        var (far, farPort) = await network.BootAsync(Beta);
        await Traffic.RequireAnsweredAsync(near, farPort.Address);

        await network.UpdateAsync(farPort, new JsonObject
        {
            ["fixed_ips"] = new JsonArray(new JsonObject { ["ip_address"] = "10.1.0.200" }),
        });
        await network.ActiveAsync(farPort);
        var lease = await far.DhcpAsync(LeaseLimit, Token);

        Assert.Equal("10.1.0.200", lease.Address.ToString());
        await Traffic.AnswerAsync(near, "10.1.0.200");
        await Traffic.RequireAnsweredAsync(near, "10.1.0.200");
        await near.RunAsync("ip", "neigh", "flush", "all");
        await Traffic.RequireSilenceAsync(near, farPort.Address);
    }

    [Fact]
    public async Task A_machine_that_moves_to_another_host_keeps_its_address_and_is_reached_there()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.1.0.0/24");
        var (neighbor, _) = await network.BootAsync(Alpha);
        var (moving, port) = await network.BootAsync(Alpha);
        var (far, _) = await network.BootAsync(Beta);
        await Traffic.RequireAnsweredAsync(far, port.Address);

        await moving.MoveAsync(Beta.Lab, Token);
        var moved = await network.UpdateAsync(port, new JsonObject { ["binding:host_id"] = Beta.Name });
        Assert.NotEqual("ACTIVE", moved.Status);
        await network.ActiveAsync(port);

        await Traffic.AnswerAsync(neighbor, port.Address);
        await Traffic.AnswerAsync(far, port.Address);
        await Traffic.RequireAnsweredAsync(neighbor, port.Address);
        await Traffic.RequireAnsweredAsync(far, port.Address);
    }

    [Fact]
    public async Task A_port_that_is_deleted_neither_sends_nor_receives()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.1.0.0/24");
        var (near, nearPort) = await network.BootAsync(Alpha);
        var (beside, besidePort) = await network.BootAsync(Beta);
        var (gone, gonePort) = await network.BootAsync(Beta);
        await PinAllAsync([near, beside, gone], [nearPort, besidePort, gonePort]);
        await Traffic.RequireAnsweredAsync(near, gonePort.Address);
        await Traffic.RequireAnsweredAsync(beside, gonePort.Address);

        await network.DeletePortAsync(gonePort);

        await Traffic.SilenceAsync(near, gonePort.Address);
        await RequireDeafAsync(near, gone, gonePort);
        await RequireDeafAsync(beside, gone, gonePort);
        await RequireDeafAsync(gone, near, nearPort);
        await RequireDeafAsync(gone, beside, besidePort);
        await Traffic.RequireAnsweredAsync(near, besidePort.Address);
    }

    [Fact]
    public async Task A_port_that_is_administratively_down_neither_sends_nor_receives_until_it_is_up()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.1.0.0/24");
        var (near, nearPort) = await network.BootAsync(Alpha);
        var (off, offPort) = await network.BootAsync(Beta);
        await PinAllAsync([near, off], [nearPort, offPort]);

        var down = await network.UpdateAsync(offPort, new JsonObject { ["admin_state_up"] = false });
        Assert.Equal("DOWN", down.Status);
        await Traffic.SilenceAsync(near, offPort.Address);
        await RequireDeafAsync(near, off, offPort);
        await RequireDeafAsync(off, near, nearPort);

        await network.UpdateAsync(offPort, new JsonObject { ["admin_state_up"] = true });
        await network.ActiveAsync(offPort);
        await Traffic.AnswerAsync(near, offPort.Address);
    }

    [Fact]
    public async Task A_port_is_DOWN_while_its_interface_is_unplugged()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.1.0.0/24");
        var (near, _) = await network.BootAsync(Alpha);
        var (machine, port) = await network.BootAsync(Beta);
        await machine.UnplugAsync();
        await Region.Api.WaitForPortAsync(port.Id, "DOWN", Token);
        await Traffic.RequireSilenceAsync(near, port.Address);

        await machine.PlugAsync(Token);
        await network.ActiveAsync(port);
        await Traffic.AnswerAsync(near, port.Address);
        await Traffic.RequireAnsweredAsync(near, port.Address);
    }

    [Fact]
    public async Task A_machine_that_sends_without_a_pause_from_before_its_port_is_bound_gets_through()
    {
        await using var strangers = await Strangers.StartAsync(Region);
        var (network, region) = (strangers.Network, strangers.Region);
        var (_, farPort) = await network.BootAsync(region.Hosts[1]);
        var port = await network.CreatePortAsync(host: null);
        await using var ping = await PingWithoutPauseAsync(network, region.Hosts[0], port, farPort);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Token);

        await network.UpdateAsync(port, new JsonObject { ["binding:host_id"] = region.Hosts[0].Name });
        await network.ActiveAsync(port);
        await ping.WaitForAnswersAsync(100, Token);
    }

    [Fact]
    public async Task A_machine_that_sends_without_a_pause_to_a_host_that_is_not_there_yet_gets_through()
    {
        await using var strangers = await Strangers.StartAsync(Region);
        var (network, region) = (strangers.Network, strangers.Region);
        var (_, farPort) = await network.BootAsync(region.Hosts[1]);
        var port = await network.CreatePortAsync(region.Hosts[0]);
        await region.Hosts[1].Lab.SetUnderlayAsync(connected: false);
        await using var ping = await PingWithoutPauseAsync(network, region.Hosts[0], port, farPort);
        await network.ActiveAsync(port);
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        Assert.Equal(0, ping.Received);

        await region.Hosts[1].Lab.SetUnderlayAsync(connected: true);
        await ping.WaitForAnswersAsync(100, Token);
    }

    private static async Task<RunningPing> PingWithoutPauseAsync(
        TenantNetwork network, RegionHost host, NetworkingPort port, NetworkingPort target)
    {
        var machine = await network.PlugAsync(host, port);
        await machine.SetAddressAsync($"{port.Address}/24", gateway: null);
        // Packets go out although nobody answers ARP.
        await Traffic.PinAsync(machine, target.Address, target.MacAddress);
        return machine.StartPing(target.Address, TimeSpan.FromMilliseconds(2));
    }

    /// <summary>Static neighbours, so that what stops is the forwarding and not only the answers to ARP.</summary>
    private static async Task PinAllAsync(VirtualMachine[] machines, NetworkingPort[] ports)
    {
        foreach (var machine in machines)
        {
            foreach (var port in ports.Where(port => port.MacAddress != machine.MacAddress))
                await Traffic.PinAsync(machine, port.Address, port.MacAddress);
        }
    }

    /// <summary>What one machine sends does not arrive at the other.</summary>
    private static async Task RequireDeafAsync(VirtualMachine from, VirtualMachine to, NetworkingPort port)
    {
        var before = await Traffic.ReceivedAsync(to);
        await Traffic.RequireSilenceAsync(from, port.Address);
        Assert.Equal(before, await Traffic.ReceivedAsync(to));
    }

    /// <summary>
    /// Two hosts that have never exchanged a packet: a switch resolves a peer only when a packet goes there, and one
    /// that comes too early may leave a cached drop behind, which the packets after it keep alive.
    /// </summary>
    private sealed record Strangers(LabTopology Lab, Region Region, TenantNetwork Network) : IAsyncDisposable
    {
        /// <param name="shared">Only asked whether there can be a region here at all.</param>
        public static async Task<Strangers> StartAsync(Region shared)
        {
            Assert.NotNull(shared);
            var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("sys", hosts: 2), Token);
            var region = await Alcor.Lab.Region.StartAsync(lab, RegionFixture.Options, Token);
            return new Strangers(lab, region, await TenantNetwork.CreateAsync(region, "10.1.0.0/24"));
        }

        public async ValueTask DisposeAsync()
        {
            await Network.DisposeAsync();
            Region.Dispose();
            await Lab.DisposeAsync();
        }
    }
}
