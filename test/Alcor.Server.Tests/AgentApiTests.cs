using System.Collections.Immutable;
using System.Net;
using Alcor.Network.Nodes;

namespace Alcor.Server.Tests;

/// <summary>Agents, zones and what Neutron schedules to agents.</summary>
public sealed class AgentApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task An_agent_is_shown_changed_and_forgotten_as_in_neutron()
    {
        var id = await ConnectAsync("one");
        var agent = (await server.GetAsync($"/v2.0/agents/{id}")).Is(200)["agent"];
        Assert.Equal(
            (true, "nova", "one"),
            ((bool)agent["alive"]!, (string?)agent["availability_zone"], (string?)agent["host"]));
        Assert.True(agent.AsObject().ContainsKey("resources_synced"));
        Assert.Equal("1", (string?)agent["configurations"]!["bridges"]);
        var changed = (await server.PutAsync(
            $"/v2.0/agents/{id}", """{"agent": {"admin_state_up": false, "description": "broken fan"}}""")).Is(200);
        Assert.Equal(
            (false, "broken fan"),
            ((bool)changed["agent"]["admin_state_up"]!, (string?)changed["agent"]["description"]));
        (await server.PutAsync($"/v2.0/agents/{id}", """{"agent": {"alive": false}}""")).Error(400);
        (await server.DeleteAsync($"/v2.0/agents/{id}")).Is(204);
        (await server.GetAsync($"/v2.0/agents/{id}")).Error(404, "AgentNotFound");
        Assert.NotEqual(id, await ConnectAsync("one"));
    }

    [Fact]
    public async Task Zones_are_those_of_the_agents_and_available_while_one_of_them_is_in_service()
    {
        var id = await ConnectAsync("two");
        const string routers = "/v2.0/availability_zones?resource=router&name=nova";
        Assert.Equal(["available"], await server.ListAsync(routers, "state"));
        foreach (var agent in await server.ListAsync("/v2.0/agents", "id"))
            (await server.PutAsync($"/v2.0/agents/{agent}", """{"agent": {"admin_state_up": false}}""")).Is(200);
        Assert.Equal(["unavailable"], await server.ListAsync(routers, "state"));
        (await server.PutAsync($"/v2.0/agents/{id}", """{"agent": {"admin_state_up": true}}""")).Is(200);
        Assert.Equal(["available"], await server.ListAsync(routers, "state"));
        Assert.Equal(["network", "router"], await server.ListAsync("/v2.0/availability_zones?name=nova", "resource"));
    }

    [Theory]
    [InlineData("network")]
    [InlineData("router")]
    public async Task Networks_and_routers_are_wished_into_zones_that_there_are(string type)
    {
        await ConnectAsync("four");
        await ConnectAsync("five");
        (await server.PutAsync("/v1/nodes/four", """{"node": {"zone": "north"}}""")).Is(200);
        async Task<Answer> CreateAsync(string hints) => await server.PostAsync(
            $"/v2.0/{type}s", $$$"""{"{{{type}}}": {"availability_zone_hints": {{{hints}}} } }""");
        var made = (await CreateAsync("""["north", "nova"]""")).Is(201)[type];
        var shown = (await server.GetAsync($"/v2.0/{type}s/{made["id"]}")).Is(200)[type];
        Assert.Equal("""["north","nova"]""", shown["availability_zone_hints"]!.ToJsonString());
        Assert.Empty(shown["availability_zones"]!.AsArray());
        (await CreateAsync("""["north", "south"]""")).Error(404, "AvailabilityZoneNotFound");
        (await CreateAsync("""[""]""")).Error(404, "AvailabilityZoneNotFound");
        (await CreateAsync("""["north", "north"]""")).Error(400, "HTTPBadRequest");
        var many = string.Join(", ", Enumerable.Range(0, 40).Select(number => $"\"zone-{number}\""));
        (await CreateAsync($"[{many}]")).Error(400, "InvalidInput");
        (await server.PutAsync(
            $"/v2.0/{type}s/{made["id"]}", $$$"""{"{{{type}}}": {"availability_zone_hints": []}}""")).Error(400);
    }

    [Fact]
    public async Task Nothing_is_scheduled_to_agents_and_nothing_can_be()
    {
        var id = await ConnectAsync("three");
        var network = await server.CreateNetworkAsync();
        Assert.Empty((await server.GetAsync($"/v2.0/networks/{network}/dhcp-agents")).Is(200)["agents"].AsArray());
        Assert.Empty((await server.GetAsync($"/v2.0/routers/{network}/l3-agents")).Is(200)["agents"].AsArray());
        foreach (var (path, plural, error, status, absent) in new[]
        {
            ("dhcp-networks", "networks", "InvalidDHCPAgent", 409, "NetworkNotHostedByDhcpAgent"),
            ("l3-routers", "routers", "InvalidL3Agent", 404, "InvalidL3Agent"),
        })
        {
            Assert.Empty((await server.GetAsync($"/v2.0/agents/{id}/{path}")).Is(200)[plural].AsArray());
            (await server.PostAsync($"/v2.0/agents/{id}/{path}", "{}")).Error(404, error);
            (await server.DeleteAsync($"/v2.0/agents/{id}/{path}/{network}")).Error(status, absent);
            (await server.GetAsync($"/v2.0/agents/no-such/{path}")).Error(404, "AgentNotFound");
        }
    }

    [Fact]
    public async Task The_gateway_of_a_router_is_on_the_host_of_an_agent()
    {
        var id = await ConnectAsync("gate", "outside");
        var network = (await server.PostAsync(
            "/v2.0/networks",
            """
            {"network": {"router:external": true, "provider:network_type": "flat",
             "provider:physical_network": "outside"}}
            """)).Is(201)["network"]!["id"];
        (await server.PostAsync(
            "/v2.0/subnets",
            $$$"""{"subnet": {"network_id": "{{{network}}}", "ip_version": 4, "cidr": "203.0.113.0/24"}}""")).Is(201);
        foreach (var (ha, state) in new[] { ("false", null), ("true", "active") })
        {
            var router = (await server.PostAsync(
                "/v2.0/routers",
                $$$"""{"router": {"ha": {{{ha}}}, "external_gateway_info": {"network_id": "{{{network}}}"} } }"""))
                .Is(201)["router"]!;
            var agent = (await server.GetAsync($"/v2.0/routers/{router["id"]}/l3-agents")).Is(200)["agents"]!
                .AsArray().Single()!;
            Assert.Equal((id, "gate", state), (
                (string?)agent["id"], (string?)agent["host"], (string?)agent["ha_state"]));
            var routers = (await server.GetAsync($"/v2.0/agents/{id}/l3-routers")).Is(200)["routers"]!.AsArray();
            Assert.Contains(routers, one => (string?)one!["id"] == (string?)router["id"]);
            var port = (await server.GetAsync($"/v2.0/ports?device_id={router["id"]}")).Is(200)["ports"]!
                .AsArray().Single()!;
            // Its agent is connected, and has not said yet that its switch has it.
            Assert.Equal(("gate", "ovs", "BUILD"), (
                (string?)port["binding:host_id"], (string?)port["binding:vif_type"], (string?)port["status"]));
        }
    }

    private async Task<string> ConnectAsync(string host, params string[] physicalNetworks)
    {
        var lanes = server.Server.Parts.Lanes;
        Assert.Null((await lanes.ExecuteAsync(new RegisterNode(host, IPAddress.Loopback)
        {
            PhysicalNetworks = [.. physicalNetworks],
        })).Error);
        var connected = await lanes.ExecuteAsync(new ConnectAgent(
            new AgentSession(host, Guid.NewGuid().ToString()),
            Guid.NewGuid().ToString(),
            ImmutableSortedDictionary<string, string>.Empty.Add("bridges", "1")));
        return ((Network.Nodes.Agent)connected.Value.Answer.Single().Value).Id;
    }
}
