using Alcor.Network.Sharing;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

public sealed class NetworkSharingTests
{
    private readonly World world = new();

    [Theory]
    [InlineData("shared", ShareAction.AsShared)]
    [InlineData("router:external", ShareAction.AsExternal)]
    public async Task What_everybody_may_use_has_an_rbac_policy_as_long_as_it_is_so(string attribute, string action)
    {
        var (yes, no) = ($$"""{"{{attribute}}": true}""", $$"""{"{{attribute}}": false}""");
        var network = (await world.CreateAsync(Networks.Network.Type, yes)).Value;
        Assert.Equal([new Share(action, "*")], network.Shares);
        var policy = Assert.Single(await PoliciesAsync());
        Assert.Equal((network.Id, "network", action, "*", "project"),
            (policy.ObjectId, policy.ObjectType, policy.Action, policy.Target, policy.ProjectId));
        Assert.Empty((await world.UpdateAsync(Networks.Network.Type, network.Id, no)).Value.Shares);
        Assert.Empty(await PoliciesAsync());
        await world.UpdateAsync(Networks.Network.Type, network.Id, yes);
        await world.UpdateAsync(Networks.Network.Type, network.Id, yes);
        Assert.Single(await PoliciesAsync());
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, network.Id)).Error);
        Assert.Empty(await PoliciesAsync());
    }

    [Fact]
    public async Task Subnets_are_seen_by_whoever_sees_their_network()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        await world.UpdateAsync(Networks.Network.Type, network, """{"shared": true}""");
        Assert.True(Shares.WithEverybody((await world.FindAsync(Subnet.Type, subnet))!.Value.Value.Shares));
        await world.UpdateAsync(Networks.Network.Type, network, """{"shared": false}""");
        Assert.Empty((await world.FindAsync(Subnet.Type, subnet))!.Value.Value.Shares);
    }

    [Fact]
    public async Task A_network_that_others_use_stays_shared()
    {
        var network = (await world.CreateAsync(Networks.Network.Type, """{"shared": true, "name": "n"}""")).Value.Id;
        await world.CreateAsync(Ports.Port.Type, World.PortJson(network, "\"project_id\": \"another\""));
        var error = (await world.TryUpdateAsync(Networks.Network.Type, network, """{"shared": false}""")).Error;
        Assert.Equal((409, "InvalidSharedSetting"), (error!.Status, error.Type));
        Assert.Contains("network n.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_with_gateways_stays_external()
    {
        var network = (await world.CreateAsync(Networks.Network.Type, """{"router:external": true}""")).Value.Id;
        await world.PortAsync(network, "\"device_owner\": \"network:router_gateway\"");
        const string inside = """{"router:external": false}""";
        var error = (await world.TryUpdateAsync(Networks.Network.Type, network, inside)).Error;
        Assert.Equal((409, "ExternalNetworkInUse"), (error!.Status, error.Type));
    }

    [Fact]
    public async Task One_external_network_is_the_default()
    {
        const string wanted = """{"router:external": true, "is_default": true}""";
        var first = (await world.CreateAsync(Networks.Network.Type, wanted)).Value;
        Assert.True(first.IsDefault);
        var second = (await world.TryCreateAsync(Networks.Network.Type, wanted)).Error;
        Assert.Equal((409, "DefaultExternalNetworkExists"), (second!.Status, second.Type));
        await world.UpdateAsync(Networks.Network.Type, first.Id, wanted);
        var inside = await world.UpdateAsync(Networks.Network.Type, first.Id, """{"router:external": false}""");
        Assert.False(inside.Value.IsDefault);
        Assert.True((await world.CreateAsync(Networks.Network.Type, wanted)).Value.IsDefault);
        Assert.False((await world.CreateAsync(Networks.Network.Type, "{}")).Value.IsDefault);
    }

    [Fact]
    public async Task Ports_of_dhcp_go_along_with_their_network()
    {
        var network = await world.NetworkAsync();
        var port = (await world.PortAsync(network, "\"device_owner\": \"network:dhcp\"")).Value.Id;
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, network)).Error);
        Assert.Null(await world.FindAsync(Ports.Port.Type, port));
    }

    [Theory]
    [InlineData("""{"dns_domain": "Example.ORG."}""", "example.org.")]
    [InlineData("{}", "")]
    public async Task Names_are_kept_in_lower_case(string json, string expected) =>
        Assert.Equal(expected, (await world.CreateAsync(Networks.Network.Type, json)).Value.DnsDomain);

    [Fact]
    public async Task A_zone_that_nobody_is_in_is_not_found()
    {
        var error = (await world.TryCreateAsync(
            Networks.Network.Type, """{"availability_zone_hints": ["nowhere"]}""")).Error;
        Assert.Equal((404, "AvailabilityZoneNotFound"), (error!.Status, error.Type));
    }

    private async Task<IReadOnlyList<RbacPolicy>> PoliciesAsync()
    {
        var stored = await world.Store.ListAsync(
            Kernel.Store.ListQuery.All(RbacPolicy.Type.Name), TestContext.Current.CancellationToken);
        return [.. stored.Select(one => RbacPolicy.Type.Decode(one.Value))];
    }
}
