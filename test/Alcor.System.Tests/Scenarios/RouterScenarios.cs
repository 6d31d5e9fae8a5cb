using static Alcor.System.Tests.Scenarios.Service;

namespace Alcor.System.Tests.Scenarios;

/// <summary>Networks, and routers between them.</summary>
internal static class RouterScenarios
{
    public static readonly IReadOnlyList<Scenario> All =
    [
        new("networks without a router are apart")
        {
            Machines = [new("red", 0), new("blue", 1) { Network = "blue" }],
            Steps = [new Miss("red", "blue", Ping), new Miss("blue", "red", Tcp(80))],
        },
        new("a router joins networks, on one host and across hosts, within the rules of the groups")
        {
            Groups = ["server", "clients"],
            Routers = [("router", ["red", "blue"])],
            Machines =
            [
                new("client", 0, "clients"), new("near", 0, "server") { Network = "blue" },
                new("far", 1, "server") { Network = "blue" },
            ],
            Steps =
            [
                new Allow("web", "server", Tcp(80)) { RemoteGroup = "clients" },
                new Reach("client", "near", Tcp(80)), new Reach("client", "far", Tcp(80)),
                new Miss("client", "far", Ping), new Miss("far", "client", Tcp(80)),
                new Hold("browsing", "client", "far", 80), new Flows("browsing"),
                new Revoke("web"), new Stalls("browsing"),
            ],
        },
    ];
}
