using Alcor.Kernel.Resources;
using Alcor.Network.Qos;

namespace Alcor.Network.Tests;

public sealed class QosRuleTests
{
    private readonly World world = new();

    [Fact]
    public async Task A_rule_is_kept_below_its_policy_and_shown_in_it()
    {
        var policy = await PolicyAsync();
        var limit = await AddAsync(QosRuleTypes.BandwidthLimit, policy, """ "max_kbps": 1000 """);
        Assert.Equal((1000, 0, "egress"), (limit.Value, limit.Burst, limit.Direction));
        await AddAsync(QosRuleTypes.PacketRateLimit, policy, """ "max_kpps": 5, "direction": "ingress" """);
        await AddAsync(QosRuleTypes.DscpMarking, policy, """ "dscp_mark": 8 """);
        Assert.Equal(
            ["bandwidth_limit", "dscp_marking", "packet_rate_limit"], await KindsAsync(policy));
        await world.UpdateAsync(QosRuleTypes.BandwidthLimit, limit.Id, """{"max_burst_kbps": 7}""");
        var kept = (await world.FindAsync(QosPolicy.Type, policy))!.Value.Value;
        Assert.Equal(limit with { Burst = 7 }, kept.Rules[0]);
        Assert.Null((await world.DeleteAsync(QosRuleTypes.BandwidthLimit, limit.Id)).Error);
        Assert.Equal(["dscp_marking", "packet_rate_limit"], await KindsAsync(policy));
    }

    [Fact]
    public async Task Deleting_a_policy_deletes_its_rules()
    {
        var policy = await PolicyAsync();
        var mark = await AddAsync(QosRuleTypes.DscpMarking, policy, """ "dscp_mark": 8 """);
        Assert.Null((await world.DeleteAsync(QosPolicy.Type, policy)).Error);
        Assert.Null(await world.FindAsync(QosRuleTypes.DscpMarking, mark.Id));
    }

    [Theory]
    [InlineData("bandwidth_limit", "\"max_kbps\": 1", "bandwidth_limit", "\"max_kbps\": 2", "QoSRulesConflict")]
    [InlineData(
        "bandwidth_limit", "\"max_kbps\": 1", "bandwidth_limit", "\"max_kbps\": 2, \"direction\": \"ingress\"", null)]
    [InlineData("dscp_marking", "\"dscp_mark\": 8", "dscp_marking", "\"dscp_mark\": 10", "QoSRulesConflict")]
    [InlineData(
        "bandwidth_limit", "\"max_kbps\": 1", "minimum_bandwidth", "\"min_kbps\": 2", "QoSRuleParameterConflict")]
    [InlineData(
        "minimum_bandwidth",
        "\"min_kbps\": 2, \"direction\": \"ingress\"",
        "bandwidth_limit",
        "\"max_kbps\": 1",
        "QoSRuleParameterConflict")]
    [InlineData("minimum_bandwidth", "\"min_kbps\": 2", "bandwidth_limit", "\"max_kbps\": 2", null)]
    [InlineData("minimum_bandwidth", "\"min_kbps\": 2", "minimum_packet_rate", "\"min_kpps\": 1", null)]
    [InlineData(
        "minimum_packet_rate",
        "\"min_kpps\": 2",
        "minimum_packet_rate",
        "\"min_kpps\": 1, \"direction\": \"any\"",
        "QoSRuleParameterConflict")]
    [InlineData(
        "minimum_packet_rate",
        "\"min_kpps\": 2, \"direction\": \"any\"",
        "minimum_packet_rate",
        "\"min_kpps\": 1, \"direction\": \"ingress\"",
        "QoSRuleParameterConflict")]
    [InlineData("packet_rate_limit", "\"max_kpps\": 2", "packet_rate_limit", "\"max_kpps\": 2", "QoSRulesConflict")]
    public async Task Some_rules_cannot_be_in_one_policy(
        string firstKind, string first, string secondKind, string second, string? error)
    {
        var policy = await PolicyAsync();
        await AddAsync(TypeOf(firstKind), policy, first);
        var result = await world.TryCreateAsync(TypeOf(secondKind), Json(policy, second));
        Assert.Equal((error, error is null ? null : 409), (result.Error?.Type, result.Error?.Status));
    }

    [Fact]
    public async Task A_changed_rule_is_held_against_the_others_but_not_against_itself()
    {
        var policy = await PolicyAsync();
        var egress = await AddAsync(QosRuleTypes.MinimumPacketRate, policy, """ "min_kpps": 1 """);
        await AddAsync(QosRuleTypes.MinimumPacketRate, policy, """ "min_kpps": 1, "direction": "ingress" """);
        await world.UpdateAsync(QosRuleTypes.MinimumPacketRate, egress.Id, """{"min_kpps": 2}""");
        var any = await world.TryUpdateAsync(QosRuleTypes.MinimumPacketRate, egress.Id, """{"direction": "any"}""");
        Assert.Equal("QoSRuleParameterConflict", any.Error?.Type);
        var same = await world.TryUpdateAsync(
            QosRuleTypes.MinimumPacketRate, egress.Id, """{"direction": "ingress"}""");
        Assert.Equal("QoSRulesConflict", same.Error?.Type);
    }

    [Fact]
    public async Task A_rule_needs_its_policy()
    {
        var result = await world.TryCreateAsync(
            QosRuleTypes.DscpMarking, Json(Guid.Empty.ToString(), "\"dscp_mark\": 8"));
        Assert.Equal((404, "QosPolicyNotFound"), (result.Error?.Status, result.Error?.Type));
    }

    private async Task<string> PolicyAsync() => (await world.CreateAsync(QosPolicy.Type, "{}")).Value.Id;

    private async Task<QosRule> AddAsync(ResourceType<QosRule> type, string policy, string json) =>
        (await world.CreateAsync(type, Json(policy, json))).Value;

    private async Task<IEnumerable<string>> KindsAsync(string policy) =>
        (await world.FindAsync(QosPolicy.Type, policy))!.Value.Value.Rules.Select(rule => rule.Kind);

    private static string Json(string policy, string json) => $$"""{"policy_id": "{{policy}}", {{json}}}""";

    private static ResourceType<QosRule> TypeOf(string kind) =>
        QosRuleTypes.TypeOf(QosRuleKind.All.Single(one => one.Name == kind));
}
