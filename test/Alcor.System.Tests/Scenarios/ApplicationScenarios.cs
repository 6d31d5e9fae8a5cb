using static Alcor.System.Tests.Scenarios.Service;

namespace Alcor.System.Tests.Scenarios;

/// <summary>What people use networks for, on up to six hosts.</summary>
internal static class ApplicationScenarios
{
    private static readonly string[] Six = ["one", "two", "three", "four", "five", "six"];

    public static readonly IReadOnlyList<Scenario> All =
    [
        new("on six hosts everybody reaches everybody, in two networks and across their router")
        {
            Routers = [("router", ["red", "blue"])],
            Machines = [.. Six.Select((name, host) => new Place(name, host) { Network = host < 3 ? "red" : "blue" })],
            Steps =
            [
                .. from one in Six from other in Six where one != other select new Reach(one, other, Ping),
                new Reach("one", "six", Http(80)), new Reach("one", "two", Http(80)),
                new Reach("six", "three", Throughput(5201)), new Reach("five", "four", Throughput(5201)),
                new Reach("two", "five", Udp(53)), .. Six.Select(name => new Lease(name)),
            ],
        },
        new("web servers and what is behind them, each layer open to the one before alone")
        {
            Groups = ["clients", "web", "store"],
            Routers = [("router", ["front", "back"])],
            Machines =
            [
                new("browser", 0, "clients") { Network = "front" }, new("web1", 1, "web") { Network = "front" },
                new("web2", 2, "web") { Network = "front" }, new("store1", 3, "store") { Network = "back" },
                new("store2", 4, "store") { Network = "back" }, new("backup", 5, "store") { Network = "back" },
            ],
            Steps =
            [
                new Allow("http", "web", Http(80)) { RemoteGroup = "clients" },
                new Allow("query", "store", Http(8080)) { RemoteGroup = "web" },
                new Allow("copy", "store", Throughput(5201)) { RemoteGroup = "store" },
                new Reach("browser", "web1", Http(80)), new Reach("browser", "web2", Http(80)),
                new Miss("browser", "store1", Http(8080)), new Miss("browser", "store1", Ping),
                new Reach("web1", "store1", Http(8080)), new Reach("web2", "store2", Http(8080)),
                new Reach("store1", "backup", Throughput(5201)), new Miss("web1", "backup", Throughput(5201)),
                new Revoke("query"), new Miss("web1", "store1", Http(8080)), new Reach("browser", "web1", Http(80)),
            ],
        },
    ];
}
