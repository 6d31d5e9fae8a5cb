using static Alcor.System.Tests.Scenarios.Service;

namespace Alcor.System.Tests.Scenarios;

/// <summary>What security groups and port security let through.</summary>
internal static class SecurityGroupScenarios
{
    public static readonly IReadOnlyList<Scenario> All =
    [
        new("machines of the default group reach one another, and others do not reach them")
        {
            Groups = ["other"],
            Machines = [new("one", 0), new("two", 1), new("stranger", 2, "other")],
            Steps =
            [
                new Reach("one", "two", Ping), new Reach("two", "one", Tcp(80)), new Reach("one", "two", Udp(53)),
                new Miss("stranger", "one", Ping), new Miss("stranger", "one", Tcp(80)),
                new Miss("one", "stranger", Ping),
            ],
        },
        new("one address may use ssh, and nothing else")
        {
            Groups = ["server", "clients"],
            Machines = [new("admin", 0, "clients"), new("user", 1, "clients"), new("server", 2, "server")],
            Steps =
            [
                new Miss("admin", "server", Tcp(22)),
                new Allow("ssh", "server", Tcp(22)) { Remote = "admin" },
                new Reach("admin", "server", Tcp(22)), new Miss("admin", "server", Tcp(23)),
                new Miss("user", "server", Tcp(22)), new Miss("admin", "server", Ping),
            ],
        },
        new("a remote group is whoever is in it now")
        {
            Groups = ["database", "web"],
            Machines = [new("front", 0, "web"), new("back", 1, "database"), new("third", 2, "database")],
            Steps =
            [
                new Allow("sql", "database", Tcp(5432)) { RemoteGroup = "web" },
                new Reach("front", "back", Tcp(5432)), new Miss("third", "back", Tcp(5432)),
                new Put("third", "database", "web"),
                new Reach("third", "back", Tcp(5432)),
                new Put("front", "database"),
                new Miss("front", "back", Tcp(5432)), new Reach("third", "back", Tcp(5432)),
            ],
        },
        new("removing the rule cuts the connection that it allowed, and no other")
        {
            Groups = ["server", "clients"],
            Machines = [new("client", 0, "clients"), new("server", 1, "server")],
            Steps =
            [
                new Allow("web", "server", Tcp(80)), new Allow("ssh", "server", Tcp(22)),
                new Hold("browsing", "client", "server", 80), new Hold("shell", "client", "server", 22),
                new Revoke("web"),
                new Stalls("browsing"), new Flows("shell"), new Miss("client", "server", Tcp(80)),
            ],
        },
        new("adding and removing other rules cuts nothing")
        {
            Groups = ["server", "clients"],
            Machines = [new("client", 0, "clients"), new("server", 1, "server")],
            Steps =
            [
                new Allow("web", "server", Tcp(80)), new Hold("browsing", "client", "server", 80),
                new Allow("ssh", "server", Tcp(22)), new Reach("client", "server", Tcp(22)), new Flows("browsing"),
                new Allow("all", "server"), new Reach("client", "server", Ping), new Flows("browsing"),
                new Revoke("ssh"), new Revoke("all"), new Miss("client", "server", Ping), new Flows("browsing"),
            ],
        },
        new("a member that leaves the remote group loses its connection")
        {
            Groups = ["server", "trusted", "clients"],
            Machines = [new("leaver", 0, "trusted"), new("stayer", 1, "trusted"), new("server", 2, "server")],
            Steps =
            [
                new Allow("web", "server", Tcp(80)) { RemoteGroup = "trusted" },
                new Hold("left", "leaver", "server", 80), new Hold("kept", "stayer", "server", 80),
                new Put("leaver", "clients"),
                new Stalls("left"), new Flows("kept"),
            ],
        },
        new("what may not go out does not, but for answers")
        {
            Groups = ["mute", "clients"],
            Machines = [new("client", 0, "clients"), new("mute", 1, "mute")],
            Steps =
            [
                new Allow("in", "mute"), new Allow("back", "clients"), new Reach("mute", "client", Ping),
                new Revoke("mute/egress"),
                new Miss("mute", "client", Ping),
                new Reach("client", "mute", Ping), new Reach("client", "mute", Tcp(80)),
            ],
        },
        new("a machine sends from its own address, or from one that it is allowed")
        {
            Groups = ["open"],
            Machines =
            [
                new("victim", 0, "open"), new("liar", 1, "open"), new("deputy", 2, "open") { MayBe = "victim" },
                new("free", 2) { IsUnprotected = true }, new("server", 3, "open"),
            ],
            Steps =
            [
                new Allow("all", "open"), new Reach("liar", "server", Ping),
                new Miss("liar", "server", Udp(53)) { As = "victim" },
                new Reach("deputy", "server", Udp(53)) { As = "victim" },
                new Reach("free", "server", Udp(53)) { As = "victim" },
            ],
        },
        new("a machine without port security is open to all")
        {
            Groups = ["clients"],
            Machines = [new("free", 0) { IsUnprotected = true }, new("client", 1, "clients")],
            Steps = [new Reach("client", "free", Ping), new Reach("client", "free", Tcp(80))],
        },
    ];
}
