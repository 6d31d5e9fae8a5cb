using System.Text.Json.Nodes;
using Alcor.Network;

namespace Alcor.Server.Tests;

/// <summary>Ports as Neutron shows them.</summary>
public sealed class PortTests : IAsyncLifetime
{
    /// <summary>A cloud with a domain of its own.</summary>
    private readonly RunningServer server =
        new(RunningServer.Options with { Network = new NetworkSettings { DnsDomain = "example.test" } });

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_port_has_the_attributes_and_defaults_of_neutrons()
    {
        var network = await server.CreateNetworkAsync();
        await server.CreateSubnetAsync(network, "10.0.0.0/24");
        var port = await server.CreateAsync(
            "port", new JsonObject { ["network_id"] = network, ["dns_name"] = "D1", ["project_id"] = "owner" });
        var defaults = JsonNode.Parse(
            """
            {
                "allowed_address_pairs": [], "extra_dhcp_opts": [], "binding:profile": {}, "binding:vif_details": {},
                "binding:vif_type": "unbound", "binding:vnic_type": "normal", "binding:host_id": "",
                "data_plane_status": null, "device_profile": null, "numa_affinity_policy": null,
                "propagate_uplink_status": true, "ip_allocation": "immediate", "qos_policy_id": null,
                "qos_network_policy_id": null, "tags": [], "port_security_enabled": true, "dns_name": "d1",
                "dns_domain": "",
                "dns_assignment": [{"ip_address": "10.0.0.2", "hostname": "d1", "fqdn": "d1.example.test."}]
            }
            """)!.AsObject();
        foreach (var (name, value) in defaults)
            Assert.True(JsonNode.DeepEquals(value, port[name]), $"{name}: {port[name]?.ToJsonString()}");
        Assert.Single(port["security_groups"]!.AsArray());
    }

    [Fact]
    public async Task Ports_are_listed_by_their_security_groups_and_their_subnets()
    {
        var network = await server.CreateNetworkAsync();
        var subnet = await server.CreateSubnetAsync(network, "10.0.0.0/24");
        var port = await server.CreateAsync(
            "port", new JsonObject { ["network_id"] = network, ["project_id"] = "owner" });
        var group = port["security_groups"]![0]!.ToString();
        foreach (var filter in new[] { $"security_groups={group}", $"fixed_ips=subnet_id={subnet}" })
        {
            var listed = await server.ListAsync($"/v2.0/ports?{filter}&network_id={network}", "id");
            Assert.Equal([port["id"]!.ToString()], listed);
        }
        Assert.Empty(await server.ListAsync($"/v2.0/ports?security_groups={Guid.Empty}", "id"));
    }

    [Fact]
    public async Task Tags_come_with_the_ports_of_a_bulk()
    {
        var network = await server.CreateNetworkAsync();
        var answer = await server.PostAsync(
            "/v2.0/ports",
            $$"""
            {"ports": [
                {"network_id": "{{network}}", "tags": ["b", "a"]}, {"network_id": "{{network}}"}
            ]}
            """);
        var tags = answer.Is(201)["ports"].AsArray().Select(port => port!["tags"]!.ToJsonString());
        Assert.Equal(["""["a","b"]""", "[]"], tags);
    }

    [Fact]
    public async Task Bindings_of_a_port_are_refused_as_neutron_refuses_them()
    {
        var network = await server.CreateNetworkAsync();
        var port = (await server.CreateAsync(
            "port",
            new JsonObject
            {
                ["network_id"] = network, ["device_owner"] = "compute:nova", ["binding:host_id"] = "alpha",
            }))["id"]!.ToString();
        var bindings = $"/v2.0/ports/{port}/bindings";
        var one = (await server.GetAsync(bindings)).Is(200)["bindings"].AsArray().Single()!.AsObject();
        var expected = JsonNode.Parse(
            """
            {
                "host": "alpha", "vif_type": "binding_failed", "vif_details": {}, "vnic_type": "normal", "profile": {},
                "status": "ACTIVE"
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, one), one.ToJsonString());
        (await server.GetAsync($"{bindings}/beta")).Error(404, "PortBindingNotFound");
        (await server.PostAsync(bindings, """{"binding": {"host": "alpha"}}""")).Error(409, "PortBindingAlreadyExists");
        (await server.PostAsync(bindings, """{"binding": {"host": "beta"}}""")).Error(500, "PortBindingError");
        (await server.PutAsync($"{bindings}/alpha/activate", "{}")).Error(409, "PortBindingAlreadyActive");
        (await server.PutAsync($"{bindings}/beta/activate", "{}")).Error(404, "PortBindingNotFound");
        (await server.DeleteAsync($"{bindings}/alpha")).Is(204);
        Assert.Equal("", (string?)(await server.GetAsync($"/v2.0/ports/{port}"))["port"]["binding:host_id"]);
        var other = (await server.CreatePortAsync(network))["id"]!;
        (await server.PostAsync($"/v2.0/ports/{other}/bindings", """{"binding": {"host": "beta"}}"""))
            .Error(400, "BadRequest");
        (await server.GetAsync($"/v2.0/ports/{Guid.Empty}/bindings")).Error(404, "PortNotFound");
    }
}
