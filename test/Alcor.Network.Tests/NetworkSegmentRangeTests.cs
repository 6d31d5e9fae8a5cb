using Alcor.Kernel.Resources;
using Alcor.Network.Segments;

namespace Alcor.Network.Tests;

public sealed class NetworkSegmentRangeTests
{
    private readonly World world = new(new NetworkSettings
    {
        VxlanRanges = [new NumberRange(1, 20)],
        VlanRanges = [new VlanRange("physnet1", new NumberRange(100, 101))],
    });

    [Fact]
    public async Task A_project_gets_ids_of_its_own_range_first_and_other_projects_never_do()
    {
        await RangeAsync(2, 3, "project");
        await RangeAsync(1, 1, "another");
        var numbers = new List<uint?>();
        for (var i = 0; i < 3; i++)
            numbers.Add((await world.CreateAsync(Networks.Network.Type, "{}")).Value.VxlanId);
        Assert.Equal([2, 3, 4], numbers);
    }

    [Fact]
    public async Task A_shared_range_adds_to_what_the_settings_give()
    {
        await world.CreateAsync(NetworkSegmentRange.Type, Json(30, 31));
        for (var number = 1u; number <= 20; number++)
            Assert.Equal(number, (await world.CreateAsync(Networks.Network.Type, "{}")).Value.VxlanId);
        Assert.Equal(30u, (await world.CreateAsync(Networks.Network.Type, "{}")).Value.VxlanId);
    }

    [Fact]
    public async Task A_range_of_vlan_ids_makes_its_physical_network_known()
    {
        const string range =
            """{"network_type": "vlan", "physical_network": "physnet9", "minimum": 5, "maximum": 6, "shared": true}""";
        await world.CreateAsync(NetworkSegmentRange.Type, range);
        var network = await world.CreateAsync(
            Networks.Network.Type,
            """{"provider:network_type": "vlan", "provider:physical_network": "physnet9"}""");
        Assert.Equal(5u, network.Value.OnlySegment!.SegmentationId);
    }

    [Fact]
    public async Task A_range_says_what_is_used_and_what_is_free()
    {
        await world.CreateAsync(
            Networks.Network.Type, """{"provider:network_type": "vxlan", "provider:segmentation_id": 6}""");
        var range = (await world.CreateAsync(NetworkSegmentRange.Type, Json(5, 8))).Value;
        Assert.Equal([5, 7, 8], range.Available);
        Assert.Equal([KeyValuePair.Create(6u, "project")], range.Used);
    }

    [Theory]
    [InlineData("""{"network_type": "vxlan", "minimum": 9, "maximum": 5}""", 400, "InvalidInput")]
    [InlineData("""{"network_type": "vxlan", "minimum": 1, "maximum": 16777215}""", 400, "InvalidInput")]
    [InlineData("""{"network_type": "vlan", "minimum": 1, "maximum": 5}""", 400, "BadRequest")]
    [InlineData(
        """{"network_type": "vlan", "physical_network": "p", "minimum": 1, "maximum": 4095}""", 400, "InvalidInput")]
    [InlineData("""{"network_type": "vxlan", "minimum": 40, "maximum": 44}""", 409, "NetworkSegmentRangeOverlaps")]
    public async Task A_range_that_cannot_be_is_refused(string json, int status, string type)
    {
        await world.CreateAsync(NetworkSegmentRange.Type, Json(44, 50));
        var error = (await world.TryCreateAsync(NetworkSegmentRange.Type, json)).Error;
        Assert.Equal((status, type), (error!.Status, error.Type));
    }

    [Fact]
    public async Task A_range_in_use_neither_shrinks_nor_goes()
    {
        const string inUse = "NetworkSegmentRangeReferencedByProject";
        var range = await RangeAsync(30, 40, "project");
        var network = (await world.CreateAsync(Networks.Network.Type, "{}")).Value;
        Assert.Equal(30u, network.VxlanId);
        var shrunk = await world.TryUpdateAsync(NetworkSegmentRange.Type, range, """{"minimum": 31}""");
        Assert.Equal((409, inUse), (shrunk.Error!.Status, shrunk.Error.Type));
        Assert.Equal(inUse, (await world.DeleteAsync(NetworkSegmentRange.Type, range)).Error?.Type);
        await world.UpdateAsync(NetworkSegmentRange.Type, range, """{"minimum": 25, "maximum": 45}""");
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, network.Id)).Error);
        Assert.Null((await world.DeleteAsync(NetworkSegmentRange.Type, range)).Error);
    }

    [Fact]
    public async Task What_the_settings_say_cannot_be_changed()
    {
        var defaults = NetworkSegmentRange.Defaults(world.Settings).ToList();
        Assert.Equal(
            [("vlan", "physnet1", 100u, 101u), ("vxlan", null, 1u, 20u)],
            defaults.Select(range => (range.NetworkType, range.PhysicalNetwork, range.Minimum, range.Maximum)));
        Assert.All(defaults, range => Assert.True(range is { IsDefault: true, Shared: true, ProjectId: "" }));
        var change = new ChangeRequest(Caller.System, Body.Empty, null, "", 0);
        var delete = new NetworkSegmentRangeCommands().Delete(new Stamped<object>(defaults[0], 0), change);
        var error = (await world.RunAsync(delete)).Error;
        Assert.Equal((400, "NetworkSegmentRangeDefaultReadOnly"), (error!.Status, error.Type));
    }

    private static string Json(int minimum, int maximum, string owner = "\"shared\": true") =>
        $$"""{"network_type": "vxlan", "minimum": {{minimum}}, "maximum": {{maximum}}, {{owner}}}""";

    private async Task<string> RangeAsync(int minimum, int maximum, string project)
    {
        var range = await world.CreateAsync(
            NetworkSegmentRange.Type, Json(minimum, maximum, $"\"shared\": false, \"project_id\": \"{project}\""));
        return range.Value.Id;
    }
}
