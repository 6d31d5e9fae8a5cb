using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Network.Ports;

namespace Alcor.Reachability.Tests;

/// <summary>
/// A cloud made by hand to ask the oracle about: machines a, b and c in network n (10.0.0.0/24), d and e in network m
/// (10.0.1.0/24). Group g of b has the rules of the test; all others are in group open, which lets everything out, and
/// in from nowhere.
/// </summary>
internal sealed class JudgedCloud
{
    private readonly ScriptedRegion _region = new();
    private Cloud _cloud = new();
    private Conversations _history = Conversations.None;

    public static async Task<JudgedCloud> MakeAsync(params Step[] more)
    {
        var judged = new JudgedCloud();
        await judged.RunAsync([.. Usual(), .. more]);
        return judged;
    }

    public static Create Rule(string name, string body, string group = "g") =>
        new("rule", name, $$"""{"security_group_id": "${{group}}", {{body}}}""");

    public static Segment Tcp(int port, TcpFlags flags = TcpFlags.Syn) =>
        new(Protocol.Tcp, 40000, port) { Flags = flags };

    public static Segment Udp(int port) => new(Protocol.Udp, 40000, port);

    public static Icmp Ping(int version = 4) => new(version == 4 ? 8 : 128, 0, 1);

    public async Task RunAsync(params Step[] steps)
    {
        foreach (var step in steps)
            Assert.True(await _region.RunAsync(step), $"{step}: {string.Join('\n', _region.Refused)}");
        _cloud = await _region.ReadAsync();
    }

    /// <summary>From one machine to another, as they would send it.</summary>
    public Verdict Send(string from, string to, Transport transport, int version = 4)
    {
        var (sender, receiver) = (Find(from), Find(to));
        var packet = new IpContent(AddressOf(sender, version), AddressOf(receiver, version), transport);
        var mac = sender.NetworkId == receiver.NetworkId ? receiver.MacAddress : GatewayOf(sender, version);
        return Send(from, new Probe(sender.MacAddress, mac, packet));
    }

    public Verdict Send(string from, Probe probe)
    {
        var verdict = new ReachabilityOracle(_cloud).Judge(Find(from), probe, _history);
        _history = verdict.After;
        return verdict;
    }

    /// <summary>Who receives a packet answers it.</summary>
    public Verdict Answer(Verdict delivered)
    {
        var arrival = delivered.Arrivals.Single();
        var reply = ((IpContent)arrival.Probe.Content).Reply()!;
        return Send(arrival.Port.Name, new Probe(arrival.Port.MacAddress, arrival.Probe.SourceMac, reply));
    }

    public Port Find(string name) => _cloud.Ports.Single(port => port.Name == name);

    public MacAddress GatewayOf(Port port, int version) =>
        _cloud.OwnerOf(port.NetworkId, port.FixedIps.Select(ip => _cloud.SubnetWith(ip.SubnetId))
            .Single(subnet => subnet.IpVersion == version).GatewayIp!)!.MacAddress;

    /// <summary>Who has an address outside.</summary>
    public MacAddress MacOutside(IPAddress address) =>
        _cloud.Ports.Single(port => port.FixedIps.Any(ip => ip.IpAddress.Equals(address))).MacAddress;

    public static IPAddress AddressOf(Port port, int version) =>
        port.FixedIps.Single(ip => ip.IpAddress.Version() == version).IpAddress;

    private static IEnumerable<Step> Usual()
    {
        yield return new AddHost("host1", "172.31.0.1") { HasOutside = true };
        foreach (var (network, third) in new[] { ("n", 0), ("m", 1) })
        {
            yield return new Create("network", network, $$"""{"name": "{{network}}", "project_id": "p"}""");
            yield return new Create("subnet", $"{network}4",
                $$"""{"network_id": "${{network}}", "ip_version": 4, "cidr": "10.0.{{third}}.0/24"}""");
            yield return new Create("subnet", $"{network}6",
                $$"""{"network_id": "${{network}}", "ip_version": 6, "cidr": "2001:db8:0:{{third}}::/64"}""");
        }
        yield return new Create("group", "open", """{"name": "open", "project_id": "p"}""");
        yield return new Create("group", "g", """{"name": "g", "project_id": "p"}""");
        foreach (var (name, last) in new[] { ("a", 10), ("b", 11), ("c", 12), ("d", 13), ("e", 14) })
        {
            var network = last < 13 ? "n" : "m";
            var third = network == "n" ? 0 : 1;
            yield return new Create("port", name, $$"""
                {"name": "{{name}}", "network_id": "${{network}}", "project_id": "p", "binding:host_id": "host1",
                 "security_groups": ["${{(name == "b" ? "g" : "open")}}"], "mac_address": "{{Pools.MacOf(last)}}",
                 "fixed_ips": [{"subnet_id": "${{network}}4", "ip_address": "10.0.{{third}}.{{last}}"},
                               {"subnet_id": "${{network}}6", "ip_address": "2001:db8:0:{{third}}::{{last}}"}]}
                """);
        }
    }
}
