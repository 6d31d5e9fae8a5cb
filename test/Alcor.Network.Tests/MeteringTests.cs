using Alcor.Network.Metering;

namespace Alcor.Network.Tests;

public sealed class MeteringTests
{
    private readonly World world = new();

    [Theory]
    [InlineData("\"remote_ip_prefix\": \"10.1.0.0/16\"", "ingress", 0, null)]
    [InlineData("\"remote_ip_prefix\": \"10.0.0.7\"", "egress", 0, null)]
    [InlineData("\"remote_ip_prefix\": \"10.0.0.7\"", "ingress", 409, "MeteringLabelRuleOverlaps")]
    [InlineData("\"remote_ip_prefix\": \"10.0.0.7\", \"excluded\": true", "ingress", 0, null)]
    [InlineData("\"remote_ip_prefix\": \"fd00::/64\"", "ingress", 0, null)]
    [InlineData("\"source_ip_prefix\": \"10.0.0.7\"", "ingress", 0, null)]
    [InlineData("\"remote_ip_prefix\": \"ten\"", "ingress", 400, "Invalid")]
    [InlineData("\"remote_ip_prefix\": \"\"", "ingress", 400, "Invalid")]
    [InlineData(
        "\"remote_ip_prefix\": \"10.1.0.0/16\", \"source_ip_prefix\": \"10.2.0.0/16\"", "ingress", 400, "Invalid")]
    public async Task Some_rules_are_refused(string prefixes, string direction, int status, string? error)
    {
        var label = await LabelAsync();
        await world.CreateAsync(
            MeteringLabelRule.Type, Json(label, "ingress", "\"remote_ip_prefix\": \"10.0.0.0/24\""));
        var result = await world.TryCreateAsync(MeteringLabelRule.Type, Json(label, direction, prefixes));
        Assert.Equal((status, error), (result.Error?.Status ?? 0, result.Error?.Type));
    }

    [Fact]
    public async Task A_label_takes_its_rules_along()
    {
        var label = await LabelAsync();
        var rule = await world.CreateAsync(
            MeteringLabelRule.Type, Json(label, "egress", "\"destination_ip_prefix\": \"10.0.0.7\""));
        Assert.Equal("10.0.0.7/32", rule.Value.DestinationPrefix);
        Assert.Null((await world.DeleteAsync(MeteringLabel.Type, label)).Error);
        Assert.Null(await world.FindAsync(MeteringLabelRule.Type, rule.Value.Id));
        var orphan = await world.TryCreateAsync(
            MeteringLabelRule.Type, Json(label, "egress", "\"remote_ip_prefix\": \"10.0.0.7\""));
        Assert.Equal("MeteringLabelNotFound", orphan.Error?.Type);
    }

    private static string Json(string label, string direction, string more) =>
        $$"""{"metering_label_id": "{{label}}", "direction": "{{direction}}", {{more}}}""";

    private async Task<string> LabelAsync() => (await world.CreateAsync(MeteringLabel.Type, "{}")).Value.Id;
}
