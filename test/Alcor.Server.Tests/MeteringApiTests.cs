using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

public sealed class MeteringApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Labels = "/v2.0/metering/metering-labels";
    private const string Rules = "/v2.0/metering/metering-label-rules";

    [Fact]
    public async Task A_label_and_its_rules_have_neutrons_shapes()
    {
        var label = (await server.PostAsync(Labels, """{"metering_label": {"name": "out", "shared": true}}"""))
            .Is(201)["metering_label"].AsObject();
        Assert.Equal(
            ["description", "id", "name", "project_id", "shared", "tenant_id"],
            label.Select(member => member.Key).Order());
        var request = new JsonObject
        {
            ["metering_label_rule"] = new JsonObject
            {
                ["metering_label_id"] = (string)label["id"]!,
                ["direction"] = "ingress",
                ["remote_ip_prefix"] = "10.0.0.0/24",
                ["project_id"] = "another",
            },
        };
        var rule = (await server.PostAsync(Rules, request.ToJsonString())).Is(201)["metering_label_rule"].AsObject();
        Assert.Equal(
            [
                "destination_ip_prefix", "direction", "excluded", "id", "metering_label_id", "remote_ip_prefix",
                "source_ip_prefix",
            ],
            rule.Select(member => member.Key).Order());
        (await server.PostAsync(Rules, request.ToJsonString())).Error(409, "MeteringLabelRuleOverlaps");
        (await server.PutAsync($"{Labels}/{label["id"]}", """{"metering_label": {}}""")).Error(405);
        (await server.DeleteAsync($"{Labels}/{label["id"]}")).Is(204);
        (await server.GetAsync($"{Labels}/{label["id"]}")).Error(404, "MeteringLabelNotFound");
        (await server.GetAsync($"{Rules}/{rule["id"]}")).Error(404, "MeteringLabelRuleNotFound");
    }
}
