using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.Tests;

/// <summary>A port that is made ready on another host, and moves there (extension binding-extended).</summary>
public sealed class PortBindingTests
{
    private readonly World world = new();
    private readonly PortBindingCommands commands = new(new NetworkSettings());

    [Fact]
    public async Task Activation_moves_a_port_to_a_host_where_it_was_ready()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.NodeAsync("beta", "192.0.2.2");
        var port = await world.PortAsync(
            await world.NetworkAsync(), "\"device_owner\": \"compute:nova\", \"binding:host_id\": \"alpha\"");
        var made = await AddAsync(port.Value.Id, "beta");
        Assert.Equal(("beta", false, true), (made.Host, made.IsActive, made.IsBound));
        Assert.Equal(port.Value.Generation, (await PortAsync(port)).Generation);
        await RequireReadyAsync(port.Value.Id, "beta");

        var activated = await world.RunAsync(
            commands.Actions.Single().Command!(Untyped(made), Change(Body.Empty)));
        Assert.Equal(made with { IsActive = true }, activated.Value.Answer.Single().Value);
        var moved = await PortAsync(port);
        Assert.Equal(("beta", "192.0.2.2", PortStatus.Build, 2), (
            moved.HostId, moved.TunnelAddress?.ToString(), moved.Status, moved.Generation));
        Assert.Equal(["beta", "alpha"], PortBinding.AllOf(moved).Select(binding => binding.Host));
        var there = (await world.FindAsync(Binding.Type, $"{port.Value.Id}@beta"))!.Value.Value;
        Assert.Equal((true, 2), (there.AdminStateUp, there.Generation));
        await RequireReadyAsync(port.Value.Id, "alpha");

        Assert.Null((await world.RunAsync(commands.Delete(
            Untyped(PortBinding.Find(moved, "alpha")!), Change(Body.Empty)))).Error);
        Assert.Equal(["beta"], PortBinding.AllOf(await PortAsync(port)).Select(binding => binding.Host));
        Assert.Null(await world.FindAsync(Binding.Type, $"{port.Value.Id}@alpha"));
    }

    [Fact]
    public async Task A_host_that_a_port_could_move_to_is_told_what_changes_of_it_and_its_own_host_only_that()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.NodeAsync("beta", "192.0.2.2");
        var port = await world.PortAsync(
            await world.NetworkAsync(), "\"device_owner\": \"compute:nova\", \"binding:host_id\": \"alpha\"");
        var told = (await world.FindAsync(Binding.Type, $"{port.Value.Id}@alpha"))!.Value.Revision;
        await AddAsync(port.Value.Id, "beta");
        Assert.Equal(told, (await world.FindAsync(Binding.Type, $"{port.Value.Id}@alpha"))!.Value.Revision);
        var earlier = (await world.FindAsync(Binding.Type, $"{port.Value.Id}@beta"))!.Value.Value.SecurityGroups;
        Assert.Single(earlier);
        await world.UpdateAsync(Port.Type, port.Value.Id, """{"security_groups": []}""");
        Assert.True((await RequireReadyAsync(port.Value.Id, "beta")).SecurityGroups.OrEmpty().IsEmpty);
        Assert.Null((await world.DeleteAsync(Port.Type, port.Value.Id)).Error);
        Assert.Null(await world.FindAsync(Binding.Type, $"{port.Value.Id}@beta"));
    }

    [Fact]
    public async Task A_port_that_is_bound_to_a_host_by_a_put_has_no_inactive_binding_there()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.NodeAsync("beta", "192.0.2.2");
        var port = await world.PortAsync(
            await world.NetworkAsync(), "\"device_owner\": \"compute:nova\", \"binding:host_id\": \"alpha\"");
        await AddAsync(port.Value.Id, "beta");
        var moved = await world.UpdateAsync(Port.Type, port.Value.Id, """{"binding:host_id": "beta"}""");
        Assert.Equal(["beta"], PortBinding.AllOf(moved.Value).Select(binding => binding.Host));
    }

    [Fact]
    public async Task The_port_of_a_physical_device_has_its_mac_address_wherever_it_is_bound()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.NodeAsync("beta", "192.0.2.2");
        var network = await world.NetworkAsync();
        const string machine = "\"device_owner\": \"compute:nova\", \"binding:vnic_type\": \"direct-physical\"";
        var port = await world.PortAsync(
            network, $"{machine}, \"binding:host_id\": \"alpha\", \"binding:profile\": {Device(1)}");
        Assert.Equal("02:00:00:00:00:01", port.Value.MacAddress.ToString());
        var taken = await world.TryCreateAsync(
            Port.Type,
            World.PortJson(
                network, $"{machine}, \"binding:host_id\": \"alpha\", \"binding:profile\": {Device(1)}"));
        Assert.Equal("MacAddressInUse", taken.Error?.Type);
        var wrong = await world.TryUpdateAsync(
            Port.Type, port.Value.Id, """{"binding:profile": {"device_mac_address": "here"}}""");
        Assert.Equal((400, "HTTPBadRequest"), (wrong.Error?.Status, wrong.Error?.Type));
        var changed = await world.UpdateAsync(Port.Type, port.Value.Id, $"{{\"binding:profile\": {Device(2)}}}");
        Assert.Equal("02:00:00:00:00:02", changed.Value.MacAddress.ToString());
        var body = Body.Empty
            .With(PortBindingAttributes.PortId, port.Value.Id)
            .With(PortBindingAttributes.Host, "beta")
            .With(PortBindingAttributes.VnicType, "direct-physical")
            .With(PortBindingAttributes.Profile, Device(3));
        var made = await world.RunAsync(commands.Create([new NewResource("", "project", body, 0)]));
        Assert.Equal("02:00:00:00:00:02", (await PortAsync(port)).MacAddress.ToString());
        Assert.Null((await world.RunAsync(
            commands.Actions.Single().Command!(made.Value.Answer.Single(), Change(Body.Empty)))).Error);
        Assert.Equal("02:00:00:00:00:03", (await PortAsync(port)).MacAddress.ToString());
        var without = await world.UpdateAsync(Port.Type, port.Value.Id, """{"binding:profile": {}}""");
        Assert.StartsWith("fa:16:3e:", without.Value.MacAddress.ToString());

        static string Device(int number) => $"{{\"device_mac_address\": \"02:00:00:00:00:0{number}\"}}";
    }

    /// <summary>What the host knows of a port that is on another one: where it leads, and nothing to do.</summary>
    private async Task<Binding> RequireReadyAsync(string port, string host)
    {
        var binding = (await world.FindAsync(Binding.Type, $"{port}@{host}"))!.Value.Value;
        Assert.Equal((host, true, false, 0), (
            binding.HostId, binding.IsInactive, binding.AdminStateUp, binding.Generation));
        return binding;
    }

    private async Task<PortBinding> AddAsync(string portId, string host)
    {
        var body = Body.Empty.With(PortBindingAttributes.PortId, portId).With(PortBindingAttributes.Host, host);
        Result<Outcome> result = await world.RunAsync(commands.Create([new NewResource("", "project", body, 0)]));
        Assert.Null(result.Error);
        return (PortBinding)result.Value.Answer.Single().Value;
    }

    private async Task<Port> PortAsync(Stamped<Port> port) =>
        (await world.FindAsync(Port.Type, port.Value.Id))!.Value.Value;

    private static Stamped<object> Untyped(PortBinding binding) => new(binding, 0);

    private static ChangeRequest Change(Body body) => new(Caller.System, body, null, "", 0);
}
