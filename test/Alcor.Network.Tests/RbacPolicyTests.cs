using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Network.AddressGroups;
using Alcor.Network.AddressScopes;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Sharing;
using Alcor.Network.SubnetPools;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

public sealed class RbacPolicyTests
{
    private const string ByOther = "\"project_id\": \"other\"";

    private readonly World world = new();

    public static TheoryData<string> Types => [.. Shareables.Names];

    [Fact]
    public void Every_type_that_has_shares_is_named() =>
        Assert.Equal(Shareables.Names, Shareables.All.Select(shareable => shareable.Type.Name));

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_share_ends_only_once_nobody_uses_the_resource_by_it(string type)
    {
        var (id, use) = await SharedAsync(type);
        var policy = await ShareAsync(type, id, ShareAction.AsShared, "other");
        var shareable = Shareables.Of(type);
        var shared = await StoredAsync(shareable.Type, id);
        Assert.Equal([new Share(ShareAction.AsShared, "other")], shareable.SharesOf(shared));
        Assert.True(shareable.Type.IsVisible(shared, "other"));
        var end = await use();
        AssertInUse((await world.DeleteAsync(RbacPolicy.Type, policy)).Error);
        AssertInUse((await RetargetAsync(policy, "another")).Error);
        Assert.Null((await RetargetAsync(policy, "*")).Error);
        var back = (await RetargetAsync(policy, "other")).Error;
        if (shareable.IsEndStrict)
            AssertInUse(back);
        else
            Assert.Null(back);
        Assert.Null((await end()).Error);
        Assert.Null((await world.DeleteAsync(RbacPolicy.Type, policy)).Error);
        Assert.Empty(shareable.SharesOf(await StoredAsync(shareable.Type, id)));
    }

    [Fact]
    public async Task A_share_with_everybody_stays_while_the_owner_uses_the_resource_unless_it_is_a_network()
    {
        var qos = await IdAsync(QosPolicy.Type, """{"shared": true}""");
        var user = await IdAsync(Networks.Network.Type, $$"""{"qos_policy_id": "{{qos}}", "shared": true}""");
        AssertInUse((await world.TryUpdateAsync(QosPolicy.Type, qos, """{"shared": false}""")).Error);
        await world.PortAsync(user);
        var everybody = DerivedId.Of(user, $"rbac/{ShareAction.AsShared}/*");
        Assert.Null((await world.DeleteAsync(RbacPolicy.Type, everybody)).Error);
    }

    [Fact]
    public async Task The_default_external_network_stays_everybodys()
    {
        var network = (await world.CreateAsync(
            Networks.Network.Type, """{"router:external": true, "is_default": true}""")).Value;
        var policy = DerivedId.Of(network.Id, $"rbac/{ShareAction.AsExternal}/*");
        var refused = (await world.DeleteAsync(RbacPolicy.Type, policy)).Error;
        AssertInUse(refused);
        Assert.EndsWith("Default external networks must be shared to everyone.", refused!.Message);
        AssertInUse((await RetargetAsync(policy, "other")).Error);
        await world.UpdateAsync(Networks.Network.Type, network.Id, """{"is_default": false}""");
        Assert.Null((await world.DeleteAsync(RbacPolicy.Type, policy)).Error);
        Assert.False((await world.FindAsync(Networks.Network.Type, network.Id))!.Value.Value.IsExternal);
    }

    [Fact]
    public async Task An_external_network_stays_so_for_whose_routers_lead_out_by_it()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var everybody = DerivedId.Of(external, $"rbac/{ShareAction.AsExternal}/*");
        await world.CreateAsync(
            Router.Type, $$$"""{{{{ByOther}}}, "external_gateway_info": {"network_id": "{{{external}}}"}}""");
        AssertInUse((await world.DeleteAsync(RbacPolicy.Type, everybody)).Error);
        Assert.Null((await RetargetAsync(everybody, "other")).Error);
        Assert.Null((await RetargetAsync(everybody, "*")).Error);
        var other = await ShareAsync("network", external, ShareAction.AsExternal, "other");
        Assert.Null((await world.DeleteAsync(RbacPolicy.Type, everybody)).Error);
        AssertInUse((await world.DeleteAsync(RbacPolicy.Type, other)).Error);
    }

    private static void AssertInUse(ApiError? error) =>
        Assert.Equal((409, "RbacPolicyInUse"), (error?.Status, error?.Type));

    /// <summary>A resource, what makes another project use it, and what ends that.</summary>
    private async Task<(string Id, Func<Task<Func<Task<Result<Outcome>>>>> Use)> SharedAsync(string type)
    {
        switch (type)
        {
            case "network":
                var network = await world.NetworkAsync();
                return (network, () => UseAsync(Port.Type, World.PortJson(network, ByOther)));
            case "subnetpool":
                var pool = await IdAsync(SubnetPool.Type, """{"name": "p", "prefixes": ["10.0.0.0/8"]}""");
                var own = await world.NetworkAsync();
                return (pool, () => UseAsync(Subnet.Type, World.PortJson(
                    own, $"\"ip_version\": 4, \"subnetpool_id\": \"{pool}\", {ByOther}")));
            case "address_scope":
                var scope = await IdAsync(AddressScope.Type, """{"name": "s", "ip_version": 4}""");
                return (scope, () => UseAsync(
                    SubnetPool.Type,
                    $$"""{"name": "p", "prefixes": ["10.0.0.0/8"], "address_scope_id": "{{scope}}", {{ByOther}}}"""));
            case "security_group":
                var group = await IdAsync(SecurityGroup.Type, """{"name": "g"}""");
                var plugged = await world.NetworkAsync();
                return (group, () => UseAsync(
                    Port.Type, World.PortJson(plugged, $"\"security_groups\": [\"{group}\"], {ByOther}")));
            case "address_group":
                var addresses = await IdAsync(AddressGroup.Type, """{"addresses": ["10.0.0.0/8"]}""");
                var others = await IdAsync(SecurityGroup.Type, $$"""{"name": "g", {{ByOther}}}""");
                return (addresses, () => UseAsync(
                    SecurityGroupRule.Type,
                    $$"""
                    {"security_group_id": "{{others}}", "direction": "ingress",
                     "remote_address_group_id": "{{addresses}}", {{ByOther}}}
                    """));
            default:
                var policy = await IdAsync(QosPolicy.Type, "{}");
                return (policy, () => UseAsync(
                    Networks.Network.Type, $$"""{"qos_policy_id": "{{policy}}", {{ByOther}}}"""));
        }
    }

    private async Task<Func<Task<Result<Outcome>>>> UseAsync<T>(ResourceType<T> type, string json)
        where T : class
    {
        var id = await IdAsync(type, json);
        return () => world.DeleteAsync(type, id);
    }

    private async Task<string> IdAsync<T>(ResourceType<T> type, string json)
        where T : class => type.Id((await world.CreateAsync(type, json)).Value);

    private async Task<string> ShareAsync(string type, string id, string action, string target) =>
        await IdAsync(
            RbacPolicy.Type,
            $$"""
            {"object_type": "{{type}}", "object_id": "{{id}}", "action": "{{action}}", "target_tenant": "{{target}}"}
            """);

    private Task<Result<Outcome>> RetargetAsync(string policy, string target) =>
        world.TryUpdateAsync(RbacPolicy.Type, policy, $$"""{"target_tenant": "{{target}}"}""");

    private async Task<object> StoredAsync(IResourceType type, string id)
    {
        var stored = await world.Store.GetAsync(new(type.Name, id), TestContext.Current.CancellationToken);
        return type.Decode(stored!.Value);
    }
}
