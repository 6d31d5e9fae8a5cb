using Alcor.Kernel.Store;

namespace Alcor.GoalState.Tests;

public sealed class InterestTests
{
    private static readonly PartitionKey Host = PartitionKey.Host("a");

    [Fact]
    public void A_host_without_ports_is_interested_in_nothing() => Assert.Empty(Interest.Of(Host, _ => []));

    [Theory]
    [InlineData("host/a>network/1", "network/1")]
    [InlineData("host/a>network/1, network/1>router/1", "network/1 router/1")]
    [InlineData("host/a>network/1, network/1>router/1, router/1>network/1 network/2", "network/1 network/2 router/1")]
    [InlineData(
        "host/a>network/1, network/1>router/1, router/1>network/1 network/2, network/2>router/1 router/2, "
        + "router/2>network/2 network/3, network/3>router/2, network/4>router/3",
        "network/1 network/2 network/3 router/1 router/2")]
    [InlineData("network/1>router/1, router/1>network/1", "")]
    [InlineData(
        "host/a>security-group/1, security-group/1>security-group/1 security-group/2 address-group/1",
        "address-group/1 security-group/1 security-group/2")]
    [InlineData(
        "host/a>security-group/1, security-group/1>security-group/2, security-group/2>security-group/3 address-group/1",
        "security-group/1 security-group/2")]
    [InlineData(
        "host/a>security-group/2 security-group/1, security-group/1>security-group/2, "
        + "security-group/2>security-group/3",
        "security-group/1 security-group/2 security-group/3")]
    [InlineData(
        "host/a>network/1, network/1>network-acl/1 router/1, router/1>network/1 network/2, network/2>network-acl/2",
        "network/1 network/2 network-acl/1 network-acl/2 router/1")]
    public void Interest_follows_references(string graph, string expected)
    {
        var leads = graph.Split(", ").Select(edges => edges.Split('>')).ToDictionary(
            edges => PartitionKey.Parse(edges[0]), edges => edges[1].Split(' ').Select(PartitionKey.Parse).ToList());
        var interest = Interest.Of(Host, partition => leads.GetValueOrDefault(partition, []));
        Assert.Equal(expected, string.Join(' ', interest));
    }
}
