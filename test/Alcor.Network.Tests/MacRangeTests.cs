using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.MacRanges;
using Alcor.Network.Ports;

namespace Alcor.Network.Tests;

public sealed class MacRangeTests
{
    private readonly World world = new(new NetworkSettings
    {
        MacPrefixes = [MacPrefix.Parse("fa:16:3e")],
        ReservedMacPrefixes = [new MacPrefix(MacAddress.Parse("02:00:00:00:00:00"), 1)],
    });

    [Fact]
    public async Task Ports_get_addresses_of_active_ranges_alone_and_of_the_settings_while_there_is_none()
    {
        var network = await world.NetworkAsync();
        Assert.StartsWith("fa:16:3e:", await MacOfPortAsync(network), StringComparison.Ordinal);
        var second = await RangeAsync("06:00:00:00:00:00", "06:00:00:00:00:00");
        var first = await RangeAsync("02:aa:00:00:00:00", "02:aa:00:00:00:01");
        var given = new[] { await MacOfPortAsync(network), await MacOfPortAsync(network) };
        Assert.Equal(["02:aa:00:00:00:00", "02:aa:00:00:00:01"], given.Order(StringComparer.Ordinal));
        Assert.Equal("06:00:00:00:00:00", await MacOfPortAsync(network));
        var none = await world.TryCreateAsync(Port.Type, World.PortJson(network));
        Assert.Equal(("MacAddressGenerationFailure", 503), (none.Error?.Type, none.Error?.Status));
        // Another network has all of them yet.
        Assert.StartsWith("02:aa:", await MacOfPortAsync(await world.NetworkAsync()), StringComparison.Ordinal);
        await world.UpdateAsync(MacRange.Type, first, """{"state": "inactive"}""");
        await world.UpdateAsync(MacRange.Type, second, """{"state": "inactive"}""");
        Assert.StartsWith("fa:16:3e:", await MacOfPortAsync(network), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defect_30_the_last_address_is_given_out_and_reserved_ones_are_not()
    {
        await RangeAsync("02:00:00:00:00:00", "02:00:00:00:00:03");
        var network = await world.NetworkAsync();
        var given = new[] { await MacOfPortAsync(network), await MacOfPortAsync(network) };
        Assert.Equal(["02:00:00:00:00:02", "02:00:00:00:00:03"], given.Order(StringComparer.Ordinal));
        Assert.False((await world.TryCreateAsync(Port.Type, World.PortJson(network))).IsOk);
    }

    [Fact]
    public async Task Defect_30_a_bulk_that_fails_leaks_no_addresses()
    {
        await RangeAsync("02:00:00:00:00:10", "02:00:00:00:00:11");
        var json = World.PortJson(await world.NetworkAsync());
        var failed = (await world.TryCreateAsync(Port.Type, json, json, json)).Error;
        Assert.Equal(("MacAddressGenerationFailure", "Item 2 of 'ports'."), (failed?.Type, failed?.Detail));
        Assert.Null((await world.TryCreateAsync(Port.Type, json, json)).Error);
    }

    [Fact]
    public async Task The_ports_of_routers_and_floating_ips_get_addresses_of_the_range_too()
    {
        var range = await RangeAsync("02:00:00:00:00:10", "02:00:00:00:00:1f");
        var external = await world.ExternalAsync("203.0.113.0/24");
        await world.RouterToAsync(external, "10.0.0.0/24");
        await world.FloatingIpAsync(external);
        var ports = await world.Store.ListAsync(ListQuery.All("port"), TestContext.Current.CancellationToken);
        Assert.Equal(
            Enumerable.Repeat(range, 3), ports.Select(port => Port.Type.Decode(port.Value).MacRangeId));
    }

    [Fact]
    public async Task Defect_30_ranges_do_not_overlap()
    {
        var id = await RangeAsync("02:00:00:00:00:10", "02:00:00:00:00:1f");
        foreach (var (first, last) in new[]
        {
            ("02:00:00:00:00:1f", "02:00:00:00:00:2f"), ("02:00:00:00:00:00", "02:00:00:00:00:10"),
            ("02:00:00:00:00:00", "02:00:00:00:ff:ff"), ("02:00:00:00:00:12", "02:00:00:00:00:13"),
        })
        {
            var refused = (await world.TryCreateAsync(MacRange.Type, Json(first, last))).Error;
            Assert.Equal((409, "MacRangeOverlaps"), (refused?.Status, refused?.Type));
            Assert.Contains(id, refused!.Message, StringComparison.Ordinal);
        }
        var next = await RangeAsync("02:00:00:00:00:20", "02:00:00:00:00:2f");
        Assert.Equal(
            "MacRangeOverlaps",
            (await world.TryUpdateAsync(MacRange.Type, next, """{"first": "02:00:00:00:00:1f"}""")).Error?.Type);
    }

    [Fact]
    public async Task A_bulk_of_ranges_is_created_whole_or_not_at_all()
    {
        var refused = (await world.TryCreateAsync(
            MacRange.Type,
            Json("02:00:00:00:00:00", "02:00:00:00:00:0f"),
            Json("02:00:00:00:00:0f", "02:00:00:00:00:1f"))).Error;
        Assert.Equal(("MacRangeOverlaps", "Item 1 of 'mac_ranges'."), (refused?.Type, refused?.Detail));
        Assert.Empty(await world.Store.ListAsync(ListQuery.All("mac_range"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("02:00:00:00:00:02", "02:00:00:00:00:01", "is below first")]
    [InlineData("02:ff:00:00:00:00", "04:00:00:00:00:01", "does not begin with the octet")]
    public async Task A_range_of_what_no_port_can_have_is_refused(string first, string last, string reason)
    {
        var refused = (await world.TryCreateAsync(MacRange.Type, Json(first, last))).Error;
        Assert.Equal((400, "HTTPBadRequest"), (refused?.Status, refused?.Type));
        Assert.Contains("Invalid input for last.", refused!.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_that_ports_have_addresses_of_grows_but_neither_shrinks_nor_ends()
    {
        var range = await RangeAsync("02:00:00:00:00:10", "02:00:00:00:00:1f");
        var port = await world.PortAsync(await world.NetworkAsync());
        foreach (var change in new[] { """{"last": "02:00:00:00:00:1e"}""", """{"first": "02:00:00:00:00:11"}""" })
            Assert.Equal("MacRangeInUse", (await world.TryUpdateAsync(MacRange.Type, range, change)).Error?.Type);
        Assert.Equal("MacRangeInUse", (await world.DeleteAsync(MacRange.Type, range)).Error?.Type);
        await world.UpdateAsync(MacRange.Type, range, """{"last": "02:00:00:00:00:2f", "state": "inactive"}""");
        await world.DeleteAsync(Port.Type, port.Value.Id);
        await world.UpdateAsync(MacRange.Type, range, """{"last": "02:00:00:00:00:1e"}""");
        Assert.Null((await world.DeleteAsync(MacRange.Type, range)).Error);
    }

    [Fact]
    public async Task An_address_that_was_asked_for_is_of_the_range_around_it_until_the_port_has_another()
    {
        var range = await RangeAsync("02:00:00:00:00:10", "02:00:00:00:00:1f");
        await world.UpdateAsync(MacRange.Type, range, """{"state": "inactive"}""");
        var port = await world.PortAsync(await world.NetworkAsync(), "\"mac_address\": \"02:00:00:00:00:17\"");
        Assert.Equal(range, port.Value.MacRangeId);
        Assert.Equal("MacRangeInUse", (await world.DeleteAsync(MacRange.Type, range)).Error?.Type);
        var moved = await world.UpdateAsync(Port.Type, port.Value.Id, """{"mac_address": "06:00:00:00:00:01"}""");
        Assert.Null(moved.Value.MacRangeId);
        Assert.Null((await world.DeleteAsync(MacRange.Type, range)).Error);
    }

    [Fact]
    public async Task A_port_does_not_get_an_address_that_its_range_loses_at_the_same_time()
    {
        var range = await RangeAsync("02:00:00:00:00:10", "02:00:00:00:00:1f");
        var port = await world.DecideAsync(Port.Type, World.PortJson(await world.NetworkAsync()));
        await world.UpdateAsync(MacRange.Type, range, """{"last": "02:00:00:00:00:10"}""");
        Assert.IsType<Refusal.RevisionDiffers>(await world.CommitAsync(port));
    }

    [Fact]
    public async Task A_range_does_not_lose_an_address_that_a_port_gets_at_the_same_time()
    {
        var range = await RangeAsync("02:00:00:00:00:10", "02:00:00:00:00:1f");
        var found = await world.FindAsync(MacRange.Type, range);
        var shrinking = await world.DecideAsync(new MacRangeCommands().Update(
            new Stamped<object>(found!.Value.Value, found.Value.Revision),
            new ChangeRequest(
                Caller.System,
                Body.Empty.With(MacRangeAttributes.Last, MacAddress.Parse("02:00:00:00:00:10")),
                IfRevision: null,
                NewId: "",
                Entropy: 0)));
        await world.PortAsync(await world.NetworkAsync());
        Assert.IsType<Refusal.Referenced>(await world.CommitAsync(shrinking));
    }

    [Fact]
    public async Task Pools_count_what_ports_have_without_what_is_reserved()
    {
        await RangeAsync("02:00:00:00:00:00", "02:00:00:00:00:0f");
        var ranges = await NetworkCatalog.Types.LoadAsync(world.Store, MacRange.Pool);
        MacAddress[] taken =
        [
            MacAddress.Parse("02:00:00:00:00:01"), MacAddress.Parse("02:00:00:00:00:02"),
            MacAddress.Parse("02:00:00:00:00:0f"), MacAddress.Parse("02:00:00:00:00:10"),
            MacAddress.Parse("fa:16:3e:00:00:00"), MacAddress.Parse("fa:16:3e:ff:ff:ff"),
        ];
        var pools = MacPool.All(ranges, world.Settings).Select(pool => pool.Count(taken, world.Settings)).ToList();
        Assert.Equal([14, 1 << 24], pools.Select(pool => pool.Size));
        Assert.Equal([2, 2], pools.Select(pool => pool.Allocated));
        Assert.Equal([12, (1 << 24) - 2], pools.Select(pool => pool.Free));
        Assert.Equal([MacRangeState.Active, MacRangeState.Inactive], pools.Select(pool => pool.State));
        Assert.Equal([false, true], pools.Select(pool => pool.IsDefault));
    }

    private async Task<string> MacOfPortAsync(string network) =>
        (await world.PortAsync(network)).Value.MacAddress.ToString();

    private async Task<string> RangeAsync(string first, string last) =>
        (await world.CreateAsync(MacRange.Type, Json(first, last))).Value.Id;

    private static string Json(string first, string last) => $$"""{"first": "{{first}}", "last": "{{last}}"}""";
}
