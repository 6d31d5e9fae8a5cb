using System.Diagnostics;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>The agent on real Open vSwitch with machines that are namespaces; it runs in this process.</summary>
public sealed class OpenVSwitchTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Machines_get_their_addresses_and_ping_each_other_on_one_host_and_across_hosts()
    {
        await using var lab = await LabMachines.StartAsync(hosts: 2);
        await using var first = new LabAgent(lab.Hosts[0]);
        await using var second = new LabAgent(lab.Hosts[1]);
        var here = await LabMachines.PlugAsync(lab, host: 0, 10);
        var near = await LabMachines.PlugAsync(lab, host: 0, 11);
        var far = await LabMachines.PlugAsync(lab, host: 1, 12);
        await SayAsync(lab, first, 10, 11);
        await SayAsync(lab, second, 12);

        foreach (var machine in new[] { here, near, far })
            await machine.DhcpAsync(TimeSpan.FromSeconds(20), Cancellation);
        var mtu = await here.RunAsync("cat", "/sys/class/net/eth0/mtu");
        Assert.Equal("1450", mtu.Trim());
        foreach (var target in new[] { "10.0.0.11", "10.0.0.12" })
        {
            var ping = await here.PingAsync(target, count: 5, Interval);
            Assert.True(ping.Received == 5, ping.Output);
        }

        // The probe of a DHCP client for duplicates: no answer for its own address, but one for another's.
        Assert.Equal("0", await ProbeAsync(here, "10.0.0.10"));
        Assert.Equal("1", await ProbeAsync(here, "10.0.0.12"));
        Assert.Equal("0", await ProbeAsync(here, "10.0.0.99"));
        Assert.Equal(0, (await here.PingAsync("10.0.0.99", count: 2, Interval)).Received);

        // What the switch says it has equals what was written: audits find nothing.
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        Assert.Equal((0, 0), (first.Status.Drift, first.Status.FlowsRefused));
        Assert.True(first.Status.FlowsPut == first.Status.FlowsWanted, first.Status.ToString());
    }

    [Fact]
    public async Task A_machine_is_told_the_options_of_its_port()
    {
        await using var lab = await LabMachines.StartAsync(hosts: 1);
        await using var agent = new LabAgent(lab.Hosts[0]);
        var machine = await LabMachines.PlugAsync(lab, host: 0, 10);
        await agent.ConnectedAsync();
        var port = PortEntry.Parser.ParseFrom(Say.Port(10, 1, 2, "10.0.0.10").Value);
        port.DhcpOptions.Add(new DhcpOption { Name = "ntp-server", Value = "10.0.0.3", IpVersion = 4 });
        port.DhcpOptions.Add(new DhcpOption { Name = "mtu", Value = "1400", IpVersion = 4 });
        port.DhcpOptions.Add(new DhcpOption { Name = "bootfile-name", Value = "pxe.0", IpVersion = 4 });
        port.DhcpOptions.Add(new DhcpOption { Name = "server-ip-address", Value = "10.0.0.4", IpVersion = 4 });
        port.DnsDomain = "cloud.test.";
        agent.Dataplane.Say(
            Say.Snapshot(Say.NetworkPartition(1), 5, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1")),
            Say.Snapshot(Say.HostPartition, 3, Say.Entry(EntryKind.Port, 10, port)), Say.Synchronized());
        await agent.AppliedAsync(Say.HostPartition, 3);

        var lease = await machine.DhcpAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal("1400", (await machine.RunAsync("cat", "/sys/class/net/eth0/mtu")).Trim());
        Assert.Equal(("10.0.0.3", "cloud.test", "host-10-0-0-10"),
            (lease.Options["ntpsrv"], lease.Options["domain"], lease.Options["hostname"]));
        Assert.Equal(("pxe.0", "10.0.0.4"), (lease.Options["boot_file"], lease.Options["siaddr"]));
    }

    [Fact]
    public async Task A_killed_switch_is_programmed_again_from_memory()
    {
        await using var lab = await LabMachines.StartAsync(hosts: 1);
        await using var agent = new LabAgent(lab.Hosts[0]);
        var here = await LabMachines.PlugAsync(lab, host: 0, 10);
        var near = await LabMachines.PlugAsync(lab, host: 0, 11);
        await SayAsync(lab, agent, 10, 11);
        await here.SetAddressAsync("10.0.0.10/24", gateway: null);
        await near.SetAddressAsync("10.0.0.11/24", gateway: null);
        var wanted = agent.Status.FlowsWanted;
        agent.Dataplane.IsDown = true;
        agent.Dataplane.HangUp();

        await lab.Hosts[0].Switch.KillSwitchAsync();
        await agent.EventuallyAsync(() => !agent.Status.SwitchConnected);
        var losses = agent.Status.SwitchLosses;
        var clock = Stopwatch.StartNew();
        var starting = lab.Hosts[0].Switch.StartSwitchAsync(Cancellation);
        await agent.EventuallyAsync(() => agent.Status is { SwitchConnected: true, Converged: true });
        TestContext.Current.TestOutputHelper?.WriteLine($"programmed {clock.ElapsedMilliseconds} ms after the start");
        await starting;

        Assert.Equal(losses + 1, agent.Status.SwitchLosses);
        Assert.Equal(wanted, (await DumpAsync(lab.Hosts[0])).Count);
        var ping = await here.PingAsync("10.0.0.11", count: 5, Interval);
        Assert.True(ping.Received == 5, ping.Output);
    }

    [Fact]
    public async Task A_restart_of_the_agent_loses_no_packet_and_writes_no_flow()
    {
        await using var lab = await LabMachines.StartAsync(hosts: 2);
        await using var agent = new LabAgent(lab.Hosts[0]);
        await using var other = new LabAgent(lab.Hosts[1]);
        var here = await LabMachines.PlugAsync(lab, host: 0, 10);
        var far = await LabMachines.PlugAsync(lab, host: 1, 12);
        await SayAsync(lab, agent, 10);
        await SayAsync(lab, other, 12);
        await here.SetAddressAsync("10.0.0.10/24", gateway: null);
        await far.SetAddressAsync("10.0.0.12/24", gateway: null);
        Assert.True((await here.PingAsync("10.0.0.12", count: 5, Interval)).Received > 0);

        await using var ping = here.StartPing("10.0.0.12", Interval);
        await other.EventuallyAsync(() => Received(ping) > 10);
        var before = await DumpAsync(lab.Hosts[0]);
        await agent.RestartAsync();
        await SayAsync(lab, agent, 10);
        var received = ping.Received;
        await other.EventuallyAsync(() => ping.Received > received + 20);
        var result = await ping.StopAsync();

        Assert.Equal(0, result.Lost);
        Assert.Equal((0, 0, 0), (agent.Status.FlowsPut, agent.Status.FlowsDeleted, agent.Status.SwitchLosses));
        var after = await DumpByKeyAsync(lab.Hosts[0]);
        // The switch counts what its cache forwarded some time later.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!before.Exists(flow => after[flow.Flow.Key].Packets > flow.Packets + 20))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
            after = await DumpByKeyAsync(lab.Hosts[0]);
        }
        Assert.Equal(before.Count, after.Count);
        Assert.All(before, flow =>
        {
            Assert.Equal(flow.Flow, after[flow.Flow.Key].Flow);
            Assert.True(after[flow.Flow.Key].Packets >= flow.Packets && after[flow.Flow.Key].Seconds >= flow.Seconds);
        });
    }

    [Fact]
    public async Task A_bundle_with_a_flow_that_the_switch_refuses_changes_nothing_and_names_the_flow()
    {
        await using var lab = await LabMachines.StartAsync(hosts: 1);
        await using var agent = new LabAgent(lab.Hosts[0]);
        await agent.ConnectedAsync();
        var device = new Switch.OpenVSwitch(new()
        {
            RunDirectory = lab.Hosts[0].Switch.Directory,
            TunnelAddress = lab.Hosts[0].TunnelAddress,
            DatapathType = "netdev",
        }, TimeProvider.System, agent.Log);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var connected = new TaskCompletionSource();
        var running = device.RunAsync((happened, _) =>
        {
            if (happened is Switch.SwitchConnected)
                connected.TrySetResult();
            return ValueTask.CompletedTask;
        }, ending.Token);
        await connected.Task.WaitAsync(Cancellation);
        var good = new Flow(Tables.Forward, 1, Match.Empty.InPort(5)) { Cookie = Cookies.Ours };
        var bad = new Flow(Tables.Forward, 2, Match.Empty.UdpDst(5)) { Cookie = Cookies.Ours };
        var rejection = Assert.Single(await device.ApplyAsync(
            [new(good, IsDelete: false), new(bad, IsDelete: false)], Cancellation));
        Assert.Equal(bad, rejection.Change.Flow);
        Assert.Contains("BAD_PREREQ", rejection.Reason);
        Assert.DoesNotContain(good, await device.DumpAsync(Cancellation));
        ending.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    /// <summary>A ping that has not yet written anything has received nothing.</summary>
    private static int Received(RunningPing ping)
    {
        try
        {
            return ping.Received;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>One network with port 10 and 11 on the first host and 12 on the second, if there is one.</summary>
    private static async Task SayAsync(LabTopology lab, LabAgent agent, params int[] ports)
    {
        await agent.ConnectedAsync();
        string Tunnel(int host) => lab.Hosts[Math.Min(host, lab.Hosts.Count - 1)].TunnelAddress.ToString();
        agent.Dataplane.Say(
            Say.Snapshot(Say.NetworkPartition(1), 5, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"),
                Say.Neighbor(10, "10.0.0.10", Tunnel(0)), Say.Neighbor(11, "10.0.0.11", Tunnel(0)),
                Say.Neighbor(12, "10.0.0.12", Tunnel(1))),
            Say.Snapshot(Say.HostPartition, 3, [.. ports.Select(port => Say.Port(port, 1, 2, $"10.0.0.{port}"))]),
            Say.Synchronized());
        await agent.AppliedAsync(Say.HostPartition, 3);
        await agent.EventuallyAsync(() => agent.Dataplane.Acks.Last(ack => ack.Partition == Say.HostPartition)
            .Results.All(result => result.State == EntryState.Applied));
    }

    /// <summary>How many answers arping gets in a probe for duplicates.</summary>
    private static async Task<string> ProbeAsync(VirtualMachine machine, string address)
    {
        var result = await machine.Namespace
            .Command("busybox", "arping", "-D", "-c", "1", "-w", "1", "-I", "eth0", address)
            .ResultAsync(Cancellation);
        return result.Output.Contains("Received 1 response", StringComparison.Ordinal) ? "1" : "0";
    }

    private static async Task<Dictionary<FlowKey, FlowStatistics>> DumpByKeyAsync(LabHost host) =>
        (await DumpAsync(host)).ToDictionary(flow => flow.Flow.Key);

    private static async Task<List<FlowStatistics>> DumpAsync(LabHost host)
    {
        await using var connection = await OpenFlowConnection.ConnectUnixAsync(
            host.Switch.ManagementSocket(LabHost.IntegrationBridge), OpenFlowConnectionOptions.Default, Cancellation);
        return await connection.DumpFlowsAsync(FlowFilter.Everything, Cancellation);
    }
}
