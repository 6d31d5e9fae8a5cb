using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>The lab itself, with flows set by hand: when these fail, no test with real switches means much.</summary>
public sealed class LabTopologyTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Machines_of_one_host_ping_each_other_through_the_switch()
    {
        await using var lab = await StartAsync(hosts: 2);
        var host = lab.Hosts[0];
        await host.CreateIntegrationBridgeAsync();
        var (first, second) = (await AddAsync(host, 1), await AddAsync(host, 2));
        Assert.Equal(0, (await first.PingAsync("10.0.0.2", count: 2, Interval)).Received);

        await host.Switch.RunAsync("ovs-ofctl", "add-flow", "br-int", "actions=NORMAL");

        var ping = await first.PingAsync("10.0.0.2", count: 5, Interval);
        Assert.True(ping.Received == 5, ping.Output);
        Assert.True(ping.AverageRoundTrip > TimeSpan.Zero);
        var external = await host.Switch.RunAsync("ovs-vsctl", "get", "interface", "vm2", "external_ids");
        Assert.Contains("iface-id=port-2", external);
        Assert.Contains("attached-mac=\"02:00:00:00:00:02\"", external);
        await second.UnplugAsync();
        Assert.Equal(0, (await first.PingAsync("10.0.0.2", count: 2, Interval)).Received);
        await second.PlugAsync(TestContext.Current.CancellationToken);
        Assert.True((await first.PingAsync("10.0.0.2", count: 5, Interval)).Received > 0);
    }

    [Fact]
    public async Task Machines_of_two_hosts_exchange_full_frames_through_vxlan()
    {
        await using var lab = await StartAsync(hosts: 2);
        foreach (var (host, peer) in new[] { (lab.Hosts[0], lab.Hosts[1]), (lab.Hosts[1], lab.Hosts[0]) })
            await TunnelAsync(host, peer);
        var first = await AddAsync(lab.Hosts[0], 1);
        await AddAsync(lab.Hosts[1], 2);

        await using var running = first.StartPing("10.0.0.2", Interval);
        var large = await first.RunAsync("ping", "-n", "-c", "3", "-M", "do", "-s", "1472", "10.0.0.2");
        Assert.Contains(" 0% packet loss", large);
        await first.RunAsync("ping", "-n", "-c", "3", "10.0.0.2");
        var ping = await running.StopAsync();
        Assert.True(ping.Received > 0, ping.Output);

        await lab.Hosts[1].SetUnderlayAsync(connected: false);
        Assert.Equal(0, (await first.PingAsync("10.0.0.2", count: 3, Interval)).Received);
        await lab.Hosts[1].SetUnderlayAsync(connected: true);
        Assert.True((await first.PingAsync("10.0.0.2", count: 10, TimeSpan.FromMilliseconds(200))).Received > 0);
    }

    [Fact]
    public async Task A_machine_keeps_its_address_when_it_moves_to_another_host()
    {
        await using var lab = await StartAsync(hosts: 2);
        foreach (var host in lab.Hosts)
        {
            await host.CreateIntegrationBridgeAsync();
            await host.Switch.RunAsync("ovs-ofctl", "add-flow", "br-int", "actions=NORMAL");
        }

        var moving = await AddAsync(lab.Hosts[0], 1);
        var staying = await AddAsync(lab.Hosts[1], 2);
        await moving.MoveAsync(lab.Hosts[1], TestContext.Current.CancellationToken);
        var ping = await staying.PingAsync("10.0.0.1", count: 5, Interval);
        Assert.True(ping.Received > 0, ping.Output);
        Assert.Empty(lab.Hosts[0].Machines);
        await moving.DeleteAsync();
        Assert.Equal([staying], lab.Machines);
        Assert.Equal("vm2", (await lab.Hosts[1].Switch.RunAsync("ovs-vsctl", "list-ports", "br-int")).Trim());
    }

    [Fact]
    public async Task A_machine_takes_address_routes_and_mtu_from_a_dhcp_server()
    {
        await using var lab = await StartAsync(hosts: 1);
        await lab.Hosts[0].CreateIntegrationBridgeAsync();
        await lab.Hosts[0].Switch.RunAsync("ovs-ofctl", "add-flow", "br-int", "actions=NORMAL");
        var server = await AddAsync(lab.Hosts[0], 1);
        var client = await lab.Hosts[0].AddMachineAsync(
            new VirtualMachineOptions("vm2", "port-2", "02:00:00:00:00:02"), TestContext.Current.CancellationToken);
        var configuration = Path.Combine(lab.Directory, "udhcpd.conf");
        await File.WriteAllTextAsync(configuration, $"""
            start 10.0.0.77
            end 10.0.0.77
            interface eth0
            lease_file {lab.Directory}/udhcpd.leases
            pidfile {lab.Directory}/udhcpd.pid
            opt subnet 255.255.255.0
            opt router 10.0.0.1
            opt mtu 1450
            opt lease 600

            """, TestContext.Current.CancellationToken);
        await using var daemon = server.Namespace.Start(
            Path.Combine(lab.Directory, "udhcpd.log"), "busybox", "udhcpd", "-f", configuration);

        var lease = await client.DhcpAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(IPAddress.Parse("10.0.0.77"), lease.Address);
        Assert.Equal((24, 1450, TimeSpan.FromMinutes(10)), (lease.PrefixLength, lease.Mtu, lease.Duration));
        Assert.Contains("default via 10.0.0.1", await client.RunAsync("ip", "route"));
        Assert.Contains("mtu 1450", await client.RunAsync("ip", "link", "show", "eth0"));
        Assert.True((await client.PingAsync("10.0.0.1", count: 3, Interval)).Received > 0);
    }

    [Fact]
    public async Task A_machine_without_a_dhcp_server_gets_no_lease()
    {
        await using var lab = await StartAsync(hosts: 1);
        await lab.Hosts[0].CreateIntegrationBridgeAsync();
        var machine = await AddAsync(lab.Hosts[0], 1);
        await Assert.ThrowsAsync<CommandFailedException>(
            () => machine.DhcpAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_kernel_of_the_host_does_not_answer_its_machines()
    {
        await using var lab = await StartAsync(hosts: 1);
        await lab.Hosts[0].CreateIntegrationBridgeAsync();
        var machine = await AddAsync(lab.Hosts[0], 1);
        await machine.SetAddressAsync("172.31.99.99/16", gateway: null);
        var ping = await machine.PingAsync(lab.Hosts[0].TunnelAddress.ToString(), count: 2, Interval);
        Assert.Equal(0, ping.Received);
        Assert.DoesNotContain("lladdr", await machine.RunAsync("ip", "neigh"));
    }

    [Fact]
    public async Task A_process_of_a_host_reaches_a_server_in_the_root_namespace()
    {
        await using var lab = await StartAsync(hosts: 2);
        using var server = new TcpListener(lab.ServerAddress, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        var client = lab.Hosts[1].Namespace.Command("busybox", "nc", $"{lab.ServerAddress}", $"{port}");
        var said = client.OutputAsync(TestContext.Current.CancellationToken);
        using (var connection = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(lab.Hosts[1].ControlAddress, ((IPEndPoint)connection.Client.RemoteEndPoint!).Address);
            await connection.GetStream().WriteAsync("welcome"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        Assert.Equal("welcome", await said);
    }

    [Fact]
    public async Task Nothing_is_left_when_a_lab_is_disposed()
    {
        var options = await SkipOrOptionsAsync(hosts: 2);
        var lab = await LabTopology.StartAsync(options, TestContext.Current.CancellationToken);
        await lab.Hosts[0].CreateIntegrationBridgeAsync();
        await AddAsync(lab.Hosts[0], 1);
        var pids = await PopulateAsync(lab);
        await lab.DisposeAsync();
        AssertGone(options, pids);
    }

    [Fact]
    public async Task Nothing_is_left_when_another_process_removes_a_lab_by_its_state_file()
    {
        var options = await SkipOrOptionsAsync(hosts: 1);
        var lab = await LabTopology.StartAsync(options, TestContext.Current.CancellationToken);
        var pids = await PopulateAsync(lab);
        await LabTopology.RemoveAsync(lab.StateFile);
        AssertGone(options, pids);
    }

    [Fact]
    public async Task Stale_labs_are_removed_and_living_ones_are_not()
    {
        var options = await SkipOrOptionsAsync(hosts: 1);
        await using var living = await LabTopology.StartAsync(options, TestContext.Current.CancellationToken);
        // No process has this id: it is above the greatest that Linux gives (proc(5), pid_max).
        var dead = options with
        {
            Prefix = "sta9999999a",
            Directory = Path.Combine(Path.GetTempPath(), "lab-sta9999999a"),
        };
        var crashed = await LabTopology.StartAsync(dead, TestContext.Current.CancellationToken);
        var pids = await crashed.Hosts[0].Namespace.ProcessesAsync();
        await LabTopology.RemoveStaleAsync("sta");
        await LabTopology.RemoveStaleAsync("sys");
        AssertGone(dead, pids);
        Assert.NotEmpty(NetworkNamespace.List(options.Prefix));
    }

    private static async Task<LabTopology> StartAsync(int hosts) =>
        await LabTopology.StartAsync(await SkipOrOptionsAsync(hosts), TestContext.Current.CancellationToken);

    private static async Task<LabTopologyOptions> SkipOrOptionsAsync(int hosts)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync("sys");
        return LabTopologyOptions.ForTest("sys", hosts);
    }

    private static async Task<VirtualMachine> AddAsync(LabHost host, int number)
    {
        var options = new VirtualMachineOptions($"vm{number}", $"port-{number}", $"02:00:00:00:00:0{number}");
        var machine = await host.AddMachineAsync(options, TestContext.Current.CancellationToken);
        await machine.SetAddressAsync($"10.0.0.{number}/24", gateway: null);
        return machine;
    }

    private static async Task TunnelAsync(LabHost host, LabHost peer)
    {
        await host.CreateIntegrationBridgeAsync();
        await host.Switch.RunAsync("ovs-vsctl", "add-port", "br-int", "vxlan", "--", "set", "interface", "vxlan",
            "type=vxlan", "options:key=7", $"options:remote_ip={peer.TunnelAddress}",
            $"options:local_ip={host.TunnelAddress}");
        await host.Switch.RunAsync("ovs-ofctl", "add-flow", "br-int", "actions=NORMAL");
    }

    private static async Task<List<int>> PopulateAsync(LabTopology lab)
    {
        var daemon = lab.Start("sleep", new CommandLine("sleep", "3600"));
        var agent = lab.Hosts[0].Start("agent", "sleep", "3600");
        var pids = new List<int> { daemon.ProcessId, agent.ProcessId };
        foreach (var host in lab.Hosts)
            pids.AddRange(await host.Namespace.ProcessesAsync());
        Assert.True(pids.Count >= 4);
        return pids;
    }

    private static void AssertGone(LabTopologyOptions options, IEnumerable<int> pids)
    {
        Assert.Empty(NetworkNamespace.List(options.Prefix));
        Assert.DoesNotContain(NetworkInterface.GetAllNetworkInterfaces(),
            i => i.Name.StartsWith(options.Prefix, StringComparison.Ordinal));
        // A killed child is a zombie until its parent collects it; it has no program any more.
        Assert.DoesNotContain(pids, pid => File.Exists($"/proc/{pid}/cmdline")
            && File.ReadAllText($"/proc/{pid}/cmdline").Length > 0);
        Assert.False(File.Exists(Path.Combine(options.Directory, "lab.json")));
    }
}
