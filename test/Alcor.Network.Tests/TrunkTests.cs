using Alcor.Network.Ports;
using Alcor.Network.Trunks;

namespace Alcor.Network.Tests;

public sealed class TrunkTests
{
    private readonly World world = new(new NetworkSettings
    {
        VlanRanges = [new VlanRange("physnet1", new NumberRange(100, 199))],
    });

    [Fact]
    public async Task The_ports_of_a_trunk_know_of_it_until_it_is_gone()
    {
        var (parent, first, second) = (await PortAsync(), await PortAsync(), await PortAsync());
        var trunk = await TrunkAsync(parent, SubPort(first, 5));
        Assert.Null((await world.TryActAsync(Trunk.Type, trunk, "add_subports", SubPorts(SubPort(second, 6)))).Error);
        Assert.Equal(new PortTrunk(trunk, parent) { Vlan = 6 }, await TrunkOfAsync(second));
        Assert.Equal(
            [(first, 5), (second, 6)],
            (await TrunkOfAsync(parent))!.Carries.Select(port => (port.PortId, port.SegmentationId)));
        Assert.Null((await world.TryActAsync(Trunk.Type, trunk, "remove_subports", SubPorts(SubPort(first, 5)))).Error);
        Assert.Null(await TrunkOfAsync(first));
        Assert.Equal(second, Assert.Single((await TrunkOfAsync(parent))!.Carries).PortId);
        Assert.Null((await world.DeleteAsync(Trunk.Type, trunk)).Error);
        Assert.Null(await TrunkOfAsync(parent));
        Assert.Null(await TrunkOfAsync(second));
        Assert.Null((await world.DeleteAsync(Port.Type, second)).Error);
    }

    [Fact]
    public async Task The_ports_of_a_trunk_cannot_be_deleted()
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        await TrunkAsync(parent, SubPort(carried, 5));
        Assert.Equal("PortInUseAsTrunkParent", (await world.DeleteAsync(Port.Type, parent)).Error?.Type);
        Assert.Equal("PortInUseAsSubPort", (await world.DeleteAsync(Port.Type, carried)).Error?.Type);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_parent_shows_the_new_mac_address_of_its_subport(bool isInSameNetwork)
    {
        var network = await world.NetworkAsync();
        var parent = (await world.PortAsync(network)).Value.Id;
        var carried = isInSameNetwork ? (await world.PortAsync(network)).Value.Id : await PortAsync();
        await TrunkAsync(parent, SubPort(carried, 5));
        await world.UpdateAsync(Port.Type, carried, """{"mac_address": "fa:16:3e:00:00:99"}""");
        Assert.Equal(
            "fa:16:3e:00:00:99", $"{Assert.Single((await TrunkOfAsync(parent))!.Carries).MacAddress}");
    }

    [Theory]
    [InlineData("parent", "5", 409, "ParentPortInUse")]
    [InlineData("missing", "5", 404, "PortNotFound")]
    [InlineData("free", "5", 0, null)]
    [InlineData("free", "\"6\"", 0, null)]
    [InlineData("free", "0", 400, "InvalidInput")]
    [InlineData("free", "4095", 400, "InvalidInput")]
    [InlineData("free", "\"five\"", 400, "InvalidInput")]
    [InlineData("free", "7", 409, "DuplicateSubPort")]
    [InlineData("carried", "5", 409, "TrunkPortInUse")]
    [InlineData("otherparent", "5", 409, "ParentPortInUse")]
    [InlineData("used", "5", 409, "PortInUse")]
    public async Task Some_ports_cannot_be_carried(string port, string tag, int status, string? error)
    {
        var (parent, carried, other) = (await PortAsync(), await PortAsync(), await PortAsync());
        var trunk = await TrunkAsync(parent, SubPort(carried, 7));
        await TrunkAsync(other);
        var id = port switch
        {
            "parent" => parent,
            "carried" => carried,
            "otherparent" => other,
            "used" => await PortAsync("\"device_id\": \"vm\""),
            "free" => await PortAsync(),
            _ => "00000000-0000-0000-0000-00000000dead",
        };
        var json = SubPorts($$"""{"port_id": "{{id}}", "segmentation_type": "vlan", "segmentation_id": {{tag}}}""");
        var result = await world.TryActAsync(Trunk.Type, trunk, "add_subports", json);
        Assert.Equal((status, error), (result.Error?.Status ?? 0, result.Error?.Type));
    }

    [Theory]
    [InlineData("free", 0, null)]
    [InlineData("parent", 409, "ParentPortInUse")]
    [InlineData("carried", 409, "TrunkPortInUse")]
    [InlineData("onhost", 409, "ParentPortInUse")]
    [InlineData("missing", 404, "PortNotFound")]
    public async Task Some_ports_cannot_carry(string port, int status, string? error)
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        await TrunkAsync(parent, SubPort(carried, 7));
        var id = port switch
        {
            "parent" => parent,
            "carried" => carried,
            "onhost" => await PortAsync("\"binding:host_id\": \"host\""),
            "free" => await PortAsync(),
            _ => "00000000-0000-0000-0000-00000000dead",
        };
        var result = await world.TryCreateAsync(Trunk.Type, Json(id));
        Assert.Equal((status, error), (result.Error?.Status ?? 0, result.Error?.Type));
    }

    [Fact]
    public async Task One_port_is_not_taken_twice_by_one_request()
    {
        var (parent, other, carried) = (await PortAsync(), await PortAsync(), await PortAsync());
        var twice = await world.TryCreateAsync(
            Trunk.Type, Json(parent, SubPort(carried, 1)), Json(other, SubPort(carried, 1)));
        Assert.Equal("TrunkPortInUse", twice.Error?.Type);
        Assert.Null(await TrunkOfAsync(carried));
    }

    [Fact]
    public async Task A_disabled_trunk_stays_as_it_is_and_is_not_deleted()
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        var trunk = await TrunkAsync(parent, SubPort(carried, 7));
        await world.UpdateAsync(Trunk.Type, trunk, """{"admin_state_up": false, "name": "off"}""");
        Assert.Equal("TrunkDisabled", (await world.DeleteAsync(Trunk.Type, trunk)).Error?.Type);
        var add = await world.TryActAsync(
            Trunk.Type, trunk, "add_subports", SubPorts(SubPort(await PortAsync(), 8)));
        Assert.Equal("TrunkDisabled", add.Error?.Type);
        var remove = await world.TryActAsync(Trunk.Type, trunk, "remove_subports", SubPorts(SubPort(carried, 7)));
        Assert.Equal("TrunkDisabled", remove.Error?.Type);
    }

    [Fact]
    public async Task A_trunk_is_not_deleted_while_its_parent_is_on_a_host()
    {
        var parent = await PortAsync();
        var trunk = await TrunkAsync(parent);
        await world.UpdateAsync(Port.Type, parent, """{"binding:host_id": "host"}""");
        Assert.Equal("TrunkInUse", (await world.DeleteAsync(Trunk.Type, trunk)).Error?.Type);
    }

    [Fact]
    public async Task What_is_not_carried_cannot_be_taken_away()
    {
        var trunk = await TrunkAsync(await PortAsync());
        var result = await world.TryActAsync(
            Trunk.Type, trunk, "remove_subports", SubPorts(SubPort(await PortAsync(), 7)));
        Assert.Equal((404, "SubPortNotFound"), (result.Error?.Status, result.Error?.Type));
    }

    [Theory]
    [InlineData("vlan", null, 0)]
    [InlineData("vxlan", "InvalidInput", 400)]
    public async Task An_inherited_segment_is_that_of_the_network(string type, string? error, int status)
    {
        var physical = type == "vlan" ? ", \"provider:physical_network\": \"physnet1\"" : "";
        var network = await world.CreateAsync(
            Networks.Network.Type, $$"""{"provider:network_type": "{{type}}"{{physical}}}""");
        var carried = (await world.PortAsync(network.Value.Id)).Value.Id;
        var parent = (await world.PortAsync(network.Value.Id)).Value.Id;
        var result = await world.TryCreateAsync(
            Trunk.Type, Json(parent, $$"""{"port_id": "{{carried}}", "segmentation_type": "inherit"}"""));
        Assert.Equal((status, error), (result.Error?.Status ?? 0, result.Error?.Type));
        if (error is null)
        {
            var port = Assert.Single(((Trunk)result.Value.Answer.Single().Value).SubPorts);
            Assert.Equal((uint)port.SegmentationId, network.Value.OnlySegment!.SegmentationId);
        }
    }

    [Theory]
    [InlineData(1400, 1400, null)]
    [InlineData(1300, 1400, null)]
    [InlineData(1400, 1300, "SubPortMtuGreaterThanTrunkPortMtu")]
    public async Task A_parent_carries_no_larger_packets_than_its_own_network(int mtu, int parentMtu, string? error)
    {
        var (carried, parent) = (await PortOfMtuAsync(mtu), await PortOfMtuAsync(parentMtu));
        var result = await world.TryCreateAsync(Trunk.Type, Json(parent, SubPort(carried, 5)));
        Assert.Equal(error, result.Error?.Type);
    }

    private async Task<string> PortOfMtuAsync(int mtu)
    {
        var network = await world.CreateAsync(Networks.Network.Type, $$"""{"mtu": {{mtu}}}""");
        return (await world.PortAsync(network.Value.Id)).Value.Id;
    }

    private static string SubPort(string id, int tag) =>
        $$"""{"port_id": "{{id}}", "segmentation_type": "vlan", "segmentation_id": {{tag}}}""";

    private static string SubPorts(params string[] ports) => $$"""{"sub_ports": [{{string.Join(", ", ports)}}]}""";

    private static string Json(string parent, params string[] ports) =>
        $$"""{"port_id": "{{parent}}", "sub_ports": [{{string.Join(", ", ports)}}]}""";

    private async Task<string> TrunkAsync(string parent, params string[] ports) =>
        (await world.CreateAsync(Trunk.Type, Json(parent, ports))).Value.Id;

    private async Task<string> PortAsync(string more = "") =>
        (await world.PortAsync(await world.NetworkAsync(), more)).Value.Id;

    private async Task<PortTrunk?> TrunkOfAsync(string port) =>
        (await world.FindAsync(Port.Type, port))!.Value.Value.Trunk;
}
