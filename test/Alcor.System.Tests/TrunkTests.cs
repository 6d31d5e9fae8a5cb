using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>A machine whose tagged frames reach the networks of the subports, from the API to packets.</summary>
[Collection(RegionCollection.Name)]
public sealed class TrunkTests(RegionFixture fixture)
{
    private const int VlanB = 5;
    private const int VlanC = 6;
    private const int Unknown = 7;
    private static readonly TimeSpan LeaseLimit = TimeSpan.FromSeconds(30);

    private Region Region => fixture.Region;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_tag_of_a_machine_reaches_its_network_and_no_other()
    {
        await using var a = await TenantNetwork.CreateAsync(Region, "10.21.0.0/24");
        await using var b = await TenantNetwork.CreateAsync(Region, "10.22.0.0/24");
        await using var c = await TenantNetwork.CreateAsync(Region, "10.23.0.0/24");
        await using var trunk = await LabTrunk.CreateAsync(Region, a, (b, VlanB), (c, VlanC));
        var (peerA, portA) = await a.BootAsync(Region.Hosts[1]);
        var (peerB, portB) = await b.BootAsync(Region.Hosts[1]);
        var (peerC, portC) = await c.BootAsync(Region.Hosts[0]);
        VirtualMachine[] peers = [peerA, peerB, peerC];
        foreach (var peer in peers)
            await TcpService.StartAsync(peer.Namespace, Region.Lab.Directory, 80);

        await trunk.BindAsync(Region.Hosts[0]);
        Assert.Equal("BUILD", await trunk.StatusAsync());
        await using var machine = await TrunkMachine.PlugAsync(
            Region.Hosts[0].Lab, "trk", trunk.Parent.Id, Token);
        await trunk.ActiveAsync();
        var own = await BootAsync(machine, 0, trunk.Parent);
        var inB = await BootAsync(machine, VlanB, trunk.SubPorts[0]);
        var inC = await BootAsync(machine, VlanC, trunk.SubPorts[1]);

        NetworkingPort[] ports = [portA, portB, portC];
        VirtualMachine[] parts = [own, inB, inC];
        for (var from = 0; from < parts.Length; from++)
        {
            for (var to = 0; to < ports.Length; to++)
            {
                if (from != to)
                    await Traffic.RequireSilenceAsync(parts[from], ports[to].Address);
            }
            await Traffic.RequireAnsweredAsync(parts[from], ports[from].Address);
            Assert.Equal(trunk.Ports[from].Address,
                await TcpService.AskAsync(parts[from].Namespace, ports[from].Address, 80));
            await Traffic.RequireAnsweredAsync(peers[from], trunk.Ports[from].Address);
        }
        await RequireNoWayAsync(machine, trunk.SubPorts[0], portB);
        var trace = await PacketTrace.OfAsync(Region, trunk.SubPorts[0], portB.Address, "tcp 80", "--reply");
        Assert.True(trace.Arrives, trace.Text);
        Assert.Contains($"in VLAN {VlanB}", trace.Text);

        await using (await JoinedNetworks.CreateAsync(Region, b, c))
        {
            // Out by one tag of the interface and in by another, by way of the router.
            await Traffic.AnswerAsync(inB, trunk.SubPorts[1].Address);
            await Traffic.AnswerAsync(inB, portC.Address);
            await Traffic.AnswerAsync(peerB, trunk.SubPorts[1].Address);
        }
        await trunk.RemoveAsync(1);
        await Traffic.SilenceAsync(inC, portC.Address);
        await Traffic.RequireAnsweredAsync(inB, portB.Address);
        Assert.Equal("DOWN", (await Region.Api.ShowPortAsync(trunk.SubPorts[1].Id, Token)).Status);
    }

    [Fact]
    public async Task The_networks_of_a_trunk_may_be_one_network()
    {
        await using var a = await TenantNetwork.CreateAsync(Region, "10.21.0.0/24");
        await using var trunk = await LabTrunk.CreateAsync(Region, a, (a, VlanB), (a, VlanC));
        await trunk.BindAsync(Region.Hosts[1]);
        await using var machine = await TrunkMachine.PlugAsync(
            Region.Hosts[1].Lab, "trk", trunk.Parent.Id, Token);
        await trunk.ActiveAsync();
        var own = await BootAsync(machine, 0, trunk.Parent);
        var inB = await BootAsync(machine, VlanB, trunk.SubPorts[0]);
        var inC = await BootAsync(machine, VlanC, trunk.SubPorts[1]);
        foreach (var from in new[] { own, inB, inC })
        {
            foreach (var to in trunk.Ports)
                await Traffic.RequireAnsweredAsync(from, to.Address);
        }
    }

    [Fact]
    public async Task Trunks_of_one_host_may_use_the_same_tags_for_different_networks()
    {
        await using var a = await TenantNetwork.CreateAsync(Region, "10.21.0.0/24");
        await using var b = await TenantNetwork.CreateAsync(Region, "10.22.0.0/24");
        await using var c = await TenantNetwork.CreateAsync(Region, "10.22.0.0/24");
        await using var one = await LabTrunk.CreateAsync(Region, a, (b, VlanB));
        await using var other = await LabTrunk.CreateAsync(Region, a, (c, VlanB));
        var host = Region.Hosts[0];
        await one.BindAsync(host);
        await other.BindAsync(host);
        await using var first = await TrunkMachine.PlugAsync(host.Lab, "tr1", one.Parent.Id, Token);
        await using var second = await TrunkMachine.PlugAsync(host.Lab, "tr2", other.Parent.Id, Token);
        await one.ActiveAsync();
        await other.ActiveAsync();
        var inB = await BootAsync(first, VlanB, one.SubPorts[0]);
        var inC = await BootAsync(second, VlanB, other.SubPorts[0]);
        // Their addresses are alike: only the network tells which of the two is meant.
        Assert.Equal(one.SubPorts[0].Address, other.SubPorts[0].Address);
        var (peerB, portB) = await b.BootAsync(Region.Hosts[1]);
        await Traffic.RequireAnsweredAsync(inB, portB.Address);
        await Traffic.RequireAnsweredAsync(peerB, one.SubPorts[0].Address);
        var before = await Traffic.ReceivedAsync(inC);
        await Traffic.RequireAnsweredAsync(peerB, one.SubPorts[0].Address);
        await Traffic.RequireSilenceAsync(inC, portB.Address);
        Assert.Equal(before, await Traffic.ReceivedAsync(inC));
    }

    [Fact]
    public async Task A_live_migration_brings_every_tag_to_the_other_host()
    {
        await using var a = await TenantNetwork.CreateAsync(Region, "10.21.0.0/24");
        await using var b = await TenantNetwork.CreateAsync(Region, "10.22.0.0/24");
        await using var trunk = await LabTrunk.CreateAsync(Region, a, (b, VlanB));
        var (from, to) = (Region.Hosts[0], Region.Hosts[1]);
        var (peer, port) = await b.BootAsync(from);
        await trunk.BindAsync(from);
        var before = await TrunkMachine.PlugAsync(from.Lab, "tr1", trunk.Parent.Id, Token);
        await trunk.ActiveAsync();
        await Traffic.RequireAnsweredAsync(await BootAsync(before, VlanB, trunk.SubPorts[0]), port.Address);
        Assert.True(await IsTaggedOnAsync(from, VlanB));

        Assert.False(await KnowsAsync(to, port));
        await trunk.PrepareAsync(to);
        await Traffic.EventuallyAsync(() => KnowsAsync(to, port), $"{to.Name} is not told what the subport will need");
        await using var after = await TrunkMachine.PlugAsync(to.Lab, "tr2", trunk.Parent.Id, Token);
        var moved = await after.AddAsync(VlanB, trunk.SubPorts[0].MacAddress, Token);
        await moved.SetAddressAsync($"{trunk.SubPorts[0].Address}/24", gateway: null);
        await before.DisposeAsync();
        await trunk.MigrateAsync(from, to);
        await Traffic.AnswerAsync(moved, port.Address);
        await trunk.ActiveAsync();
        await Traffic.RequireAnsweredAsync(peer, trunk.SubPorts[0].Address);
        var shown = await Region.Api.ShowAsync("ports", trunk.SubPorts[0].Id, Token);
        Assert.Equal(to.Name, (string?)shown["binding:host_id"]);
        await Traffic.EventuallyAsync(
            async () => !await IsTaggedOnAsync(from, VlanB), $"{from.Name} keeps the subport");
    }

    private static async Task<bool> KnowsAsync(RegionHost host, NetworkingPort neighbor) =>
        (await SwitchFlows.DumpAsync(host)).Ages.Keys.Any(flow =>
            flow.Contains($"dl_dst={neighbor.MacAddress} ", StringComparison.Ordinal));

    /// <summary>Whether a port of the host has something in a VLAN.</summary>
    private static async Task<bool> IsTaggedOnAsync(RegionHost host, int vlan) =>
        (await SwitchFlows.DumpAsync(host)).Ages.Keys.Any(flow =>
            flow.Contains("table=0,", StringComparison.Ordinal)
            && flow.Contains($"dl_vlan={vlan} ", StringComparison.Ordinal));

    private static async Task<VirtualMachine> BootAsync(TrunkMachine machine, int vlan, NetworkingPort port)
    {
        var part = await machine.AddAsync(vlan, port.MacAddress, Token);
        var lease = await part.DhcpAsync(LeaseLimit, Token);
        Assert.Equal(port.Address, lease.Address.ToString());
        return part;
    }

    /// <summary>Whatever is in another VLAN goes nowhere, whoever it says that it is from.</summary>
    private static async Task RequireNoWayAsync(TrunkMachine machine, NetworkingPort mine, NetworkingPort to)
    {
        var stray = await machine.AddAsync(Unknown, mine.MacAddress, Token);
        await stray.SetAddressAsync($"{mine.Address}/24", gateway: null);
        await Traffic.PinAsync(stray, to.Address, to.MacAddress);
        await Traffic.RequireSilenceAsync(stray, to.Address);
        Assert.Equal(0, await Traffic.ReceivedAsync(stray));
    }
}
