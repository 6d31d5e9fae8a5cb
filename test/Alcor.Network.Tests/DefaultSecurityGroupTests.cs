using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.SecurityGroups;

namespace Alcor.Network.Tests;

public sealed class DefaultSecurityGroupTests
{
    private readonly World world = new();

    [Fact]
    public async Task It_lets_its_ports_talk_to_one_another_and_send_anything()
    {
        await world.RunAsync(new EnsureDefaultSecurityGroup("red"));
        var id = DefaultSecurityGroup.IdOf("red");
        var group = (await world.FindAsync(SecurityGroup.Type, id))!.Value.Value;
        Assert.True(group.IsDefault && group.Stateful);
        Assert.Equal("red", group.ProjectId);
        var rules = await RulesAsync();
        Assert.All(rules, rule => Assert.Equal(id, rule.SecurityGroupId));
        Assert.Equal(
            [
                "egress IPv4 ", "egress IPv6 ", $"ingress IPv4 {id}", $"ingress IPv6 {id}",
            ],
            rules.Select(rule => $"{rule.Direction} {rule.EtherType} {rule.RemoteGroupId}").Order());
    }

    [Fact]
    public async Task Of_many_that_ensure_it_at_the_same_time_one_makes_it()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => world.RunAsync(new EnsureDefaultSecurityGroup("red"))));
        Assert.All(results, result => Assert.Null(result.Error));
        Assert.Single(results, result => result.Value.Revisions.Count > 0);
        Assert.Equal(4, (await RulesAsync()).Count);
    }

    [Fact]
    public async Task It_counts_against_the_quota_but_is_never_refused()
    {
        await world.RunAsync(new EnsureDefaultSecurityGroup("red"));
        var counts = await world.Store.CountsAsync(
            QuotaKey.PrefixOf("red"), TestContext.Current.CancellationToken);
        Assert.Equal(
            [new Counter("quota/red/security_group", 1), new Counter("quota/red/security_group_rule", 4)], counts);
        var exempt = new Decision().CreateExempt(SecurityGroup.Type, Group("a"));
        Assert.Equal([null], exempt.ToTransaction(_ => 0).Counts.Select(count => count.Limit));
        var both = new Decision().CreateExempt(SecurityGroup.Type, Group("a")).Create(SecurityGroup.Type, Group("b"));
        Assert.Equal(
            [new CounterChange("quota/red/security_group", 2, 11)], both.ToTransaction(_ => 10).Counts);
    }

    private static SecurityGroup Group(string id) =>
        new(id, "red", id, "", Stateful: true, [], [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    private async Task<IReadOnlyList<SecurityGroupRule>> RulesAsync() =>
    [
        .. (await world.Store.ListAsync(
            ListQuery.All(SecurityGroupRule.Type.Name), TestContext.Current.CancellationToken))
            .Select(stored => SecurityGroupRule.Type.Decode(stored.Value)),
    ];
}
