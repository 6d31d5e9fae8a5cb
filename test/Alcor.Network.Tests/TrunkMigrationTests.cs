using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Trunks;

namespace Alcor.Network.Tests;

/// <summary>A live migration of a machine with a trunk takes all of its ports along.</summary>
public sealed class TrunkMigrationTests : IAsyncLifetime
{
    private readonly World world = new(new NetworkSettings
    {
        VlanRanges = [new VlanRange("rack1", new NumberRange(100, 199))],
    });

    private string parent = "";
    private string trunk = "";
    private string[] carried = [];

    private PortBindingCommands Commands => new(world.Settings);

    public async ValueTask InitializeAsync()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.NodeAsync("beta", "192.0.2.2");
        parent = (await world.PortAsync(await world.NetworkAsync(), "\"device_owner\": \"compute:nova\"")).Value.Id;
        // One of them in the parent's network.
        carried = [await PortAsync(), (await world.PortAsync((await FindAsync(parent)).NetworkId)).Value.Id];
        trunk = (await world.CreateAsync(
            Trunk.Type,
            $$"""{"port_id": "{{parent}}", "sub_ports": [{{SubPort(carried[0], 5)}}, {{SubPort(carried[1], 6)}}]}"""))
            .Value.Id;
        await BindAsync("alpha");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Subports_are_ready_on_the_host_that_their_parent_is_made_ready_on_and_move_with_it()
    {
        var generations = await GenerationsAsync();
        await PrepareAsync("beta");
        await RequireAsync("alpha", "beta");
        // Nothing that hosts know has changed.
        Assert.Equal(generations, await GenerationsAsync());
        Assert.All(await BindingsAsync("alpha"), binding => Assert.NotNull(binding?.Carriage));
        Assert.All(await BindingsAsync("beta"), RequireReady);

        await ActAsync("activate", "beta");
        await RequireAsync("beta", "alpha");
        Assert.All(await BindingsAsync("beta"), binding => Assert.NotNull(binding?.Carriage));
        Assert.All(await BindingsAsync("alpha"), RequireReady);

        await RemoveAsync("alpha");
        await RequireAsync("beta", null);
        Assert.All(await BindingsAsync("alpha"), Assert.Null);
    }

    [Fact]
    public async Task A_migration_that_is_given_up_leaves_nothing_on_the_host_that_it_was_for()
    {
        await PrepareAsync("beta");
        await RemoveAsync("beta");
        await RequireAsync("alpha", null);
        Assert.All(await BindingsAsync("beta"), Assert.Null);
    }

    [Fact]
    public async Task A_migration_of_the_older_kind_moves_subports_that_are_ready_there_too()
    {
        await PrepareAsync("beta");
        await BindAsync("beta");
        await RequireAsync("beta", null);
    }

    [Fact]
    public async Task A_machine_that_moves_back_finds_its_subports()
    {
        await PrepareAsync("beta");
        await ActAsync("activate", "beta");
        await ActAsync("activate", "alpha");
        await RequireAsync("alpha", "beta");
    }

    [Fact]
    public async Task A_subport_that_comes_or_leaves_during_a_migration_is_ready_or_is_not()
    {
        await PrepareAsync("beta");
        var late = await PortAsync();
        await ChangeAsync("add_subports", SubPort(late, 7));
        await ChangeAsync("remove_subports", SubPort(carried[0], 5));
        Assert.Equal(["alpha", "beta"], HostsOf(await FindAsync(late)));
        Assert.Equal([""], HostsOf(await FindAsync(carried[0])));
        carried = [carried[1], late];
        await ActAsync("activate", "beta");
        await RequireAsync("beta", "alpha");
    }

    [Fact]
    public async Task A_host_that_cannot_carry_a_subport_gets_none_of_its_machine()
    {
        var rack = (await world.CreateAsync(
            Networks.Network.Type,
            """{"mtu": 1450, "provider:network_type": "vlan", "provider:physical_network": "rack1"}""")).Value.Id;
        await HostAsync("alpha", "rack1");
        var far = (await world.PortAsync(rack)).Value.Id;
        await ChangeAsync("add_subports", SubPort(far, 7));
        var refused = await TryPrepareAsync("beta");
        Assert.Equal((500, "PortBindingError"), (refused.Error?.Status, refused.Error?.Type));
        Assert.Contains(far, refused.Error!.Message, StringComparison.Ordinal);
        await RequireAsync("alpha", null);

        await HostAsync("gamma", "rack1");
        await PrepareAsync("gamma");
        Assert.Equal(["alpha", "gamma"], HostsOf(await FindAsync(far)));
    }

    [Fact]
    public async Task A_subport_that_is_on_no_host_keeps_its_machine_from_none()
    {
        var rack = (await world.CreateAsync(
            Networks.Network.Type,
            """{"mtu": 1450, "provider:network_type": "vlan", "provider:physical_network": "rack1"}""")).Value.Id;
        var far = (await world.PortAsync(rack)).Value.Id;
        await ChangeAsync("add_subports", SubPort(far, 7));
        Assert.False((await FindAsync(far)).IsBound);
        await PrepareAsync("beta");
        await RequireAsync("alpha", "beta");
        Assert.Equal(["alpha"], HostsOf(await FindAsync(far)));
    }

    [Fact]
    public async Task The_bindings_of_a_subport_are_not_for_anybody_to_change()
    {
        var owned = await FindAsync(carried[0]);
        await world.UpdateAsync(Port.Type, owned.Id, """{"device_owner": "compute:nova"}""");
        var wanted = $$"""{"port_id": "{{owned.Id}}", "host": "beta"}""";
        var made = await world.RunAsync(Commands.Create([world.NewItem(PortBinding.Type, wanted)]));
        Assert.Equal((400, "InvalidInput"), (made.Error?.Status, made.Error?.Type));
    }

    private static void RequireReady(Binding? binding) =>
        Assert.Equal((true, null), (binding?.IsInactive, binding?.Carriage));

    /// <param name="other">Where it could move to; null: nowhere.</param>
    private async Task RequireAsync(string host, string? other)
    {
        string[] hosts = other is null ? [host] : [host, other];
        foreach (var id in new[] { parent }.Concat(carried))
        {
            var port = await FindAsync(id);
            Assert.True(port.IsBound);
            Assert.Equal(hosts, HostsOf(port));
        }
    }

    private static IEnumerable<string> HostsOf(Port port) => PortBinding.AllOf(port).Select(binding => binding.Host);

    private async Task<List<long>> GenerationsAsync()
    {
        var generations = new List<long>();
        foreach (var id in carried)
            generations.Add((await FindAsync(id)).Generation);
        return generations;
    }

    private async Task<List<Binding?>> BindingsAsync(string host)
    {
        var bindings = new List<Binding?>();
        foreach (var id in carried)
            bindings.Add((await world.FindAsync(Binding.Type, $"{id}@{host}"))?.Value);
        return bindings;
    }

    private async Task PrepareAsync(string host) => Assert.Null((await TryPrepareAsync(host)).Error);

    private Task<Result<Outcome>> TryPrepareAsync(string host) => world.RunAsync(Commands.Create(
        [world.NewItem(PortBinding.Type, $$"""{"port_id": "{{parent}}", "host": "{{host}}"}""")]));

    private async Task ActAsync(string action, string host)
    {
        var command = Commands.Actions.Single(one => one.Name == action).Command!;
        Assert.Null((await world.RunAsync(command(await CurrentAsync(host), world.NewChange()))).Error);
    }

    private async Task RemoveAsync(string host) => Assert.Null(
        (await world.RunAsync(Commands.Delete(await CurrentAsync(host), world.NewChange()))).Error);

    private async Task<Stamped<object>> CurrentAsync(string host) =>
        new(PortBinding.Find(await FindAsync(parent), host)!, 1);

    private async Task ChangeAsync(string action, string port) => Assert.Null(
        (await world.TryActAsync(Trunk.Type, trunk, action, $$"""{"sub_ports": [{{port}}]}""")).Error);

    private Task BindAsync(string host) =>
        world.UpdateAsync(Port.Type, parent, $$"""{"binding:host_id": "{{host}}"}""");

    private async Task HostAsync(string name, params string[] physicalNetworks) => Assert.Null(
        (await world.RunAsync(new RegisterNode(name, System.Net.IPAddress.Parse("192.0.2.9"))
        {
            PhysicalNetworks = [.. physicalNetworks],
        })).Error);

    private static string SubPort(string port, int tag) =>
        $$"""{"port_id": "{{port}}", "segmentation_type": "vlan", "segmentation_id": {{tag}}}""";

    private async Task<string> PortAsync() => (await world.PortAsync(await world.NetworkAsync())).Value.Id;

    private async Task<Port> FindAsync(string id) => (await world.FindAsync(Port.Type, id))!.Value.Value;
}
