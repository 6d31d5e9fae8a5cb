using System.Collections.Immutable;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Trunks;

namespace Alcor.Network.Tests;

/// <summary>Subports are where their parent is, with a number that no other subport of the host has.</summary>
public sealed class TrunkBindingTests : IAsyncLifetime
{
    private readonly World world = new();

    public async ValueTask InitializeAsync()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.NodeAsync("beta", "192.0.2.2");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Subports_go_where_their_parent_goes_in_the_same_commit()
    {
        var (parent, first, second) = (await PortAsync(), await PortAsync(), await PortAsync());
        await TrunkAsync(parent, (first, 5), (second, 6));
        Assert.Equal(("", "trunk:subport"), await PlaceAsync(first));
        await BindAsync(parent, "alpha");
        await RequireAsync(parent, "alpha", (first, 5), (second, 6));
        await BindAsync(parent, "beta");
        await RequireAsync(parent, "beta", (first, 5), (second, 6));
        await BindAsync(parent, "");
        Assert.Equal(("", "trunk:subport"), await PlaceAsync(first));
        var port = await FindAsync(second);
        Assert.Equal((PortStatus.Down, false, 0u), (port.Status, port.IsBound, port.Trunk!.Number));
    }

    [Fact]
    public async Task A_subport_that_comes_is_bound_and_one_that_leaves_is_not()
    {
        var (parent, first, second) = (await PortAsync(), await PortAsync(), await PortAsync());
        var trunk = await TrunkAsync(parent, (first, 5));
        await BindAsync(parent, "alpha");
        var kept = (await FindAsync(first)).Trunk!.Number;
        await ActAsync(trunk, "add_subports", (second, 6));
        await RequireAsync(parent, "alpha", (first, 5), (second, 6));
        Assert.Equal(kept, (await FindAsync(first)).Trunk!.Number);
        await ActAsync(trunk, "remove_subports", (first, 5));
        Assert.Equal(("", ""), await PlaceAsync(first));
        Assert.Null(await world.FindAsync(Binding.Type, $"{first}@alpha"));
        await RequireAsync(parent, "alpha", (second, 6));
    }

    [Fact]
    public async Task Many_subports_of_one_host_have_numbers_of_their_own()
    {
        var network = await world.NetworkAsync();
        var numbers = new List<uint>();
        for (var i = 0; i < 4; i++)
        {
            var parent = await PortAsync();
            var carried = new List<(string, int)>();
            for (var tag = 1; tag <= 25; tag++)
                carried.Add(((await world.PortAsync(network)).Value.Id, tag));
            await TrunkAsync(parent, [.. carried]);
            await BindAsync(parent, "alpha");
            foreach (var (port, _) in carried)
                numbers.Add((await FindAsync(port)).Trunk!.Number);
        }
        Assert.Equal(100, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.InRange(number, 1u, SubPortCarriage.NumberMax));
    }

    [Fact]
    public async Task Two_that_choose_one_number_at_once_do_not_both_get_it()
    {
        // The start is a matter of the id: so one decision that saw nothing of another may choose the same.
        var (one, other) = (await BoundParentAsync("alpha"), await BoundParentAsync("alpha"));
        var claim = new Claim(SubPortCarriage.NumberSpace("alpha"), (await FindAsync(one)).Trunk!.Number);
        Assert.NotEqual(claim.Number, (await FindAsync(other)).Trunk!.Number);
        var port = await FindAsync(other);
        var stolen = port with { Trunk = port.Trunk! with { Number = (uint)claim.Number } };
        var refusal = await world.CommitAsync(new Transaction([Port.Type.ToWrite(stolen)], []));
        Assert.Contains("Claim", refusal!.GetType().Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_of_a_subport_is_not_for_anybody_to_set()
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        await TrunkAsync(parent, (carried, 5));
        await BindAsync(parent, "alpha");
        var moved = await world.TryUpdateAsync(Port.Type, carried, """{"binding:host_id": "beta"}""");
        Assert.Equal((400, "InvalidInput"), (moved.Error?.Status, moved.Error?.Type));
        await world.UpdateAsync(Port.Type, carried, """{"binding:host_id": "alpha", "name": "same"}""");
        await RequireAsync(parent, "alpha", (carried, 5));
    }

    [Fact]
    public async Task A_subport_of_a_host_that_becomes_known_gets_its_number_then()
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        await TrunkAsync(parent, (carried, 5));
        await BindAsync(parent, "gamma");
        Assert.Equal(0u, (await FindAsync(carried)).Trunk!.Number);
        await world.NodeAsync("gamma", "192.0.2.3");
        foreach (var port in new[] { parent, carried })
            await world.RunAsync(new RefreshBindings((await FindAsync(port)).NetworkId, "gamma"));
        await RequireAsync(parent, "gamma", (carried, 5));
    }

    [Theory]
    [InlineData("ACTIVE", "ACTIVE", "ACTIVE")]
    [InlineData("ACTIVE", "BUILD", "BUILD")]
    [InlineData("BUILD", "ACTIVE", "BUILD")]
    [InlineData("ACTIVE", "DOWN", "BUILD")]
    [InlineData("ACTIVE", "ERROR", "DEGRADED")]
    [InlineData("DOWN", "ACTIVE", "DOWN")]
    [InlineData("ERROR", "ACTIVE", "ERROR")]
    public async Task The_status_of_a_trunk_follows_from_its_ports(string parentIs, string subportIs, string expected)
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        var trunk = await TrunkAsync(parent, (carried, 5));
        Assert.Equal("DOWN", await world.StatusOfTrunkAsync(trunk));
        await BindAsync(parent, "alpha");
        Assert.Equal("BUILD", await world.StatusOfTrunkAsync(trunk));
        await ReportAsync(parent, parentIs);
        await ReportAsync(carried, subportIs);
        Assert.Equal(expected, await world.StatusOfTrunkAsync(trunk));
        await world.UpdateAsync(Port.Type, carried, """{"admin_state_up": false}""");
        Assert.Equal(parentIs, await world.StatusOfTrunkAsync(trunk));
    }

    [Theory]
    [InlineData("ACTIVE", "ACTIVE")]
    [InlineData("BUILD", "BUILD")]
    [InlineData("DOWN", "DOWN")]
    [InlineData("ERROR", "DEGRADED")]
    [InlineData("off", "DOWN")]
    public async Task A_parent_that_is_off_leaves_its_subports_as_they_are(string subportIs, string expected)
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        var trunk = await TrunkAsync(parent, (carried, 5));
        await BindAsync(parent, "alpha");
        await world.UpdateAsync(Port.Type, parent, """{"admin_state_up": false}""");
        Assert.Equal("DOWN", (await FindAsync(parent)).Status);
        if (subportIs == "off")
            await world.UpdateAsync(Port.Type, carried, """{"admin_state_up": false}""");
        else
            await ReportAsync(carried, subportIs);
        Assert.Equal(expected, await world.StatusOfTrunkAsync(trunk));
    }

    [Fact]
    public async Task Whether_a_trunk_is_up_does_not_change_what_its_status_says()
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        var trunk = await TrunkAsync(parent, (carried, 5));
        await BindAsync(parent, "alpha");
        await ReportAsync(parent, "ACTIVE");
        await ReportAsync(carried, "ACTIVE");
        await world.UpdateAsync(Trunk.Type, trunk, """{"admin_state_up": false}""");
        Assert.Equal("ACTIVE", await world.StatusOfTrunkAsync(trunk));
        await RequireAsync(parent, "alpha", (carried, 5));
    }

    [Fact]
    public async Task A_trunk_in_error_takes_no_more_subports_but_gives_them_away()
    {
        var (parent, carried, other) = (await PortAsync(), await PortAsync(), await PortAsync());
        var trunk = await TrunkAsync(parent, (carried, 5));
        await BindAsync(parent, "alpha");
        await ReportAsync(parent, "ERROR");
        var refused = await world.TryActAsync(
            Trunk.Type, trunk, "add_subports", $$"""{"sub_ports": [{{Json([(other, 6)])}}]}""");
        Assert.Equal((409, "TrunkInErrorState"), (refused.Error?.Status, refused.Error?.Type));
        await ActAsync(trunk, "remove_subports", (carried, 5));
    }

    private async Task ReportAsync(string id, string status)
    {
        var port = await FindAsync(id);
        if (status == PortStatus.Build)
            return;
        var session = new AgentSession(port.HostId, "session");
        await world.RunAsync(new ConnectAgent(
            session, "00000000-0000-0000-0000-0000000000aa", ImmutableSortedDictionary<string, string>.Empty));
        await world.RunAsync(new ReportPortStatus(
            port.NetworkId, session, [new PortReport(id, port.Generation, status)]));
    }

    private async Task RequireAsync(string parent, string host, params (string Port, int Tag)[] carried)
    {
        Assert.Equal(host, (await FindAsync(parent)).HostId);
        foreach (var (id, tag) in carried)
        {
            var port = await FindAsync(id);
            Assert.Equal((host, true, tag), (port.HostId, port.IsBound, port.Trunk!.Vlan));
            var binding = (await world.FindAsync(Binding.Type, $"{id}@{host}"))!.Value.Value;
            Assert.Equal(new SubPortCarriage(parent, tag, port.Trunk.Number), binding.Carriage);
        }
    }

    private async Task<string> BoundParentAsync(string host)
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        await TrunkAsync(parent, (carried, 5));
        await BindAsync(parent, host);
        return carried;
    }

    private async Task<(string Host, string Owner)> PlaceAsync(string id)
    {
        var port = await FindAsync(id);
        return (port.HostId, port.DeviceOwner);
    }

    private Task BindAsync(string port, string host) =>
        world.UpdateAsync(Port.Type, port, $$"""{"binding:host_id": "{{host}}"}""");

    private async Task ActAsync(string trunk, string action, params (string Port, int Tag)[] ports) =>
        Assert.Null((await world.TryActAsync(
            Trunk.Type, trunk, action, $$"""{"sub_ports": [{{Json(ports)}}]}""")).Error);

    private async Task<string> TrunkAsync(string parent, params (string Port, int Tag)[] ports) =>
        (await world.CreateAsync(
            Trunk.Type, $$"""{"port_id": "{{parent}}", "sub_ports": [{{Json(ports)}}]}""")).Value.Id;

    private static string Json((string Port, int Tag)[] ports) => string.Join(", ", ports.Select(port =>
        $$"""{"port_id": "{{port.Port}}", "segmentation_type": "vlan", "segmentation_id": {{port.Tag}}}"""));

    private async Task<string> PortAsync() => (await world.PortAsync(await world.NetworkAsync())).Value.Id;

    private async Task<Port> FindAsync(string id) => (await world.FindAsync(Port.Type, id))!.Value.Value;
}
