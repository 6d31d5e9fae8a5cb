using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

public sealed class TrunkApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_trunk_has_neutrons_shape()
    {
        var parent = await PortAsync();
        var trunk = await server.CreateAsync("trunk", new JsonObject { ["port_id"] = parent });
        Assert.Equal(
            [
                "admin_state_up", "created_at", "description", "id", "name", "port_id", "project_id",
                "revision_number", "status", "sub_ports", "tags", "tenant_id", "updated_at",
            ],
            trunk.AsObject().Select(member => member.Key).Order());
        Assert.Equal("DOWN", (string)trunk["status"]!);
        Assert.Equal([(string)trunk["id"]!], await server.ListAsync($"/v2.0/trunks?port_id={parent}", "id"));
    }

    [Fact]
    public async Task The_status_of_a_trunk_is_that_of_its_ports_wherever_it_is_shown()
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        var id = (string)(await server.CreateAsync("trunk", new JsonObject { ["port_id"] = parent }))["id"]!;
        // No such host is known: the parent is bound to nothing that could carry it.
        await server.PutAsync($"/v2.0/ports/{parent}", "{\"port\": {\"binding:host_id\": \"nowhere\"}}");
        var added = await server.PutAsync(
            $"/v2.0/trunks/{id}/add_subports", SubPorts(carried, 5).ToJsonString());
        Assert.Equal("DOWN", (string)added.Is(200)["status"]!);
        var port = (await server.GetAsync($"/v2.0/ports/{carried}"))["port"];
        Assert.Equal(("nowhere", "trunk:subport"), ((string)port["binding:host_id"]!, (string)port["device_owner"]!));
        Assert.Equal(["DOWN"], await server.ListAsync($"/v2.0/trunks?port_id={parent}", "status"));
    }

    [Fact]
    public async Task Actions_have_flat_bodies_and_answers()
    {
        var (id, subports) = (await TrunkAsync(), SubPorts(await PortAsync(), 5));
        var shown = subports["sub_ports"]!.ToJsonString();
        var added = (await server.PutAsync($"/v2.0/trunks/{id}/add_subports", subports.ToJsonString())).Is(200);
        Assert.Equal((id, shown), ((string)added["id"]!, added["sub_ports"].ToJsonString()));
        var listed = (await server.GetAsync($"/v2.0/trunks/{id}/get_subports")).Is(200);
        Assert.Equal(subports.ToJsonString(), listed.Json!.ToJsonString());
        var removed = await server.PutAsync($"/v2.0/trunks/{id}/remove_subports", subports.ToJsonString());
        Assert.Equal("[]", removed.Is(200)["sub_ports"].ToJsonString());
    }

    [Theory]
    [InlineData("add_subports")]
    [InlineData("remove_subports")]
    public async Task An_action_refuses_what_is_no_list_as_invalid_input(string action)
    {
        var answer = await server.PutAsync($"/v2.0/trunks/{await TrunkAsync()}/{action}", """{"sub_ports": {}}""");
        Assert.EndsWith("'{}' is not a list.", answer.Error(400, "InvalidInput"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"segmentation_type": "vlan", "segmentation_id": 3}]""", "A valid port UUID must be specified")]
    [InlineData("""[{"port_id": "x", "segmentation_type": "vlan"}]""", "Invalid UUID for subport: 'x'")]
    [InlineData("""[{"port_id": "ID", "segmentation_type": "vlan"}]""", "missing segmentation information")]
    [InlineData("""[{"port_id": "ID", "segmentation_id": 3}]""", "missing segmentation information")]
    [InlineData("""[{"port_id": "ID"}, {"port_id": "ID"}]""", "Non unique UUID for subport")]
    [InlineData("""["ID"]""", "is not a dict")]
    [InlineData("null", "is not a list")]
    public async Task A_creation_refuses_subports_of_another_shape(string subports, string reason)
    {
        var body = subports.Replace("ID", "00000000-0000-0000-0000-00000000dead", StringComparison.Ordinal);
        var answer = await server.PostAsync("/v2.0/trunks", $$"""
            {
              "trunk": { "port_id": "{{await PortAsync()}}", "sub_ports": {{body}} }
            }
            """);
        Assert.Contains(reason, answer.Error(400, "HTTPBadRequest"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parent_port_alone_has_trunk_details()
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        var request = SubPorts(carried, 9);
        request["port_id"] = parent;
        var trunk = await server.CreateAsync("trunk", request);
        var mac = (await server.GetAsync($"/v2.0/ports/{carried}"))["port"]["mac_address"];
        var more = $$"""
            "segmentation_type":"vlan","port_id":"{{carried}}","mac_address":"{{mac}}"
            """;
        Assert.Equal(
            $$"""{"trunk_id":"{{trunk["id"]}}","sub_ports":[{"segmentation_id":9,{{more}}}]}""",
            (await server.GetAsync($"/v2.0/ports/{parent}"))["port"]["trunk_details"]!.ToJsonString());
        Assert.False((await server.GetAsync($"/v2.0/ports/{carried}"))["port"].AsObject().ContainsKey("trunk_details"));
        (await server.DeleteAsync($"/v2.0/ports/{parent}")).Error(409, "PortInUseAsTrunkParent");
    }

    private static JsonObject SubPorts(string port, int tag) => new()
    {
        ["sub_ports"] = new JsonArray(new JsonObject
        {
            ["port_id"] = port,
            ["segmentation_type"] = "vlan",
            ["segmentation_id"] = tag,
        }),
    };

    private async Task<string> PortAsync() =>
        (string)(await server.CreatePortAsync(await server.CreateNetworkAsync()))["id"]!;

    private async Task<string> TrunkAsync() =>
        (string)(await server.CreateAsync("trunk", new JsonObject { ["port_id"] = await PortAsync() }))["id"]!;
}
