using static Alcor.System.Tests.Scenarios.Service;

namespace Alcor.System.Tests.Scenarios;

/// <summary>Something that is done to a network ACL, which comes into being by being named.</summary>
internal abstract record OfNetworkAcl : Step;

/// <summary>The subnets of exactly these networks have the ACL.</summary>
internal sealed record Bound(string Acl, params string[] Networks) : OfNetworkAcl
{
    public override string ToString() => $"{Acl} is the network ACL of {string.Join(", ", Networks)}";
}

/// <summary>A rule is added to an ACL.</summary>
/// <param name="Service">Null: everything; without a port the protocol.</param>
internal sealed record Numbered(string Rule, string Acl, int Number, Service? Service = null) : OfNetworkAcl
{
    public bool IsEgress { get; init; }

    public bool IsAllow { get; init; } = true;

    /// <summary>The machine at the other end; null: any.</summary>
    public string? Other { get; init; }

    public override string ToString() =>
        $"rule {Number} of {Acl} ({Rule}) {(IsAllow ? "allows" : "denies")} {Service?.ToString() ?? "everything"} "
        + $"{(IsEgress ? "to" : "from")} {Other ?? "anywhere"}";
}

/// <summary>A rule gets another place.</summary>
internal sealed record Renumber(string Rule, int Number) : OfNetworkAcl
{
    public override string ToString() => $"{Rule} is rule {Number} now";
}

/// <summary>
/// Network ACLs between subnets that a router joins. The machines behind them are not protected, so that nothing else
/// decides.
/// </summary>
internal static class NetworkAclScenarios
{
    private static readonly Service AnyTcp = new(ServiceKind.Tcp);

    public static readonly IReadOnlyList<Scenario> All =
    [
        new("a network ACL decides at the edge of its subnet by the lowest number, and knows no connections")
        {
            Routers = [("router", ["red", "blue"])],
            Machines =
            [
                new("client", 0) { IsUnprotected = true },
                new("server", 1) { Network = "blue", IsUnprotected = true },
                new("peer", 0) { Network = "blue", IsUnprotected = true },
            ],
            Steps =
            [
                new Reach("client", "server", Tcp(80)),
                // Without a rule nothing passes the edge; what stays inside does.
                new Bound("edge", "blue"),
                new Miss("client", "server", Tcp(80)), new Miss("server", "client", Ping),
                new Reach("peer", "server", Tcp(80)),
                // Questions may come in, and answers not out.
                new Numbered("in", "edge", 100, Tcp(80)), new Miss("client", "server", Tcp(80)),
                new Numbered("out", "edge", 100, AnyTcp) { IsEgress = true },
                new Reach("client", "server", Tcp(80)), new Reach("client", "peer", Tcp(80)),
                new Miss("client", "server", Tcp(81)), new Miss("client", "server", Ping),
                new Miss("server", "client", Tcp(80)),
                // A lower number is heard first, also of a connection that goes on.
                new Hold("browsing", "client", "server", 80),
                new Numbered("no", "edge", 50) { IsAllow = false, Other = "client" },
                new Stalls("browsing"), new Miss("client", "server", Tcp(80)),
                new Renumber("no", 200), new Reach("client", "server", Tcp(80)),
                new Bound("edge"), new Reach("client", "server", Ping),
            ],
        },
        new("each of two subnets has its own network ACL, and both must let a packet pass")
        {
            Groups = ["all"],
            Routers = [("router", ["red", "blue"])],
            Machines = [new("client", 0, "all"), new("server", 1, "all") { Network = "blue" }],
            Steps =
            [
                new Allow("any", "all"), new Reach("client", "server", Ping),
                new Bound("first", "red"), new Bound("second", "blue"),
                new Numbered("a", "first", 1) { IsEgress = true }, new Numbered("b", "first", 1),
                new Miss("client", "server", Ping),
                new Numbered("c", "second", 1), new Miss("client", "server", Ping),
                new Numbered("d", "second", 32_766) { IsEgress = true }, new Reach("client", "server", Ping),
                new Numbered("e", "second", 32_765, Ping) { IsEgress = true, IsAllow = false },
                new Miss("client", "server", Ping), new Reach("client", "server", Tcp(80)),
            ],
        },
    ];
}
