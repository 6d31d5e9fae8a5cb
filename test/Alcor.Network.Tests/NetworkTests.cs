using Alcor.Network.Ports;
using Alcor.Network.Segments;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

public sealed class NetworkTests
{
    private readonly World world = new();

    [Fact]
    public async Task Segmentation_ids_are_given_out_from_the_lowest_and_never_twice()
    {
        var first = await world.CreateAsync(Networks.Network.Type, "{}");
        var second = await world.CreateAsync(Networks.Network.Type, "{}");
        Assert.Equal(1u, first.Value.VxlanId);
        Assert.Equal(2u, second.Value.VxlanId);
    }

    [Fact]
    public async Task Defect_1_deleting_a_network_gives_its_segmentation_id_back()
    {
        var first = await world.NetworkAsync();
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, first)).Error);
        Assert.Equal(1u, (await world.CreateAsync(Networks.Network.Type, "{}")).Value.VxlanId);
        Assert.Null(await world.FindAsync(Networks.Network.Type, first));
    }

    [Fact]
    public async Task Defect_2_only_configured_ranges_are_given_out_and_their_ends_are_what_they_say()
    {
        var small = new World(new NetworkSettings { VxlanRanges = [new NumberRange(10, 10), new NumberRange(20, 21)] });
        foreach (var expected in new[] { 10u, 20u, 21u })
            Assert.Equal(expected, (await small.CreateAsync(Networks.Network.Type, "{}")).Value.VxlanId);
        var none = await small.TryCreateAsync(Networks.Network.Type, "{}");
        Assert.Equal("NoNetworkAvailable", none.Error?.Type);
        Assert.Equal(503, none.Error?.Status);
    }

    [Fact]
    public async Task Defect_3_a_requested_segmentation_id_is_given_and_a_taken_one_is_refused()
    {
        const string request = """{"provider:network_type": "vxlan", "provider:segmentation_id": "777"}""";
        Assert.Equal(777u, (await world.CreateAsync(Networks.Network.Type, request)).Value.VxlanId);
        var again = await world.TryCreateAsync(Networks.Network.Type, request);
        Assert.Equal(("TunnelIdInUse", 409), (again.Error?.Type, again.Error?.Status));
    }

    [Fact]
    public async Task A_bulk_creation_that_fails_in_one_item_creates_none()
    {
        var result = await world.TryCreateAsync(
            Networks.Network.Type,
            "{}",
            """{"provider:network_type": "vxlan", "provider:segmentation_id": 5}""",
            """{"provider:network_type": "vxlan", "provider:segmentation_id": 5}""");
        Assert.Equal("TunnelIdInUse", result.Error?.Type);
        var pool = await world.Store.SnapshotAsync(Segment.Pool, TestContext.Current.CancellationToken);
        Assert.Equal(0, pool.Revision);
    }

    [Theory]
    [InlineData("{}", 1450)]
    [InlineData("""{"mtu": "1400"}""", 1400)]
    [InlineData("""{"mtu": null}""", 1450)]
    public async Task The_mtu_is_what_fits_into_the_underlay_or_what_is_asked_for(string json, int expected) =>
        Assert.Equal(expected, (await world.CreateAsync(Networks.Network.Type, json)).Value.Mtu);

    [Fact]
    public async Task An_mtu_that_does_not_fit_into_the_underlay_is_refused()
    {
        var result = await world.TryCreateAsync(Networks.Network.Type, """{"mtu": 1451}""");
        Assert.Equal(400, result.Error?.Status);
        Assert.Contains("Requested MTU is too big, maximum is 1450", result.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"provider:segmentation_id": 5}""", "network_type required")]
    [InlineData(
        """{"provider:network_type": "vxlan", "provider:physical_network": "p"}""", "provider:physical_network")]
    public async Task Provider_attributes_that_do_not_fit_together_are_refused(string json, string field)
    {
        var result = await world.TryCreateAsync(Networks.Network.Type, json);
        Assert.Equal(400, result.Error?.Status);
        Assert.Contains(field, result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_with_ports_is_in_use_and_the_error_names_them()
    {
        var network = await world.NetworkAsync();
        var port = await world.PortAsync(network);
        var result = await world.DeleteAsync(Networks.Network.Type, network);
        Assert.Equal(("NetworkInUse", 409), (result.Error?.Type, result.Error?.Status));
        Assert.Contains(port.Value.Id, result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_without_ports_goes_with_its_subnets()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, network)).Error);
        Assert.Null(await world.FindAsync(Subnet.Type, subnet));
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_nothing_else()
    {
        const string request = """{"name": "a", "description": "d", "mtu": 1300}""";
        var network = await world.CreateAsync(Networks.Network.Type, request);
        var updated = await world.UpdateAsync(Networks.Network.Type, network.Value.Id, """{"name": "b"}""");
        Assert.Equal(("b", "d", 1300), (updated.Value.Name, updated.Value.Description, updated.Value.Mtu));
        Assert.True(updated.Revision > network.Revision);
    }

    [Fact]
    public async Task If_match_lets_only_the_named_revision_change_or_go()
    {
        var network = await world.CreateAsync(Networks.Network.Type, "{}");
        var id = network.Value.Id;
        var update = await world.TryUpdateAsync(Networks.Network.Type, id, """{"name": "x"}""", 99);
        Assert.Equal(412, update.Error?.Status);
        Assert.Equal(412, (await world.DeleteAsync(Networks.Network.Type, id, 99)).Error?.Status);
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, id, network.Revision)).Error);
    }

    [Fact]
    public async Task A_port_that_comes_after_its_network_was_deleted_is_not_found()
    {
        var network = await world.NetworkAsync();
        await world.DeleteAsync(Networks.Network.Type, network);
        var result = await world.TryCreateAsync(Port.Type, World.PortJson(network));
        Assert.Equal(("NetworkNotFound", 404), (result.Error?.Type, result.Error?.Status));
    }
}
