using System.Collections.Immutable;
using Alcor.Network.Nodes;

namespace Alcor.Server.Tests;

/// <summary>Alcor's own API: nodes, networks as VPCs, and how far hosts are.</summary>
public sealed class NativeApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Nodes_are_announced_moved_to_a_zone_and_forgotten_unless_ports_are_bound_to_them()
    {
        const string announce = """
            {"nodes": [{"name": "a", "tunnel_address": "192.0.2.1"}, {"name": "b", "tunnel_address": "192.0.2.2"}]}
            """;
        (await server.PostAsync("/v1/nodes", announce)).Is(201);
        (await server.PostAsync("/v1/nodes", """{"node": {"name": "a", "tunnel_address": "192.0.2.3"}}"""))
            .Error(409, "NodeExists");
        (await server.PostAsync("/v1/nodes", """{"node": {"name": "c d", "tunnel_address": "192.0.2.3"}}"""))
            .Error(400);
        var lanes = server.Server.Parts.Lanes;
        await lanes.ExecuteAsync(new ConnectAgent(
            new AgentSession("a", "one"), Guid.NewGuid().ToString(), ImmutableSortedDictionary<string, string>.Empty));
        (await server.PutAsync("/v1/nodes/a", """{"node": {"zone": "east", "cluster": "c1"}}""")).Is(200);
        Assert.Equal(["east"], await server.ListAsync("/v2.0/agents?host=a", "availability_zone"));
        Assert.Equal(["east"], await server.ListAsync("/v2.0/availability_zones?resource=router", "name"));
        var port = await server.CreateAsync("port", new()
        {
            ["network_id"] = await server.CreateNetworkAsync(),
            ["binding:host_id"] = "a",
        });
        (await server.DeleteAsync("/v1/nodes/a")).Error(409, "NodeInUse");
        (await server.DeleteAsync($"/v2.0/ports/{port["id"]}")).Is(204);
        (await server.DeleteAsync("/v1/nodes/a")).Is(204);
        (await server.GetAsync("/v1/nodes/a")).Error(404, "NodeNotFound");
        Assert.Empty(await server.ListAsync("/v2.0/agents?host=a", "id"));
        Assert.Equal(["b"], await server.ListAsync("/v1/nodes", "name"));
    }

    [Fact]
    public async Task A_node_has_physical_networks_which_its_agent_shows_as_bridge_mappings()
    {
        const string announce = """
            {"node": {"name": "racked", "tunnel_address": "192.0.2.1", "physical_networks": ["rack1"]}}
            """;
        var node = (await server.PostAsync("/v1/nodes", announce)).Is(201)["node"];
        Assert.Equal("""["rack1"]""", node["physical_networks"]!.ToJsonString());
        await server.Server.Parts.Lanes.ExecuteAsync(new ConnectAgent(
            new AgentSession("racked", "one"),
            Guid.NewGuid().ToString(),
            ImmutableSortedDictionary<string, string>.Empty.Add("bridge_mappings", "rack1:br-1,rack2:br-2")));
        var agent = (await server.GetAsync("/v2.0/agents?host=racked")).Is(200)["agents"][0]!;
        Assert.Equal(
            """{"bridge_mappings":{"rack1":"br-1","rack2":"br-2"}}""", agent["configurations"]!.ToJsonString());
        var changed = await server.PutAsync("/v1/nodes/racked", """{"node": {"physical_networks": []}}""");
        Assert.Empty(changed.Is(200)["node"]["physical_networks"]!.AsArray());
        (await server.DeleteAsync("/v1/nodes/racked")).Is(204);
    }

    [Fact]
    public async Task A_vpc_is_a_network()
    {
        var created = (await server.PostAsync("/v1/vpcs", """{"vpc": {"name": "own"}}""")).Is(201)["vpc"];
        var network = (await server.GetAsync($"/v2.0/networks/{created["id"]}")).Is(200)["network"];
        Assert.Equal(("own", "own"), ((string?)created["name"], (string?)network["name"]));
        Assert.Contains((string)created["id"]!, await server.ListAsync("/v1/vpcs", "id"));
        (await server.DeleteAsync($"/v1/vpcs/{created["id"]}")).Is(204);
        (await server.GetAsync($"/v1/vpcs/{created["id"]}")).Error(404, "NetworkNotFound");
    }

    [Fact]
    public async Task A_process_that_serves_no_hosts_says_that_it_cannot_explain()
    {
        (await server.GetAsync("/v1/ports/any/explain")).Error(501, "DataplaneNotHere");
        (await server.GetAsync("/v1/networks/any/convergence")).Error(501, "DataplaneNotHere");
    }

    [Fact]
    public async Task A_port_is_explained_and_a_network_says_which_hosts_lack_it()
    {
        await using var both = new RunningServer(RunningServer.Options with { Roles = ServerRoles.All });
        await both.InitializeAsync();
        (await both.PostAsync("/v1/nodes", """{"node": {"name": "a", "tunnel_address": "192.0.2.1"}}""")).Is(201);
        var network = await both.CreateNetworkAsync();
        await both.CreateSubnetAsync(network, "10.0.0.0/24");
        var port = await both.CreateAsync("port", new() { ["network_id"] = network, ["binding:host_id"] = "a" });
        var why = (await both.GetAsync($"/v1/ports/{port["id"]}/explain")).Is(200)["explanation"];
        Assert.Equal("host a has not connected", (string?)why["reason"]);
        Assert.Equal(
            (2, 0, 0),
            ((int)why["revisions"]!["host"]!["wanted"]!, (int)why["revisions"]!["host"]!["sent"]!,
                (int)why["revisions"]!["host"]!["acknowledged"]!));
        Assert.Equal($"network/{network}", (string?)why["revisions"]!["network"]!["partition"]);
        Assert.Null(why["last_nack"]);
        var stages = why["stages"]!.AsArray();
        Assert.Equal(
            ["committed", "sent", "acknowledged", "active"], stages.Select(stage => (string)stage!["stage"]!));
        Assert.NotNull((string?)stages[0]!["at"]);
        Assert.Equal("host a has not connected to this process", (string?)stages[1]!["reason"]);
        var state = (await both.GetAsync($"/v1/networks/{network}/convergence")).Is(200)["convergence"];
        var host = Assert.Single(state["hosts"]!.AsArray())!;
        Assert.Equal(("a", false), ((string?)host["host"], (bool)host["is_there"]!));
        (await both.GetAsync($"/v1/networks/{network}/convergence?revision=x")).Error(400);
        (await both.GetAsync("/v1/ports/no-such/explain")).Error(404, "PortNotFound");
    }
}
