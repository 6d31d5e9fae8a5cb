using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.AddressGroups;
using Alcor.Network.Ports;
using Alcor.Network.SecurityGroups;

namespace Alcor.Network.Tests;

public sealed class SecurityGroupTests
{
    private readonly World world = new();

    private static string DefaultId => DefaultSecurityGroup.IdOf("project");

    [Fact]
    public async Task A_new_group_lets_its_ports_send_and_has_a_default_group_beside_it()
    {
        var group = (await world.CreateAsync(SecurityGroup.Type, """{"name": "web"}""")).Value;
        Assert.True(group.Stateful);
        var rules = (await RulesAsync()).Where(rule => rule.SecurityGroupId == group.Id);
        Assert.Equal(
            ["egress IPv4", "egress IPv6"], rules.Select(rule => $"{rule.Direction} {rule.EtherType}").Order());
        Assert.NotNull(await world.FindAsync(SecurityGroup.Type, DefaultId));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("Default")]
    public async Task Only_one_group_of_a_project_is_called_default(string name)
    {
        var json = $$"""{"name": "{{name}}"}""";
        var created = await world.TryCreateAsync(SecurityGroup.Type, """{"name": "a"}""", json);
        Assert.Equal(("SecurityGroupDefaultAlreadyExists", 409), (created.Error?.Type, created.Error?.Status));
        var group = (await world.CreateAsync(SecurityGroup.Type, "{}")).Value.Id;
        var renamed = await world.TryUpdateAsync(SecurityGroup.Type, group, json);
        Assert.Equal("SecurityGroupDefaultAlreadyExists", renamed.Error?.Type);
    }

    [Theory]
    [InlineData("""{"name": "other"}""", "SecurityGroupCannotUpdateDefault")]
    [InlineData("""{"name": "default"}""", "SecurityGroupDefaultAlreadyExists")]
    [InlineData("""{"description": "mine"}""", null)]
    [InlineData("""{"stateful": false}""", null)]
    public async Task The_default_group_keeps_its_name(string json, string? error)
    {
        await world.RunAsync(new EnsureDefaultSecurityGroup("project"));
        var result = await world.TryUpdateAsync(SecurityGroup.Type, DefaultId, json);
        Assert.Equal(error, result.Error?.Type);
    }

    [Fact]
    public async Task Only_an_administrator_removes_the_default_group_and_it_comes_back()
    {
        await world.RunAsync(new EnsureDefaultSecurityGroup("project"));
        var current = (await world.FindAsync(SecurityGroup.Type, DefaultId))!.Value;
        var member = new Caller { ProjectId = "project", Roles = ["member"] };
        var refused = await world.RunAsync(new SecurityGroupCommands().Delete(
            new Stamped<object>(current.Value, current.Revision), new ChangeRequest(member, Body.Empty, null, "", 0)));
        Assert.Equal(("SecurityGroupCannotRemoveDefault", 409), (refused.Error?.Type, refused.Error?.Status));
        Assert.Null((await world.DeleteAsync(SecurityGroup.Type, DefaultId)).Error);
        Assert.Empty(await RulesAsync());
        await world.RunAsync(new EnsureDefaultSecurityGroup("project"));
        Assert.Equal(4, (await RulesAsync()).Count);
    }

    [Fact]
    public async Task A_group_that_is_deleted_takes_along_the_rules_that_name_it()
    {
        var one = (await world.CreateAsync(SecurityGroup.Type, "{}")).Value.Id;
        var two = (await world.CreateAsync(SecurityGroup.Type, "{}")).Value.Id;
        var rule = $$"""{"direction": "ingress", "security_group_id": "{{two}}", "remote_group_id": "{{one}}"}""";
        var naming = (await world.CreateAsync(SecurityGroupRule.Type, rule)).Value.Id;
        Assert.Null((await world.DeleteAsync(SecurityGroup.Type, one)).Error);
        Assert.Null(await world.FindAsync(SecurityGroupRule.Type, naming));
        Assert.Equal(2, (await RulesAsync()).Count(left => left.SecurityGroupId == two));
    }

    [Fact]
    public async Task A_group_in_use_stays_as_it_is_and_a_port_does_not_mix_stateful_with_stateless()
    {
        var stateful = (await world.CreateAsync(SecurityGroup.Type, "{}")).Value.Id;
        var stateless = (await world.CreateAsync(SecurityGroup.Type, """{"stateful": false}""")).Value.Id;
        var network = await world.NetworkAsync();
        var mixed = $$"""{"security_groups": ["{{stateful}}", "{{stateless}}"]}""";
        var refused = await world.TryCreateAsync(Port.Type, World.PortJson(network, mixed.Trim('{', '}')));
        Assert.Equal(("SecurityGroupConflict", 409), (refused.Error?.Type, refused.Error?.Status));
        var port = (await world.PortAsync(network, $"\"security_groups\": [\"{stateful}\"]")).Value.Id;
        Assert.Equal("SecurityGroupConflict", (await world.TryUpdateAsync(Port.Type, port, mixed)).Error?.Type);
        var changed = await world.TryUpdateAsync(SecurityGroup.Type, stateful, """{"stateful": false}""");
        Assert.Equal("SecurityGroupInUse", changed.Error?.Type);
        Assert.Equal("SecurityGroupInUse", (await world.DeleteAsync(SecurityGroup.Type, stateful)).Error?.Type);
        Assert.Null((await world.DeleteAsync(Port.Type, port)).Error);
        Assert.Null((await world.DeleteAsync(SecurityGroup.Type, stateful)).Error);
    }

    [Fact]
    public async Task Addresses_are_kept_with_their_host_bits_zero_and_each_once()
    {
        var group = await world.CreateAsync(
            AddressGroup.Type, """{"addresses": ["10.0.0.1/24", "10.0.0.0/24", "2001:db8::5/64"]}""");
        Assert.Equal(["10.0.0.0/24", "2001:db8::/64"], group.Value.Addresses.Select(block => block.ToString()));
    }

    [Theory]
    [InlineData("10.0.0.9/24", "AddressesAlreadyExist", "['10.0.0.0/24']")]
    [InlineData("10.1.0.9/24", "", "10.0.0.0/24 10.1.0.0/24")]
    public async Task Addresses_are_added_all_or_none(string block, string error, string expected) =>
        Assert.Equal(expected, await ChangeAsync(0, block, error));

    [Theory]
    [InlineData("10.1.0.0/24", "AddressesNotFound", "['10.1.0.0/24']")]
    [InlineData("10.0.0.7/24", "", "")]
    public async Task Addresses_are_removed_all_or_none(string block, string error, string expected) =>
        Assert.Equal(expected, await ChangeAsync(1, block, error));

    /// <summary>What an action makes of a group of 10.0.0.0/24, or the addresses that its error names.</summary>
    private async Task<string> ChangeAsync(int action, string block, string error)
    {
        var group = await world.CreateAsync(AddressGroup.Type, """{"addresses": ["10.0.0.0/24"]}""");
        var chosen = new AddressGroupCommands().Actions[action];
        var attribute = chosen.Attributes.Single();
        using var json = System.Text.Json.JsonDocument.Parse($"[\"{block}\", \"{block}\"]");
        Assert.True(attribute.TryRead(json.RootElement, out var value, out _));
        var result = await world.RunAsync(chosen.Command!(
            new Stamped<object>(group.Value, group.Revision),
            new ChangeRequest(Caller.System, Body.Empty.With(attribute, value), null, "", 0)));
        Assert.Equal(error, result.Error?.Type ?? "");
        return result.Error is { } refused
            ? refused.Message[refused.Message.IndexOf('[')..(refused.Message.IndexOf(']') + 1)]
            : string.Join(' ', ((AddressGroup)result.Value.Answer.Single().Value).Addresses);
    }

    private async Task<IReadOnlyList<SecurityGroupRule>> RulesAsync() =>
    [
        .. (await world.Store.ListAsync(
            ListQuery.All(SecurityGroupRule.Type.Name), TestContext.Current.CancellationToken))
            .Select(stored => SecurityGroupRule.Type.Decode(stored.Value)),
    ];
}
