using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

public sealed class NetworkAclTests
{
    private readonly World world = new();

    [Fact]
    public async Task An_acl_is_created_changed_and_deleted_with_its_rules()
    {
        var subnet = await SubnetAsync();
        var acl = (await world.CreateAsync(NetworkAcl.Type, $$"""{"subnet_ids": ["{{subnet}}"]}""")).Value;
        var rule = (await RuleAsync(acl.Id, 100)).Value;
        Assert.Equal((100, "ingress", "allow", "IPv4"), (rule.Number, rule.Direction, rule.Action, rule.EtherType));
        Assert.Equal(acl.ProjectId, rule.ProjectId);
        var changed = await world.UpdateAsync(NetworkAcl.Type, acl.Id, """{"name": "web", "subnet_ids": []}""");
        Assert.Equal("web", changed.Value.Name);
        Assert.Empty(changed.Value.SubnetIds);
        Assert.Null((await world.DeleteAsync(NetworkAcl.Type, acl.Id)).Error);
        Assert.Null(await world.FindAsync(NetworkAclRule.Type, rule.Id));
        Assert.Null((await world.DeleteAsync(Subnet.Type, subnet)).Error);
    }

    [Fact]
    public async Task Defect_31_rules_are_attached_to_their_acl_in_order_of_their_numbers()
    {
        var acl = (await world.CreateAsync(NetworkAcl.Type, "{}")).Value;
        var other = (await world.CreateAsync(NetworkAcl.Type, "{}")).Value;
        foreach (var number in new[] { 300, 1, 32766 })
            await RuleAsync(acl.Id, number);
        await RuleAsync(acl.Id, 7, "egress");
        await RuleAsync(other.Id, 9);
        var referring = await world.Store.ListAsync(
            ListQuery.To(NetworkAcl.Type.Key(acl.Id), "network_acl_rule"), TestContext.Current.CancellationToken);
        var shown = (NetworkAcl)NetworkAcl.Type.Embeds!.Fill(acl, referring.Select(NetworkCatalog.Types.Decode));
        Assert.Equal(
            [("egress", 7), ("ingress", 1), ("ingress", 300), ("ingress", 32766)],
            shown.Rules.Select(rule => (rule.Value.Direction, rule.Value.Number)));
    }

    [Fact]
    public async Task Defect_31_a_number_is_there_once_in_an_acl_and_direction()
    {
        var acl = (await world.CreateAsync(NetworkAcl.Type, "{}")).Value.Id;
        var other = (await world.CreateAsync(NetworkAcl.Type, "{}")).Value.Id;
        await RuleAsync(acl, 10);
        await RuleAsync(acl, 10, "egress");
        await RuleAsync(other, 10);
        var again = (await world.TryCreateAsync(NetworkAclRule.Type, RuleJson(acl, 10))).Error;
        Assert.Equal((409, "NetworkAclRuleNumberInUse"), (again?.Status, again?.Type));
        var bulk = (await world.TryCreateAsync(
            NetworkAclRule.Type, RuleJson(acl, 11), RuleJson(other, 11), RuleJson(acl, 11))).Error;
        Assert.Equal(
            ("NetworkAclRuleNumberInUse", "Item 2 of 'network_acl_rules'."), (bulk?.Type, bulk?.Detail));
        var eleven = (await RuleAsync(acl, 11)).Value.Id;
        Assert.Equal(
            "NetworkAclRuleNumberInUse",
            (await world.TryUpdateAsync(NetworkAclRule.Type, eleven, """{"number": 10}""")).Error?.Type);
        Assert.Equal(12, (await world.UpdateAsync(NetworkAclRule.Type, eleven, """{"number": 12}""")).Value.Number);
        await RuleAsync(acl, 11);
    }

    [Theory]
    [InlineData("\"protocol\": \"carrier-pigeon\"", "protocol")]
    [InlineData("\"protocol\": \"ipv6-icmp\"", "protocol")]
    [InlineData("\"cidr\": \"10.0.0\"", "cidr")]
    [InlineData("\"cidr\": \"fd00::/64\"", "cidr")]
    [InlineData("\"ethertype\": \"IPv6\", \"cidr\": \"10.0.0.0/8\"", "cidr")]
    [InlineData("\"port_range_min\": 1, \"port_range_max\": 2", "port_range_min")]
    [InlineData("\"protocol\": \"esp\", \"port_range_min\": 1, \"port_range_max\": 2", "port_range_min")]
    [InlineData("\"protocol\": \"tcp\", \"port_range_min\": 1", "port_range_max")]
    [InlineData("\"protocol\": \"tcp\", \"port_range_max\": 1", "port_range_min")]
    [InlineData("\"protocol\": \"tcp\", \"port_range_min\": 2, \"port_range_max\": 1", "port_range_max")]
    [InlineData("\"protocol\": \"tcp\", \"icmp_type\": 8", "icmp_type")]
    [InlineData("\"protocol\": \"icmp\", \"icmp_code\": 0", "icmp_code")]
    public async Task A_rule_that_contradicts_itself_is_refused_with_the_field(string more, string field)
    {
        var acl = (await world.CreateAsync(NetworkAcl.Type, "{}")).Value.Id;
        var refused = (await world.TryCreateAsync(NetworkAclRule.Type, RuleJson(acl, 1, more: more))).Error;
        Assert.Equal((400, "HTTPBadRequest"), (refused?.Status, refused?.Type));
        Assert.StartsWith($"Invalid input for {field}. Reason: ", refused!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"protocol\": \"TCP\", \"port_range_min\": 80, \"port_range_max\": 443", "tcp", null)]
    [InlineData("\"protocol\": \"icmp\", \"icmp_type\": 8, \"icmp_code\": 0", "icmp", null)]
    [InlineData("\"ethertype\": \"IPv6\", \"protocol\": \"icmp\", \"icmp_type\": 128", "ipv6-icmp", null)]
    [InlineData("\"protocol\": \"51\", \"cidr\": \"10.0.0.7/8\"", "51", "10.0.0.0/8")]
    public async Task A_rule_is_kept_in_one_spelling(string more, string protocol, string? cidr)
    {
        var acl = (await world.CreateAsync(NetworkAcl.Type, "{}")).Value.Id;
        var rule = (await world.CreateAsync(NetworkAclRule.Type, RuleJson(acl, 1, more: more))).Value;
        Assert.Equal((protocol, cidr), (rule.Protocol, rule.Cidr));
    }

    [Fact]
    public async Task A_change_of_a_rule_has_to_fit_what_stays()
    {
        var acl = (await world.CreateAsync(NetworkAcl.Type, "{}")).Value.Id;
        var rule = (await world.CreateAsync(
            NetworkAclRule.Type,
            RuleJson(acl, 1, more: "\"protocol\": \"tcp\", \"port_range_min\": 80, \"port_range_max\": 80"))).Value.Id;
        Assert.StartsWith(
            "Invalid input for port_range_min.",
            (await world.TryUpdateAsync(NetworkAclRule.Type, rule, """{"protocol": null}""")).Error?.Message,
            StringComparison.Ordinal);
        var changed = await world.UpdateAsync(
            NetworkAclRule.Type,
            rule,
            """{"protocol": null, "port_range_min": null, "port_range_max": null, "action": "deny"}""");
        Assert.Equal((null, null, "deny"), (changed.Value.Protocol, changed.Value.PortRangeMin, changed.Value.Action));
    }

    [Fact]
    public async Task A_subnet_has_at_most_one_acl()
    {
        var subnet = await SubnetAsync();
        var json = $$"""{"subnet_ids": ["{{subnet}}"]}""";
        var first = (await world.CreateAsync(NetworkAcl.Type, json)).Value;
        var second = (await world.TryCreateAsync(NetworkAcl.Type, json)).Error;
        Assert.Equal((409, "SubnetHasNetworkAcl"), (second?.Status, second?.Type));
        Assert.Contains(first.Id, second!.Message, StringComparison.Ordinal);
        var another = (await world.CreateAsync(NetworkAcl.Type, "{}")).Value.Id;
        Assert.Equal(
            "SubnetHasNetworkAcl", (await world.TryUpdateAsync(NetworkAcl.Type, another, json)).Error?.Type);
        await world.UpdateAsync(NetworkAcl.Type, first.Id, """{"subnet_ids": []}""");
        await world.UpdateAsync(NetworkAcl.Type, another, json);
        var free = await SubnetAsync();
        var both = $$"""{"subnet_ids": ["{{free}}"]}""";
        Assert.Equal("SubnetHasNetworkAcl", (await world.TryCreateAsync(NetworkAcl.Type, both, both)).Error?.Type);
        var twice = $$"""{"subnet_ids": ["{{free}}", "{{free}}"]}""";
        Assert.Equal(400, (await world.TryCreateAsync(NetworkAcl.Type, twice)).Error?.Status);
    }

    [Fact]
    public async Task Two_acls_that_take_a_subnet_at_the_same_time_do_not_both_get_it()
    {
        var json = $$"""{"subnet_ids": ["{{await SubnetAsync()}}"]}""";
        var (one, two) = (
            await world.DecideAsync(NetworkAcl.Type, json), await world.DecideAsync(NetworkAcl.Type, json));
        Assert.Null(await world.CommitAsync(one));
        Assert.IsType<Refusal.RevisionDiffers>(await world.CommitAsync(two));
    }

    [Fact]
    public async Task A_subnet_that_ends_leaves_its_acl_alone_or_with_its_network()
    {
        var network = await world.NetworkAsync();
        var one = await world.SubnetAsync(network, "10.0.0.0/24");
        var two = await world.SubnetAsync(network, "fd00::/64");
        var three = await SubnetAsync();
        var acl = (await world.CreateAsync(
            NetworkAcl.Type, $$"""{"subnet_ids": ["{{one}}", "{{two}}", "{{three}}"]}""")).Value.Id;
        Assert.Null((await world.DeleteAsync(Subnet.Type, three)).Error);
        Assert.Equal([one, two], (await world.FindAsync(NetworkAcl.Type, acl))!.Value.Value.SubnetIds);
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, network)).Error);
        Assert.Empty((await world.FindAsync(NetworkAcl.Type, acl))!.Value.Value.SubnetIds);
    }

    [Fact]
    public async Task Owners_associate_subnets_of_their_own_and_write_rules_of_their_own_acls()
    {
        var shared = (await world.CreateAsync(Networks.Network.Type, """{"shared": true}""")).Value.Id;
        var seen = await world.SubnetAsync(shared, "10.0.0.0/24");
        var hidden = await SubnetAsync();
        Assert.Equal("AdminRequired", (await AsStrangerAsync($"\"subnet_ids\": [\"{seen}\"]")).Error?.Type);
        Assert.Equal("SubnetNotFound", (await AsStrangerAsync($"\"subnet_ids\": [\"{hidden}\"]")).Error?.Type);
        Assert.Null((await AsStrangerAsync("")).Error);
        var acl = (await world.CreateAsync(NetworkAcl.Type, "{}")).Value.Id;
        var rule = world.NewItem(NetworkAclRule.Type, RuleJson(acl, 1)) with { Caller = Stranger };
        Assert.Equal(
            "NetworkAclNotFound", (await world.RunAsync(new NetworkAclRuleCommands().Create([rule]))).Error?.Type);
    }

    private static Caller Stranger => new() { ProjectId = "stranger" };

    private Task<Result<Kernel.Lanes.Outcome>> AsStrangerAsync(string attributes) => world.RunAsync(
        new NetworkAclCommands().Create(
        [
            world.NewItem(NetworkAcl.Type, $"{{{attributes}}}") with { Caller = Stranger, ProjectId = "stranger" },
        ]));

    private async Task<string> SubnetAsync() => await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");

    private Task<Stamped<NetworkAclRule>> RuleAsync(string acl, int number, string direction = "ingress") =>
        world.CreateAsync(NetworkAclRule.Type, RuleJson(acl, number, direction));

    private static string RuleJson(string acl, int number, string direction = "ingress", string more = "") =>
        $$"""
        {"network_acl_id": "{{acl}}", "number": {{number}}, "direction": "{{direction}}", "action": "allow"
        {{(more.Length > 0 ? ", " + more : "")}}}
        """;
}
