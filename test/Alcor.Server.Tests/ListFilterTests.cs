using System.Text.Json.Nodes;
using Alcor.Network;

namespace Alcor.Server.Tests;

/// <summary>One network with three ports, listed in every way.</summary>
public sealed class ListFilterTests(RunningServer server) : IClassFixture<RunningServer>, IAsyncLifetime
{
    private string network = "";
    private string subnet = "";

    public async ValueTask InitializeAsync()
    {
        network = await server.CreateNetworkAsync();
        subnet = await server.CreateSubnetAsync(network, "10.5.0.0/24");
        await AddAsync("a", "fa:16:3e:00:00:0a", "10.5.0.10", isUp: true, "server1");
        await AddAsync("b", "fa:16:3e:00:00:0b", "10.5.0.11", isUp: false, "server1");
        await AddAsync("c", "fa:16:3e:00:00:0c", "10.5.0.12", isUp: true, "");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("", "a b c")]
    [InlineData("&name=a", "a")]
    [InlineData("&name=a&name=c", "a c")]
    [InlineData("&name=a&name=nothing", "a")]
    [InlineData("&name=nothing", "")]
    [InlineData("&name=A", "")]
    [InlineData("&device_id=server1", "a b")]
    [InlineData("&device_id=server1&name=b&name=c", "b")]
    [InlineData("&device_id=", "c")]
    [InlineData("&admin_state_up=True", "a c")]
    [InlineData("&admin_state_up=true", "a c")]
    [InlineData("&admin_state_up=TRUE", "a c")]
    [InlineData("&admin_state_up=1", "a c")]
    [InlineData("&admin_state_up=False", "b")]
    [InlineData("&admin_state_up=0", "b")]
    [InlineData("&mac_address=FA:16:3E:00:00:0b", "b")]
    [InlineData("&fixed_ips=ip_address%3D10.5.0.10", "a")]
    [InlineData("&fixed_ips=ip_address=10.5.0.10&fixed_ips=ip_address=10.5.0.12", "a c")]
    [InlineData("&fixed_ips=ip_address=10.5.0.1", "")]
    [InlineData("&status=DOWN", "a b c")]
    [InlineData("&binding:host_id=", "a b c")]
    [InlineData("&revision_number=0", "")]
    [InlineData("&binding:profile={}", "a b c")]
    public async Task Filters_select(string query, string names)
    {
        var found = await server.ListAsync($"/v2.0/ports?network_id={network}{query}", "name");
        Assert.Equal(names, string.Join(' ', found.Order()));
    }

    [Fact]
    public async Task Filters_on_several_members_of_a_list_have_to_hold_together()
    {
        var other = await server.CreateNetworkAsync();
        var otherSubnet = await server.CreateSubnetAsync(other, "10.5.0.0/24");
        await server.CreateAsync("port", Port("elsewhere", other, otherSubnet, "10.5.0.10"));
        Assert.Equal(
            ["a"],
            await server.ListAsync($"/v2.0/ports?fixed_ips=ip_address=10.5.0.10&fixed_ips=subnet_id={subnet}", "name"));
        Assert.Equal(3, (await server.ListAsync($"/v2.0/ports?fixed_ips=subnet_id={subnet}", "name")).Count);
    }

    [Fact]
    public async Task A_filter_by_id_finds_some_of_many()
    {
        var ids = await server.ListAsync($"/v2.0/ports?network_id={network}", "id");
        Assert.Equal([ids[2]], await server.ListAsync($"/v2.0/ports?id={ids[2].ToUpperInvariant()}", "id"));
        Assert.Equal(
            [ids[0], ids[2]],
            await server.ListAsync($"/v2.0/ports?id={ids[2]}&id={ids[0]}&id={ids[0]}&id={Guid.Empty}", "id"));
        // By name: of ids made in the same millisecond none is sure to be the first.
        var a = Assert.Single(await server.ListAsync($"/v2.0/ports?network_id={network}&name=a", "id"));
        Assert.Equal([a], await server.ListAsync($"/v2.0/ports?id={a}&name=a", "id"));
        Assert.Empty(await server.ListAsync($"/v2.0/ports?id={a}&name=b", "id"));
    }

    [Fact]
    public async Task Several_values_of_an_indexed_attribute_are_one_list_in_order_of_id()
    {
        var other = await server.CreateNetworkAsync();
        await server.CreatePortAsync(other, "d");
        var found = await server.ListAsync($"/v2.0/ports?network_id={other}&network_id={network}", "id");
        Assert.Equal(4, found.Count);
        Assert.Equal(found.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public async Task Changed_since_selects_by_time_of_update()
    {
        var path = $"/v2.0/ports?network_id={network}&changed_since=";
        Assert.Equal(3, (await server.ListAsync($"{path}2001-01-01T00:00:00Z", "id")).Count);
        Assert.Empty(await server.ListAsync($"{path}2999-01-01T00:00:00", "id"));
        var message = (await server.GetAsync("/v2.0/ports?changed_since=yesterday")).Error(400);
        Assert.Contains("Invalid input for changed_since", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foo=1", "['foo'] is invalid attribute for filtering")]
    [InlineData("foo=1&name=a&bar=2", "['bar', 'foo'] is invalid attribute for filtering")]
    [InlineData(
        "admin_state_up=maybe",
        "Invalid input for operation: 'maybe' cannot be converted to boolean.")]
    [InlineData("fixed_ips=10.5.0.10", "Invalid input for fixed_ips. Reason: '10.5.0.10' is not a filter")]
    public async Task A_filter_that_makes_no_sense_is_refused(string query, string expected)
    {
        var message = (await server.GetAsync($"/v2.0/ports?{query}")).Error(400);
        Assert.StartsWith(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_attribute_of_every_type_is_a_filter_that_finds_what_has_its_value()
    {
        foreach (var type in new[] { "network", "subnet", "port" })
        {
            var resources = (await server.GetAsync($"/v2.0/{type}s")).Is(200)[$"{type}s"].AsArray();
            var resource = resources[^1]!.AsObject();
            foreach (var (name, value) in resource)
            {
                var attribute = NetworkCatalog.Types[type].Attributes.Single(a => a.Name == name);
                // No text is a truth value that is not there.
                var isUnsaid = value is null && (string?)attribute.Describe()["type"] == "boolean";
                if (value is JsonArray || isUnsaid || !attribute.IsFilterable)
                    continue;
                var text = Uri.EscapeDataString(value is JsonObject ? value.ToJsonString() : value?.ToString() ?? "");
                var found = await server.ListAsync($"/v2.0/{type}s?{name}={text}", "id");
                Assert.True(found.Contains((string)resource["id"]!), $"{type} {name}={text}");
            }
        }
    }

    private static JsonObject Port(string name, string networkId, string subnetId, string address) => new()
    {
        ["name"] = name,
        ["network_id"] = networkId,
        ["fixed_ips"] = new JsonArray(new JsonObject { ["subnet_id"] = subnetId, ["ip_address"] = address }),
    };

    private async Task AddAsync(string name, string mac, string address, bool isUp, string device)
    {
        var port = Port(name, network, subnet, address);
        port["mac_address"] = mac;
        port["admin_state_up"] = isUp;
        port["device_id"] = device;
        await server.CreateAsync("port", port);
    }
}
