using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;
using Alcor.Network.Qos;

namespace Alcor.Network.Tests;

/// <summary>What ports want of Placement, and which policies can hold for them.</summary>
public sealed class ResourceRequestTests
{
    private const string Physical = """
        {"provider:network_type": "vlan", "provider:physical_network": "rack-1.blue"}
        """;

    private readonly World world = new(new NetworkSettings
    {
        VlanRanges = [new VlanRange("rack-1.blue", new NumberRange(100, 200))],
    });

    [Fact]
    public void A_name_based_id_is_that_of_other_programs()
    {
        // Python's uuid.uuid5 says so.
        Assert.Equal(
            "2ed6657d-e927-568b-95e1-2665a8aea6a2",
            DerivedId.Named("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"));
    }

    [Fact]
    public async Task A_port_asks_for_what_its_policy_guarantees()
    {
        var policy = await PolicyAsync();
        var egress = await RuleAsync(QosRuleTypes.MinimumBandwidth, policy, "\"min_kbps\": 1000");
        var ingress = await RuleAsync(
            QosRuleTypes.MinimumBandwidth, policy, "\"min_kbps\": 2000, \"direction\": \"ingress\"");
        var packets = await RuleAsync(
            QosRuleTypes.MinimumPacketRate, policy, "\"min_kpps\": 5, \"direction\": \"any\"");
        var network = await NetworkAsync(Physical);
        var port = (await world.PortAsync(
            network, $"\"qos_policy_id\": \"{policy}\", \"binding:vnic_type\": \"remote-managed\"")).Value;
        var request = (await RequestOfAsync(port))!;
        Assert.Equal(
            [
                DerivedId.Named(port.Id, $"{egress}:{ingress}"),
                DerivedId.Named(port.Id, packets),
            ],
            request.Groups.Select(group => group.Id));
        Assert.Equal(["CUSTOM_PHYSNET_RACK_1_BLUE", "CUSTOM_VNIC_TYPE_REMOTE_MANAGED"], request.Groups[0].Traits);
        Assert.Equal(["CUSTOM_VNIC_TYPE_REMOTE_MANAGED"], request.Groups[1].Traits);
        Assert.Equal(
            "NET_BW_EGR_KILOBIT_PER_SEC=1000,NET_BW_IGR_KILOBIT_PER_SEC=2000", Print(request.Groups[0]));
        Assert.Equal("NET_PACKET_RATE_KILOPACKET_PER_SEC=5", Print(request.Groups[1]));
    }

    [Fact]
    public async Task A_port_asks_for_nothing_where_its_policy_guarantees_nothing()
    {
        var policy = await PolicyAsync();
        await RuleAsync(QosRuleTypes.BandwidthLimit, policy, "\"max_kbps\": 1000");
        var port = (await world.PortAsync(await NetworkAsync(Physical), $"\"qos_policy_id\": \"{policy}\"")).Value;
        Assert.Null(await RequestOfAsync(port));
    }

    [Fact]
    public async Task Bandwidth_is_guaranteed_only_on_what_a_physical_network_carries()
    {
        var policy = await PolicyAsync();
        var named = $"\"qos_policy_id\": \"{policy}\"";
        var (tunnel, port) = (await world.NetworkAsync(), (await world.PortAsync(await world.NetworkAsync())).Value);
        var follower = (await world.PortAsync(tunnel, named)).Value;
        Refused(
            await TryRuleAsync(QosRuleTypes.MinimumBandwidth, policy, "\"min_kbps\": 1"),
            "QosRuleNotSupported",
            $"Rule minimum_bandwidth is not supported by port {follower.Id}");
        await world.UpdateAsync(Port.Type, follower.Id, """{"qos_policy_id": null}""");
        await RuleAsync(QosRuleTypes.MinimumBandwidth, policy, "\"min_kbps\": 1");

        Refused(await world.TryCreateAsync(Port.Type, World.PortJson(tunnel, named)), "QosRuleNotSupported");
        Refused(await world.TryUpdateAsync(Port.Type, port.Id, $"{{{named}}}"), "QosRuleNotSupported");
        Refused(
            await world.TryCreateAsync(Networks.Network.Type, $"{{{named}}}"), "QosRuleNotSupportedByNetwork");
        Refused(
            await world.TryUpdateAsync(Networks.Network.Type, tunnel, $"{{{named}}}"),
            "QosRuleNotSupportedByNetwork",
            $"Rule minimum_bandwidth is not supported by network {tunnel}");
        await world.PortAsync(await NetworkAsync(Physical), named);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_has_been_counted_for_a_machine_does_not_change(bool isOfNetwork)
    {
        var policy = await PolicyAsync();
        var named = $"\"qos_policy_id\": \"{policy}\"";
        var rule = await RuleAsync(QosRuleTypes.MinimumPacketRate, policy, "\"min_kpps\": 5");
        var network = await NetworkAsync(isOfNetwork ? $"{{{named}}}" : "{}");
        var machine = "\"device_owner\": \"compute:nova\"";
        var port = await world.PortAsync(network, isOfNetwork ? machine : $"{machine}, {named}");
        foreach (var refused in new[]
        {
            await TryRuleAsync(QosRuleTypes.MinimumPacketRate, policy, "\"min_kpps\": 5, \"direction\": \"ingress\""),
            await world.TryUpdateAsync(QosRuleTypes.MinimumPacketRate, rule, """{"min_kpps": 6}"""),
            await world.DeleteAsync(QosRuleTypes.MinimumPacketRate, rule),
        })
        {
            Assert.Equal((501, "NotImplementedError"), (refused.Error?.Status, refused.Error?.Type));
        }
        await RuleAsync(QosRuleTypes.DscpMarking, policy, "\"dscp_mark\": 8");
        Assert.Null((await world.DeleteAsync(Port.Type, port.Value.Id)).Error);
        Assert.Null((await world.DeleteAsync(QosRuleTypes.MinimumPacketRate, rule)).Error);
    }

    [Fact]
    public async Task The_allocation_of_a_machines_port_follows_its_policy()
    {
        var (first, second) = (await PolicyAsync(), await PolicyAsync());
        var (before, after) = (
            await RuleAsync(QosRuleTypes.MinimumPacketRate, first, "\"min_kpps\": 5"),
            await RuleAsync(QosRuleTypes.MinimumPacketRate, second, "\"min_kpps\": 6"));
        var network = await world.NetworkAsync();
        var port = (await world.PortAsync(
            network, $"\"device_owner\": \"compute:nova\", \"qos_policy_id\": \"{first}\"")).Value;
        var allocation = $$"""{"{{DerivedId.Named(port.Id, before)}}": "provider", "another": "lost"}""";
        await world.UpdateAsync(
            Port.Type, port.Id, $$$"""{"binding:profile": {"x": 1, "allocation": {{{allocation}}}}}""");
        var moved = await world.UpdateAsync(Port.Type, port.Id, $$"""{"qos_policy_id": "{{second}}"}""");
        Assert.Equal(
            $$$"""{"x":1,"allocation":{"{{{DerivedId.Named(port.Id, after)}}}":"provider"}}""",
            JsonNode.Parse(moved.Value.Profile)!.ToJsonString());
        await world.UpdateAsync(Networks.Network.Type, network, $$"""{"qos_policy_id": "{{first}}"}""");
        var back = await world.UpdateAsync(Port.Type, port.Id, """{"qos_policy_id": null}""");
        Assert.Contains(DerivedId.Named(port.Id, before), back.Value.Profile, StringComparison.Ordinal);
        await world.UpdateAsync(Networks.Network.Type, network, """{"qos_policy_id": null}""");
        var free = (await world.FindAsync(Port.Type, port.Id))!.Value.Value;
        Assert.Equal("""{"x":1,"allocation":{}}""", JsonNode.Parse(free.Profile)!.ToJsonString());
    }

    private static string Print(RequestGroup group) =>
        string.Join(',', group.Resources.Select(one => $"{one.Key}={one.Value}"));

    private static void Refused(Result<Kernel.Lanes.Outcome> result, string type, string? message = null)
    {
        Assert.Equal((409, type), (result.Error?.Status, result.Error?.Type));
        Assert.Equal(message ?? result.Error!.Message, result.Error!.Message);
    }

    private async Task<ResourceRequest?> RequestOfAsync(Port port) => ResourceRequest.Of(
        port,
        (await world.FindAsync(QosPolicy.Type, port.EffectiveQosPolicyId!))!.Value.Value,
        (await world.FindAsync(Networks.Network.Type, port.NetworkId))!.Value.Value);

    private async Task<string> NetworkAsync(string json) =>
        (await world.CreateAsync(Networks.Network.Type, json)).Value.Id;

    private async Task<string> PolicyAsync() => (await world.CreateAsync(QosPolicy.Type, "{}")).Value.Id;

    private async Task<string> RuleAsync(ResourceType<QosRule> type, string policy, string json)
    {
        var made = await TryRuleAsync(type, policy, json);
        Assert.Null(made.Error);
        return ((QosRule)made.Value.Answer.Single().Value).Id;
    }

    private Task<Result<Kernel.Lanes.Outcome>> TryRuleAsync(ResourceType<QosRule> type, string policy, string json) =>
        world.TryCreateAsync(type, $$"""{"policy_id": "{{policy}}", {{json}}}""");
}
