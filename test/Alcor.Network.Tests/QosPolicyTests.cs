using Alcor.Network.Qos;

namespace Alcor.Network.Tests;

public sealed class QosPolicyTests
{
    private readonly World world = new();

    [Fact]
    public async Task Ports_follow_the_policy_of_their_network()
    {
        var policy = (await world.CreateAsync(QosPolicy.Type, "{}")).Value.Id;
        var network = await world.NetworkAsync();
        var port = (await world.PortAsync(network)).Value;
        var own = (await world.PortAsync(network, "\"device_owner\": \"network:dhcp\"")).Value;
        await world.UpdateAsync(Networks.Network.Type, network, $$"""{"qos_policy_id": "{{policy}}"}""");
        var told = (await world.FindAsync(Ports.Port.Type, port.Id))!.Value.Value;
        Assert.Equal((policy, port.Generation + 1), (told.NetworkQosPolicyId, told.Generation));
        // A part of the network is not held to it, so its host has nothing new to hear.
        told = (await world.FindAsync(Ports.Port.Type, own.Id))!.Value.Value;
        Assert.Equal((policy, own.Generation), (told.NetworkQosPolicyId, told.Generation));
        await world.UpdateAsync(Networks.Network.Type, network, """{"qos_policy_id": null}""");
        Assert.Null((await world.FindAsync(Ports.Port.Type, port.Id))!.Value.Value.NetworkQosPolicyId);
        var unknown = await world.TryUpdateAsync(
            Networks.Network.Type, network, $$"""{"qos_policy_id": "{{Guid.Empty}}"}""");
        Assert.Equal((404, "QosPolicyNotFound"), (unknown.Error?.Status, unknown.Error?.Type));
    }

    [Fact]
    public async Task A_policy_has_what_the_request_says_and_neutrons_defaults()
    {
        var bare = (await world.CreateAsync(QosPolicy.Type, "{}")).Value;
        Assert.Equal(("", "", false), (bare.Name, bare.Description, bare.IsDefault));
        Assert.Empty(bare.Shares);
        Assert.Empty(bare.Rules);
        var shared = (await world.CreateAsync(QosPolicy.Type, """{"name": "gold", "shared": true}""")).Value;
        Assert.Equal("gold", shared.Name);
        Assert.True(QosPolicyAttributes.Shared.Read(new(shared, 1)));
    }

    [Fact]
    public async Task A_project_has_at_most_one_default_policy()
    {
        const string isDefault = """{"is_default": true}""";
        var first = await world.CreateAsync(QosPolicy.Type, isDefault);
        Refused(await world.TryCreateAsync(QosPolicy.Type, isDefault));
        var second = await world.CreateAsync(QosPolicy.Type, "{}");
        Refused(await world.TryUpdateAsync(QosPolicy.Type, second.Value.Id, isDefault));
        await world.UpdateAsync(QosPolicy.Type, first.Value.Id, """{"is_default": false}""");
        Assert.True((await world.UpdateAsync(QosPolicy.Type, second.Value.Id, isDefault)).Value.IsDefault);
        Refused(await new World().TryCreateAsync(QosPolicy.Type, isDefault, isDefault));

        static void Refused(Kernel.Resources.Result<Kernel.Lanes.Outcome> result) =>
            Assert.Equal((409, "QoSPolicyDefaultAlreadyExists"), (result.Error?.Status, result.Error?.Type));
    }

    [Fact]
    public async Task Of_two_default_policies_decided_at_once_the_store_takes_one()
    {
        var first = await world.DecideAsync(QosPolicy.Type, """{"is_default": true}""");
        var second = await world.DecideAsync(QosPolicy.Type, """{"is_default": true}""");
        Assert.Null(await world.CommitAsync(first));
        Assert.NotNull(await world.CommitAsync(second));
    }

    [Fact]
    public async Task New_networks_get_the_policy_that_they_name_or_else_the_default_one_of_their_project()
    {
        Assert.Null((await world.CreateAsync(Networks.Network.Type, "{}")).Value.QosPolicyId);
        var isDefault = (await world.CreateAsync(QosPolicy.Type, """{"is_default": true}""")).Value.Id;
        var other = (await world.CreateAsync(QosPolicy.Type, "{}")).Value.Id;
        var network = (await world.CreateAsync(Networks.Network.Type, "{}")).Value;
        Assert.Equal(isDefault, network.QosPolicyId);
        var named = await world.CreateAsync(Networks.Network.Type, $$"""{"qos_policy_id": "{{other}}"}""");
        Assert.Equal(other, named.Value.QosPolicyId);
        var missing = await world.TryCreateAsync(
            Networks.Network.Type, $$"""{"qos_policy_id": "{{Guid.Empty}}"}""");
        Assert.Equal("QosPolicyNotFound", missing.Error?.Type);
        var inUse = (await world.DeleteAsync(QosPolicy.Type, isDefault)).Error;
        Assert.Equal(409, inUse?.Status);
        Assert.Equal("QosPolicyInUse", inUse?.Type);
        Assert.Equal($"QoS Policy {isDefault} is used by network {network.Id}.", inUse?.Message);
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_keeps_other_shares()
    {
        var policy = (await world.CreateAsync(QosPolicy.Type, """{"name": "a", "shared": true}""")).Value;
        var updated = (await world.UpdateAsync(QosPolicy.Type, policy.Id, """{"shared": false}""")).Value;
        Assert.Equal("a", updated.Name);
        Assert.Empty(updated.Shares);
    }
}
