using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Network.AddressScopes;
using Alcor.Network.SubnetPools;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

public sealed class SubnetPoolTests
{
    private readonly World world = new();

    [Theory]
    [InlineData("10.11.0.0/16 10.10.0.0/16 10.20.0.5/24", "10.10.0.0/15 10.20.0.0/24", 8, 32)]
    [InlineData("10.0.0.0/8 10.5.0.0/16", "10.0.0.0/8", 8, 32)]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", 8, 32)]
    [InlineData("2001:DB8:1::/48 2001:db8::/48", "2001:db8::/47", 64, 128)]
    public async Task Prefixes_are_put_together_and_lengths_have_defaults(
        string prefixes, string compact, int least, int most)
    {
        var pool = (await world.CreateAsync(SubnetPool.Type, PoolJson(prefixes))).Value;
        Assert.Equal(compact, string.Join(' ', pool.Prefixes));
        Assert.Equal((least, least, most), (pool.MinPrefixLength, pool.DefaultPrefixLength, pool.MaxPrefixLength));
    }

    [Theory]
    [InlineData("10.0.0.0/8 fd00::/8", "", "PrefixVersionMismatch")]
    [InlineData("10.0.0.0/8", "\"min_prefixlen\": 33", "IllegalSubnetPoolPrefixBounds")]
    [InlineData("10.0.0.0/8", "\"max_prefixlen\": 33", "IllegalSubnetPoolPrefixBounds")]
    [InlineData("10.0.0.0/8", "\"default_prefixlen\": 33", "IllegalSubnetPoolPrefixBounds")]
    [InlineData("10.0.0.0/8", "\"default_prefixlen\": 4", "IllegalSubnetPoolPrefixBounds")]
    [InlineData(
        "10.0.0.0/8", "\"address_scope_id\": \"00000000-0000-0000-0000-000000000000\"", "AddressScopeNotFound")]
    public async Task Pools_that_break_a_rule_are_refused(string prefixes, string more, string type) =>
        Assert.Equal(type, (await world.TryCreateAsync(SubnetPool.Type, PoolJson(prefixes, more))).Error?.Type);

    [Fact]
    public async Task There_is_one_default_pool_for_each_version()
    {
        const string isDefault = "\"is_default\": true";
        var first = await PoolAsync("10.0.0.0/8", isDefault);
        await PoolAsync("fd00::/48", isDefault);
        var second = await world.TryCreateAsync(SubnetPool.Type, PoolJson("10.0.0.0/8", isDefault));
        Assert.Equal("InvalidInput", second.Error?.Type);
        await world.UpdateAsync(SubnetPool.Type, first, """{"is_default": false}""");
        await PoolAsync("10.0.0.0/8", isDefault);
        var again = await world.TryUpdateAsync(SubnetPool.Type, first, """{"is_default": true}""");
        Assert.Equal("InvalidInput", again.Error?.Type);
    }

    [Theory]
    [InlineData("", "10.0.0.0/26", "10.0.0.1")]
    [InlineData("\"prefixlen\": 28", "10.0.0.0/28", "10.0.0.1")]
    [InlineData("\"cidr\": \"10.0.3.9/25\"", "10.0.3.0/25", "10.0.3.1")]
    [InlineData("\"gateway_ip\": \"10.0.2.70\"", "10.0.2.64/26", "10.0.2.70")]
    [InlineData("\"gateway_ip\": null", "10.0.0.0/26", "10.0.0.1")]
    public async Task A_subnet_takes_its_block_from_the_pool(string more, string cidr, string gateway)
    {
        var pool = await PoolAsync("10.0.0.0/22", "\"default_prefixlen\": 26");
        var subnet = await TakeAsync(await world.NetworkAsync(), pool, more);
        Assert.Equal(IPNetwork.Parse(cidr), subnet.Cidr);
        Assert.Equal(IPAddress.Parse(gateway), subnet.GatewayIp);
        Assert.Equal(pool, subnet.SubnetPoolId);
    }

    [Theory]
    [InlineData("\"prefixlen\": 31", "MaxPrefixSubnetAllocationError")]
    [InlineData("\"prefixlen\": 20", "MinPrefixSubnetAllocationError")]
    [InlineData("\"prefixlen\": 26, \"cidr\": \"10.0.0.0/26\"", "BadRequest")]
    [InlineData("\"cidr\": \"10.1.0.0/26\"", "SubnetAllocationError")]
    [InlineData("\"use_default_subnetpool\": true", "BadRequest")]
    [InlineData("\"allocation_pools\": [{\"start\": \"10.0.0.3\", \"end\": \"10.0.0.4\"}]", "BadRequest")]
    public async Task What_a_pool_cannot_give_is_refused(string more, string type)
    {
        const string lengths = "\"default_prefixlen\": 26, \"min_prefixlen\": 22, \"max_prefixlen\": 30";
        var pool = await PoolAsync("10.0.0.0/22", lengths);
        var result = await TryTakeAsync(await world.NetworkAsync(), pool, more);
        Assert.Equal(type, result.Error?.Type);
    }

    [Theory]
    [InlineData("\"ip_version\": 4", "No default subnetpool found for IPv4")]
    [InlineData("\"ip_version\": 6, \"use_default_subnetpool\": false", "a subnetpool must be specified")]
    public async Task Without_a_block_there_must_be_a_pool(string more, string message)
    {
        var network = await world.NetworkAsync();
        var json = World.PortJson(network, more.Contains("use_", StringComparison.Ordinal)
            ? more : more + ", \"use_default_subnetpool\": true");
        var result = await world.TryCreateAsync(Subnet.Type, json);
        Assert.Equal("BadRequest", result.Error?.Type);
        Assert.Contains(message, result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_pool_is_used_where_that_is_asked_for()
    {
        var pool = await PoolAsync("fd00:1::/48", "\"is_default\": true");
        var json = World.PortJson(await world.NetworkAsync(), "\"ip_version\": 6, \"use_default_subnetpool\": true");
        var subnet = (await world.CreateAsync(Subnet.Type, json)).Value;
        Assert.Equal((pool, "fd00:1::/64", "fd00:1::1"), (
            subnet.SubnetPoolId, subnet.Cidr.ToString(), subnet.GatewayIp?.ToString()));
    }

    [Fact]
    public async Task A_quota_counts_addresses_and_a_deletion_gives_back()
    {
        var pool = await PoolAsync("10.0.0.0/24", "\"default_quota\": 32, \"default_prefixlen\": 28");
        var first = await TakeAsync(await world.NetworkAsync(), pool);
        await TakeAsync(await world.NetworkAsync(), pool);
        var third = await TryTakeAsync(await world.NetworkAsync(), pool);
        Assert.Equal(("SubnetPoolQuotaExceeded", 409), (third.Error?.Type, third.Error?.Status));
        Assert.Null((await world.DeleteAsync(Subnet.Type, first.Id)).Error);
        Assert.Equal(first.Cidr, (await TakeAsync(await world.NetworkAsync(), pool)).Cidr);
    }

    [Fact]
    public async Task The_end_of_a_network_gives_back_too_and_an_empty_pool_can_be_deleted()
    {
        var pool = await PoolAsync("10.0.0.0/24", "\"default_prefixlen\": 24");
        var network = await world.NetworkAsync();
        await TakeAsync(network, pool);
        Assert.Equal("SubnetPoolDeleteError", (await world.DeleteAsync(SubnetPool.Type, pool)).Error?.Type);
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, network)).Error);
        Assert.Null((await world.DeleteAsync(SubnetPool.Type, pool)).Error);
        Assert.Null(await world.FindAsync(SubnetPoolBlocks.Type, pool));
    }

    [Fact]
    public async Task Subnets_of_a_network_come_from_one_pool()
    {
        var one = await PoolAsync("10.0.0.0/16", "\"default_prefixlen\": 24");
        var two = await PoolAsync("10.1.0.0/16", "\"default_prefixlen\": 24");
        var network = await world.NetworkAsync();
        await TakeAsync(network, one);
        var other = await TryTakeAsync(network, two);
        Assert.Equal("NetworkSubnetPoolAffinityError", other.Error?.Type);
        var none = await world.TryCreateAsync(Subnet.Type, World.SubnetJson(network, "10.2.0.0/24"));
        Assert.Equal("NetworkSubnetPoolAffinityError", none.Error?.Type);
        await world.SubnetAsync(network, "fd00::/64");
        await TakeAsync(network, one);
    }

    [Fact]
    public async Task Prefixes_are_added_and_taken_away_where_no_subnet_is()
    {
        var pool = await PoolAsync("10.0.0.0/16", "\"default_prefixlen\": 24");
        await TakeAsync(await world.NetworkAsync(), pool);
        var fewer = await world.TryUpdateAsync(SubnetPool.Type, pool, """{"prefixes": ["10.0.0.0/17"]}""");
        Assert.Equal("IllegalSubnetPoolPrefixUpdate", fewer.Error?.Type);
        Assert.Equal("10.0.0.0/15", await ActAsync(pool, "add_prefixes", """{"prefixes": ["10.1.0.0/16"]}"""));
        Assert.Equal("10.0.0.0/16", await ActAsync(pool, "remove_prefixes", """{"prefixes": ["10.1.0.0/16"]}"""));
        Assert.Equal(
            "IllegalSubnetPoolPrefixUpdate",
            await ActAsync(pool, "remove_prefixes", """{"prefixes": ["10.0.0.0/25"]}"""));
    }

    [Fact]
    public async Task A_network_s_subnets_come_into_a_pool_with_their_blocks()
    {
        var pool = await PoolAsync("10.0.0.0/24", "\"default_prefixlen\": 24");
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.1.0/24");
        var body = $$"""{"network_id": "{{network}}"}""";
        Assert.Equal("", await ActAsync(pool, "onboard_network_subnets", body));
        Assert.Equal(pool, (await world.FindAsync(Subnet.Type, subnet))!.Value.Value.SubnetPoolId);
        Assert.Equal(
            ["10.0.0.0/23"],
            (await world.FindAsync(SubnetPool.Type, pool))!.Value.Value.Prefixes.Select(prefix => prefix.ToString()));
        Assert.Equal("IllegalSubnetPoolUpdate", await ActAsync(pool, "onboard_network_subnets", body));
        Assert.Null((await world.DeleteAsync(Subnet.Type, subnet)).Error);
        Assert.Empty((await world.FindAsync(SubnetPoolBlocks.Type, pool))!.Value.Value.Blocks);
    }

    [Fact]
    public async Task Many_at_once_on_different_networks_take_different_blocks_until_there_are_none()
    {
        var pool = await PoolAsync("10.0.0.0/24", "\"default_prefixlen\": 28");
        var networks = new List<string>();
        for (var i = 0; i < 20; i++)
            networks.Add(await world.NetworkAsync());
        var results = await Task.WhenAll(networks.Select(network => TryTakeAsync(network, pool)));
        var blocks = results.Where(result => result.IsOk)
            .Select(result => ((Subnet)result.Value.Answer.Single().Value).Cidr).ToList();
        Assert.Equal(16, blocks.Distinct().Count());
        Assert.Equal(16, blocks.Count);
        Assert.All(results.Where(result => !result.IsOk), r => Assert.Equal("SubnetAllocationError", r.Error?.Type));
    }

    [Fact]
    public async Task Blocks_never_overlap_are_used_up_exactly_and_come_back()
    {
        var random = Seed.For(nameof(Blocks_never_overlap_are_used_up_exactly_and_come_back));
        var pool = await PoolAsync("10.0.0.0/25 10.0.2.0/26", "\"max_prefixlen\": 30");
        var network = await world.NetworkAsync();
        var held = new List<Subnet>();
        for (var step = 0; step < 150; step++)
        {
            if (held.Count > 0 && random.Next(3) == 0)
            {
                var ended = held[random.Next(held.Count)];
                held.Remove(ended);
                Assert.Null((await world.DeleteAsync(Subnet.Type, ended.Id)).Error);
                continue;
            }
            var length = random.Next(26, 31);
            var result = await TryTakeAsync(network, pool, $"\"prefixlen\": {length}");
            var hasRoom = FreeOf(held).Blocks.Any(block => block.PrefixLength <= length);
            Assert.Equal(hasRoom, result.IsOk);
            if (!result.IsOk)
                continue;
            var subnet = (Subnet)result.Value.Answer.Single().Value;
            Assert.DoesNotContain(held, other => other.Cidr.Overlaps(subnet.Cidr));
            held.Add(subnet);
        }
        var taken = (await world.FindAsync(SubnetPoolBlocks.Type, pool))!.Value.Value;
        Assert.Equal(held.Select(s => s.Id).Order(), taken.Blocks.Select(block => block.SubnetId).Order());
    }

    [Fact]
    public async Task Pools_of_a_scope_do_not_overlap_and_networks_show_the_scope()
    {
        var scope = (await world.CreateAsync(AddressScope.Type, """{"ip_version": 4}""")).Value.Id;
        var inScope = $"\"default_prefixlen\": 24, \"address_scope_id\": \"{scope}\"";
        var pool = await PoolAsync("10.0.0.0/16", inScope);
        var inside = await world.TryCreateAsync(SubnetPool.Type, PoolJson("10.0.8.0/24", inScope));
        Assert.Equal("AddressScopePrefixConflict", inside.Error?.Type);
        var six = await world.TryCreateAsync(
            SubnetPool.Type, PoolJson("fd00::/48", $"\"address_scope_id\": \"{scope}\""));
        Assert.Equal("IllegalSubnetPoolIpVersionAssociationToAddressScope", six.Error?.Type);
        Assert.Equal("AddressScopeInUse", (await world.DeleteAsync(AddressScope.Type, scope)).Error?.Type);

        var network = await world.NetworkAsync();
        var subnet = await TakeAsync(network, pool);
        Assert.Equal(scope, await ScopeOfAsync(network));
        await world.UpdateAsync(SubnetPool.Type, pool, """{"address_scope_id": null}""");
        Assert.Null(await ScopeOfAsync(network));
        await world.UpdateAsync(SubnetPool.Type, pool, $$"""{"address_scope_id": "{{scope}}"}""");
        Assert.Equal(scope, await ScopeOfAsync(network));
        var other = await PoolAsync("10.1.0.0/16", "\"default_prefixlen\": 24");
        Assert.Equal("NetworkAddressScopeAffinityError", (await TryTakeAsync(network, other)).Error?.Type);
        Assert.Null((await world.DeleteAsync(Subnet.Type, subnet.Id)).Error);
        Assert.Null(await ScopeOfAsync(network));
        Assert.Null((await world.DeleteAsync(SubnetPool.Type, pool)).Error);
        Assert.Null((await world.DeleteAsync(AddressScope.Type, scope)).Error);
    }

    [Fact]
    public async Task A_shared_scope_stays_shared()
    {
        var scope = (await world.CreateAsync(AddressScope.Type, """{"ip_version": 6}""")).Value.Id;
        var shared = await world.UpdateAsync(AddressScope.Type, scope, """{"shared": true, "name": "s"}""");
        Assert.Equal("s", shared.Value.Name);
        var result = await world.TryUpdateAsync(AddressScope.Type, scope, """{"shared": false}""");
        Assert.Equal("AddressScopeUpdateError", result.Error?.Type);
    }

    private static BlockSet FreeOf(IEnumerable<Subnet> held) =>
        BlockSet.Of([IPNetwork.Parse("10.0.0.0/25"), IPNetwork.Parse("10.0.2.0/26")])
            .Except(BlockSet.Of(held.Select(subnet => subnet.Cidr)));

    private static string PoolJson(string prefixes, string more = "") =>
        $$"""{"name": "pool", "prefixes": ["{{prefixes.Replace(" ", "\", \"")}}"]"""
        + (more.Length > 0 ? $", {more}}}" : "}");

    private async Task<string> PoolAsync(string prefixes, string more = "") =>
        (await world.CreateAsync(SubnetPool.Type, PoolJson(prefixes, more))).Value.Id;

    private Task<Kernel.Resources.Result<Kernel.Lanes.Outcome>> TryTakeAsync(
        string network, string pool, string more = "") => world.TryCreateAsync(
            Subnet.Type,
            World.PortJson(
                network, $"\"ip_version\": 4, \"subnetpool_id\": \"{pool}\"" + (more.Length > 0 ? ", " + more : "")));

    private async Task<Subnet> TakeAsync(string network, string pool, string more = "")
    {
        var result = await TryTakeAsync(network, pool, more);
        Assert.Null(result.Error);
        return (Subnet)result.Value.Answer.Single().Value;
    }

    private async Task<string?> ScopeOfAsync(string network) =>
        (await world.FindAsync(Networks.Network.Type, network))!.Value.Value.Ipv4AddressScopeId;

    /// <summary>The error's type, or else the pool's prefixes where the pool is the answer.</summary>
    private async Task<string> ActAsync(string pool, string action, string json)
    {
        var result = await world.TryActAsync(SubnetPool.Type, pool, action, json);
        return result.Error?.Type
            ?? (result.Value.Answer[0].Value is SubnetPool changed ? string.Join(' ', changed.Prefixes) : "");
    }
}
