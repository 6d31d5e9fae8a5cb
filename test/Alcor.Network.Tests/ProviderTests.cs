using Alcor.Network.Segments;

namespace Alcor.Network.Tests;

public sealed class ProviderTests
{
    private static readonly NetworkSettings Settings = new()
    {
        VlanRanges = [new VlanRange("physnet1", new NumberRange(100, 101)), new VlanRange("physnet2", null)],
        FlatNetworks = ["physnet1", "physnet3"],
        GreRanges = [new NumberRange(7, 8)],
        GeneveRanges = [new NumberRange(50, 60)],
    };

    private readonly World world = new(Settings);

    public static TheoryData<string, string, string?, uint?, int> Accepted => new()
    {
        { "{}", "vxlan", null, 1, 1450 },
        { Provider("vxlan"), "vxlan", null, 1, 1450 },
        { Provider("vxlan", id: 9), "vxlan", null, 9, 1450 },
        { Provider("gre"), "gre", null, 7, 1458 },
        { Provider("gre", id: 16_777_216), "gre", null, 16_777_216, 1458 },
        { Provider("geneve"), "geneve", null, 50, 1450 },
        { Provider("vlan"), "vlan", "physnet1", 100, 1500 },
        { Provider("vlan", "physnet1"), "vlan", "physnet1", 100, 1500 },
        { Provider("vlan", "physnet2", 4094), "vlan", "physnet2", 4094, 1500 },
        { Provider("flat", "physnet3"), "flat", "physnet3", null, 1500 },
        { Provider("local"), "local", null, null, 1500 },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { """{"provider:segmentation_id": 5}""", "network_type required" },
        { """{"provider:physical_network": "physnet1"}""", "network_type required" },
        { Provider("token-ring"), "network_type value 'token-ring' not supported" },
        { Provider("vxlan", "physnet1"), "provider:physical_network specified for vxlan network" },
        { Provider("vxlan", id: 16_777_215), "segmentation_id out of range (1 through 16777214)" },
        { Provider("vlan", "nope"), "physical_network 'nope' unknown for VLAN provider network" },
        { Provider("vlan", id: 5), "segmentation_id requires physical_network for VLAN provider network" },
        { Provider("vlan", "physnet1", 4095), "segmentation_id out of range (1 through 4094)" },
        { Provider("flat"), "physical_network required for flat provider network" },
        { Provider("flat", "physnet2"), "physical_network 'physnet2' unknown for flat provider network" },
        { Provider("flat", "physnet1", 5), "segmentation_id prohibited for flat provider network" },
        { Provider("local", "physnet1"), "physical_network prohibited for local provider network" },
        { Provider("local", id: 5), "segmentation_id prohibited for local provider network" },
        { """{"segments": [{"provider:physical_network": "physnet1"}]}""", "network_type required" },
    };

    public static TheoryData<string, string> Doubles => new()
    {
        { Provider("vxlan", id: 5), "TunnelIdInUse" },
        { Provider("gre", id: 5), "TunnelIdInUse" },
        { Provider("vlan", "physnet1", 300), "VlanIdInUse" },
        { Provider("flat", "physnet1"), "FlatNetworkInUse" },
    };

    [Theory]
    [InlineData("vxlan", null, true)]
    [InlineData("geneve", null, true)]
    [InlineData("vlan", "physnet1", true)]
    [InlineData("gre", null, false)]
    [InlineData("flat", "physnet1", false)]
    public async Task Tagged_frames_are_for_networks_that_carry_them(string type, string? physical, bool isCarried)
    {
        var json = Provider(type, physical).TrimEnd('}') + ", \"vlan_transparent\": true}";
        var created = await world.TryCreateAsync(Networks.Network.Type, json);
        Assert.Equal(isCarried ? null : "VlanTransparencyDriverError", created.Error?.Type);
        var plain = await world.CreateAsync(Networks.Network.Type, Provider(type, physical));
        Assert.Null(plain.Value.VlanTransparent);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task A_network_is_what_is_asked_for(
        string json, string type, string? physicalNetwork, uint? segmentationId, int mtu)
    {
        var network = (await world.CreateAsync(Networks.Network.Type, json)).Value;
        var segment = Assert.Single(network.Segments);
        Assert.Equal((type, physicalNetwork, segmentationId),
            (segment.NetworkType, segment.PhysicalNetwork, segment.SegmentationId));
        Assert.Equal(mtu, network.Mtu);
        var shown = (await world.FindAsync(Segment.Type, segment.Id))!.Value.Value;
        Assert.Equal(segment, shown.InNetwork());
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, network.Id)).Error);
        Assert.Null(await world.FindAsync(Segment.Type, segment.Id));
        await world.CreateAsync(Networks.Network.Type, json);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_a_network_type_does_not_have_is_refused(string json, string message)
    {
        var error = (await world.TryCreateAsync(Networks.Network.Type, json)).Error;
        Assert.Equal((400, "InvalidInput", $"Invalid input for operation: {message}."),
            (error!.Status, error.Type, error.Message));
    }

    [Theory]
    [MemberData(nameof(Doubles))]
    public async Task No_two_networks_have_the_same_id(string json, string error)
    {
        await world.CreateAsync(Networks.Network.Type, json);
        var refused = (await world.TryCreateAsync(Networks.Network.Type, json)).Error;
        Assert.Equal((409, error), (refused!.Status, refused.Type));
        Assert.Equal(error, (await world.TryCreateAsync(Networks.Network.Type, "{}", json)).Error?.Type);
    }

    [Fact]
    public async Task The_same_number_is_another_one_on_another_physical_network_or_of_another_type()
    {
        await world.CreateAsync(Networks.Network.Type, Provider("vlan", "physnet1", 9));
        await world.CreateAsync(Networks.Network.Type, Provider("vlan", "physnet2", 9));
        await world.CreateAsync(Networks.Network.Type, Provider("gre", id: 9));
    }

    [Fact]
    public async Task The_first_tenant_network_type_with_an_id_left_is_taken()
    {
        var small = new World(Settings with { TenantNetworkTypes = ["vlan", "gre"] });
        var numbers = new List<uint?>();
        for (var i = 0; i < 4; i++)
            numbers.Add((await small.CreateAsync(Networks.Network.Type, "{}")).Value.OnlySegment!.SegmentationId);
        Assert.Equal([100, 101, 7, 8], numbers);
        var none = await small.TryCreateAsync(Networks.Network.Type, "{}");
        Assert.Equal((503, "NoNetworkAvailable"), (none.Error!.Status, none.Error.Type));
    }

    [Fact]
    public async Task A_network_may_have_several_segments()
    {
        const string segments = """
            {"segments": [{"provider:network_type": "vlan", "provider:physical_network": "physnet1"},
            {"provider:network_type": "vlan", "provider:physical_network": "physnet1"},
            {"provider:network_type": "vxlan", "provider:segmentation_id": "77"}]}
            """;
        var network = (await world.CreateAsync(Networks.Network.Type, segments)).Value;
        Assert.Equal([100, 101, 77], network.Segments.Select(segment => segment.SegmentationId));
        Assert.Equal(1450, network.Mtu);
        Assert.Null(network.OnlySegment);
        Assert.Equal(77u, network.VxlanId);
    }

    [Theory]
    [InlineData(
        """{"provider:network_type": "vxlan", "segments": [{"provider:network_type": "vxlan"}]}""",
        "SegmentsSetInConjunctionWithProviders")]
    [InlineData(
        """
        {"segments": [{"provider:network_type": "vxlan", "provider:segmentation_id": 7},
        {"provider:network_type": "vxlan", "provider:segmentation_id": 7}]}
        """,
        "SegmentsContainDuplicateEntry")]
    public async Task Segments_that_contradict_are_refused(string json, string type)
    {
        var error = (await world.TryCreateAsync(Networks.Network.Type, json)).Error;
        Assert.Equal((400, type), (error!.Status, error.Type));
    }

    [Fact]
    public async Task A_vlan_network_moves_to_another_id_and_gives_its_own_back()
    {
        var id = (await world.CreateAsync(Networks.Network.Type, Provider("vlan", "physnet1", 9))).Value.Id;
        await world.CreateAsync(Networks.Network.Type, Provider("vlan", "physnet1", 10));
        var taken = await world.TryUpdateAsync(Networks.Network.Type, id, """{"provider:segmentation_id": 10}""");
        Assert.Equal("VlanIdInUse", taken.Error?.Type);
        var moved = await world.UpdateAsync(Networks.Network.Type, id, """{"provider:segmentation_id": 11}""");
        Assert.Equal(11u, moved.Value.OnlySegment!.SegmentationId);
        var segment = await world.FindAsync(Segment.Type, moved.Value.OnlySegment.Id);
        Assert.Equal(11u, segment!.Value.Value.SegmentationId);
        await world.CreateAsync(Networks.Network.Type, Provider("vlan", "physnet1", 9));
    }

    [Theory]
    [InlineData("""{"provider:segmentation_id": 10}""", "Only VLAN type networks can be updated")]
    [InlineData("""{"provider:network_type": "vlan"}""", "Plugin does not support updating the following provider")]
    public async Task Nothing_else_of_where_a_network_is_can_change(string json, string message)
    {
        var network = await world.NetworkAsync();
        var error = (await world.TryUpdateAsync(Networks.Network.Type, network, json)).Error;
        Assert.Equal((400, "InvalidInput"), (error!.Status, error.Type));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        await world.UpdateAsync(Networks.Network.Type, network, """{"provider:network_type": "vxlan"}""");
    }

    [Fact]
    public async Task Segments_come_and_go()
    {
        var network = await world.NetworkAsync();
        var first = (await world.FindAsync(Networks.Network.Type, network))!.Value.Value.OnlySegment!.Id;
        var segment = (await world.CreateAsync(
            Segment.Type, SegmentJson(network, """, "physical_network": "physnet1", "name": "rack" """))).Value;
        Assert.Equal(("rack", "vlan", "physnet1", 100u),
            (segment.Name, segment.NetworkType, segment.PhysicalNetwork, segment.SegmentationId));
        var renamed = await world.UpdateAsync(Segment.Type, segment.Id, """{"name": null, "description": "d"}""");
        Assert.Equal((null, "d"), (renamed.Value.Name, renamed.Value.Description));
        var both = (await world.FindAsync(Networks.Network.Type, network))!.Value.Value.Segments;
        Assert.Equal([first, segment.Id], both.Select(one => one.Id));
        Assert.Null((await world.DeleteAsync(Segment.Type, segment.Id)).Error);
        Assert.Null((await world.DeleteAsync(Segment.Type, first)).Error);
        Assert.Empty((await world.FindAsync(Networks.Network.Type, network))!.Value.Value.Segments);
        Assert.Equal(1u, (await world.CreateAsync(Networks.Network.Type, "{}")).Value.VxlanId);
    }

    [Fact]
    public async Task A_segment_of_a_network_that_is_not_there_is_refused()
    {
        var error = (await world.TryCreateAsync(Segment.Type, SegmentJson(Guid.Empty.ToString(), ""))).Error;
        Assert.Equal((404, "NetworkNotFound"), (error!.Status, error.Type));
    }

    private static string SegmentJson(string network, string more) =>
        $$"""{"network_id": "{{network}}", "network_type": "vlan"{{more}}}""";

    private static string Provider(string type, string? physicalNetwork = null, long? id = null) =>
        $$"""{"provider:network_type": "{{type}}" """
        + (physicalNetwork is null ? "" : $", \"provider:physical_network\": \"{physicalNetwork}\"")
        + (id is null ? "}" : $", \"provider:segmentation_id\": {id}}}");
}
