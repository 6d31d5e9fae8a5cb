using System.Net;

namespace Alcor.Reachability.Tests;

/// <summary>
/// A datagram in two fragments from a machine whose connections are tracked, to one on the same host whose groups are
/// stateless, and let in what is for port 80 alone. Tracking gives back both fragments at once, and it once gave the
/// first the way of the other, which has no port: the whole datagram came in at any port.
/// </summary>
internal static class FragmentScript
{
    private const int Open = 80;
    private const int Closed = 22;

    public static IReadOnlyList<Step> To(bool isOpen, int version) =>
    [
        new AddHost("host1", "172.31.0.1"),
        new Create("network", "n", """{"name": "n", "project_id": "p"}"""),
        new Create("subnet", "n4", """{"network_id": "$n", "ip_version": 4, "cidr": "10.0.0.0/24"}"""),
        new Create("subnet", "n6", """{"network_id": "$n", "ip_version": 6, "cidr": "2001:db8::/64"}"""),
        new Create("group", "stateful", """{"name": "stateful", "project_id": "p"}"""),
        new Create("group", "stateless", """{"name": "stateless", "project_id": "p", "stateful": false}"""),
        .. new[] { 4, 6 }.Select(each => new Create("rule", $"open{each}", $$"""
            {"security_group_id": "$stateless", "direction": "ingress", "ethertype": "IPv{{each}}", "protocol": "udp",
             "port_range_min": {{Open}}, "port_range_max": {{Open}}}
            """)),
        Machine("sender", 10, "stateful"), Machine("receiver", 11, "stateless"),
        new Send("sender", Pools.MacOf(10), Pools.MacOf(11), new IpContent(
            AddressOf(10, version), AddressOf(11, version),
            new Segment(Protocol.Udp, 40_000, isOpen ? Open : Closed)) { Fragments = 7 + version }),
    ];

    /// <summary>It arrives where a rule allows its port, and the switches do as the oracle says.</summary>
    public static void Require(TrialResult result, bool isOpen)
    {
        Assert.Null(result.Mismatch);
        Assert.Equal(isOpen ? 1 : 0, Assert.Single(result.Verdicts).Arrivals.Length);
    }

    private static Create Machine(string name, int last, string group) => new("port", name, $$"""
        {"name": "{{name}}", "network_id": "$n", "project_id": "p", "binding:host_id": "host1",
         "security_groups": ["${{group}}"], "mac_address": "{{Pools.MacOf(last)}}",
         "fixed_ips": [{"subnet_id": "$n4", "ip_address": "{{AddressOf(last, 4)}}"},
                       {"subnet_id": "$n6", "ip_address": "{{AddressOf(last, 6)}}"}]}
        """);

    private static IPAddress AddressOf(int last, int version) =>
        IPAddress.Parse(version == 4 ? $"10.0.0.{last}" : $"2001:db8::{last}");
}
