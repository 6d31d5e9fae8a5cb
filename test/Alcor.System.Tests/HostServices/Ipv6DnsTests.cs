using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests.HostServices;

/// <summary>Machines that have no IPv4 ask for names with dig, of whom they are told.</summary>
[Collection(HostServicesCollection.Name)]
public sealed class Ipv6DnsTests(HostServicesFixture fixture)
{
    private const string Host = "fe80::a9fe:a9fe";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Region Region => fixture.Region;

    private RegionHost Alpha => Region.Hosts[0];

    private RegionHost Beta => Region.Hosts[1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("slaac")]
    [InlineData("dhcpv6-stateless")]
    [InlineData("dhcpv6-stateful")]
    public async Task Machines_of_IPv6_alone_have_names_from_their_host(string mode)
    {
        await using var network = await CreateAsync(mode);
        await using var router = await JoinedNetworks.CreateAsync(Region, network);
        var (machine, port) = await BootAsync(network, Alpha);
        var (_, other) = await BootAsync(network, Beta);
        if (mode != "slaac")
            await IsToldAsync(machine, mode, Host);
        await Traffic.EventuallyAsync(async () => (await machine.RunAsync(
                "ip", "-6", "addr", "show", "dev", "eth0", "scope", "global", "-tentative")).Contains(port.Address),
            "the machine does not have the address of its port");

        var (name, before) = (NameOf(other), fixture.Resolver.Asked);
        foreach (var way in new[] { "+notcp", "+tcp" })
        {
            Assert.Equal(other.Address, await DigAsync(machine, way, "AAAA", name));
            Assert.Equal(port.Address, await DigAsync(machine, way, "AAAA", NameOf(port)));
            Assert.Equal(name + ".", await DigAsync(machine, way, "-x", other.Address));
            Assert.Contains("NXDOMAIN", await WholeAsync(machine, way, "AAAA", "nobody.openstacklocal"));
            Assert.Contains("NOERROR", await WholeAsync(machine, way, "A", name));
        }
        Assert.Equal(before, fixture.Resolver.Asked);
        Assert.Equal("192.0.2.77", await DigAsync(machine, "www.example.org"));
        Assert.Equal("192.0.2.77", await DigAsync(machine, "+tcp", "www.example.org"));
        // By UDP it is told to ask again, and does.
        Assert.Equal("192.0.2.77", await DigAsync(machine, "long.example.org"));
        Assert.Equal(before + 4, fixture.Resolver.Asked);

        var trace = await PacketTrace.OfAsync(Region, port, Host, "udp 53");
        Assert.True(trace.Arrives, trace.Text);
        Assert.Contains("is a question for a name", trace.Text);
    }

    [Fact]
    public async Task Others_have_their_names_from_their_own_network_over_IPv6_too()
    {
        await using var left = await CreateAsync("slaac");
        await using var right = await CreateAsync("slaac");
        var (one, _) = await BootAsync(left, Alpha);
        var (two, _) = await BootAsync(right, Alpha);
        var (_, hidden) = await BootAsync(left, Alpha);

        Assert.Equal(hidden.Address, await DigAsync(one, "AAAA", NameOf(hidden)));
        Assert.Contains("NXDOMAIN", await WholeAsync(two, "AAAA", NameOf(hidden)));
    }

    [Fact]
    public async Task DHCPv6_tells_of_the_name_servers_of_the_subnet_if_it_has_some()
    {
        await using var network = await CreateAsync("dhcpv6-stateful", "2001:db8::53");
        var (machine, _) = await BootAsync(network, Alpha);
        await IsToldAsync(machine, "dhcpv6-stateful", "2001:db8::53");
    }

    private Task<TenantNetwork> CreateAsync(string mode, params string[] nameServers) => TenantNetwork.CreateAsync(
        Region, "2001:db8:9::/64", new JsonObject
        {
            ["ipv6_address_mode"] = mode, ["ipv6_ra_mode"] = mode,
            ["dns_nameservers"] = new JsonArray([.. nameServers.Select(server => JsonValue.Create(server))]),
        });

    /// <summary>With IPv6, and a link-local address that nobody else has.</summary>
    private static async Task<(VirtualMachine Machine, NetworkingPort Port)> BootAsync(
        TenantNetwork network, RegionHost host)
    {
        var port = await network.CreatePortAsync(host);
        var machine = await network.PlugAsync(host, port);
        await network.ActiveAsync(port);
        await machine.RunAsync("sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=0");
        await Traffic.EventuallyAsync(async () => (await machine.RunAsync(
                "ip", "-6", "addr", "show", "dev", "eth0", "scope", "link", "-tentative")).Length > 0,
            "the machine has no link-local address");
        return (machine, port);
    }

    private static async Task IsToldAsync(VirtualMachine machine, string mode, string nameServer)
    {
        Assert.SkipWhen(Dhcpv6Client.WhyNot() is not null, Dhcpv6Client.WhyNot() ?? "");
        var told = await machine.Dhcpv6Async(isStateless: mode == "dhcpv6-stateless", Patience, Token);
        Assert.Equal(nameServer, told["new_dhcp6_name_servers"]);
        Assert.Equal("openstacklocal.", told["new_dhcp6_domain_search"]);
    }

    private static string NameOf(NetworkingPort port) =>
        $"host-{port.Address.Replace(':', '-')}.openstacklocal";

    /// <summary>What is answered, and nothing else.</summary>
    private static async Task<string> DigAsync(VirtualMachine machine, params string[] asked) =>
        (await WholeAsync(machine, ["+short", .. asked])).Trim();

    private static Task<string> WholeAsync(VirtualMachine machine, params string[] asked) =>
        machine.RunAsync("dig", [$"@{Host}%eth0", "+time=3", "+tries=2", .. asked]);
}
