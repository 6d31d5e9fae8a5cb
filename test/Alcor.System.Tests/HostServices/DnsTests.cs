using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests.HostServices;

/// <summary>Machines ask for names with dig, which we did not write.</summary>
[Collection(HostServicesCollection.Name)]
public sealed class DnsTests(HostServicesFixture fixture)
{
    private Region Region => fixture.Region;

    private RegionHost Alpha => Region.Hosts[0];

    private RegionHost Beta => Region.Hosts[1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Machines_of_a_network_know_each_other_by_name(bool byTcp)
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.9.0.0/24");
        var (machine, port) = await network.BootAsync(Alpha);
        var (_, other) = await network.BootAsync(Beta);
        var (name, before) = (NameOf(other), fixture.Resolver.Asked);
        string[] way = byTcp ? ["+tcp"] : ["+notcp"];

        Assert.Equal(other.Address, await DigAsync(machine, [.. way, name]));
        Assert.Equal(port.Address, await DigAsync(machine, [.. way, NameOf(port)]));
        Assert.Equal(name + ".", await DigAsync(machine, [.. way, "-x", other.Address]));
        Assert.Contains("NXDOMAIN", await WholeAsync(machine, [.. way, "nobody.openstacklocal"]));
        Assert.Contains("NOERROR", await WholeAsync(machine, [.. way, "AAAA", name]));
        Assert.Equal(before, fixture.Resolver.Asked);
    }

    [Fact]
    public async Task Others_have_their_names_from_their_own_network()
    {
        await using var left = await TenantNetwork.CreateAsync(Region, "10.9.0.0/24");
        await using var right = await TenantNetwork.CreateAsync(Region, "10.9.0.0/24");
        var (one, _) = await left.BootAsync(Alpha);
        var (two, _) = await right.BootAsync(Alpha);
        var (_, hidden) = await left.BootAsync(Alpha);
        var name = NameOf(hidden);

        Assert.Equal(hidden.Address, await DigAsync(one, name));
        Assert.Contains("NXDOMAIN", await WholeAsync(two, name));
    }

    [Fact]
    public async Task Other_names_are_asked_of_others_and_long_answers_by_TCP()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.9.0.0/24");
        var (machine, _) = await network.BootAsync(Alpha);
        var before = fixture.Resolver.Asked;

        Assert.Equal("192.0.2.77", await DigAsync(machine, "www.example.org"));
        Assert.Equal(before + 1, fixture.Resolver.Asked);
        Assert.Equal("192.0.2.77", await DigAsync(machine, "+tcp", "www.example.org"));
        // By UDP it is told to ask again, and does.
        Assert.Equal("192.0.2.77", await DigAsync(machine, "long.example.org"));
        Assert.Equal(before + 4, fixture.Resolver.Asked);
    }

    [Fact]
    public async Task DHCP_tells_of_the_host_unless_the_subnet_has_name_servers()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.9.0.0/24");
        var port = await network.CreatePortAsync(Alpha);
        var machine = await network.PlugAsync(Alpha, port);
        await network.ActiveAsync(port);
        var lease = await machine.DhcpAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal("10.9.0.1", lease.Options["dns"]);
        Assert.Contains("169.254.169.254 via 10.9.0.1 dev eth0", await machine.RunAsync("ip", "route"));
        Assert.Contains("default via 10.9.0.1 dev eth0", await machine.RunAsync("ip", "route"));

        await using var other = await TenantNetwork.CreateAsync(
            Region, "10.9.0.0/24", new JsonObject { ["dns_nameservers"] = new JsonArray("192.0.2.53") });
        var otherPort = await other.CreatePortAsync(Alpha);
        var otherMachine = await other.PlugAsync(Alpha, otherPort);
        await other.ActiveAsync(otherPort);
        lease = await otherMachine.DhcpAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal("192.0.2.53", lease.Options["dns"]);
    }

    private static string NameOf(NetworkingPort port) =>
        $"host-{port.Address.Replace('.', '-')}.openstacklocal";

    /// <summary>What is answered, and nothing else.</summary>
    private static async Task<string> DigAsync(VirtualMachine machine, params string[] asked) =>
        (await machine.RunAsync("dig", ["@10.9.0.1", "+short", "+time=3", "+tries=2", .. asked])).Trim();

    private static Task<string> WholeAsync(VirtualMachine machine, params string[] asked) =>
        machine.RunAsync("dig", ["@10.9.0.1", "+time=3", "+tries=2", .. asked]);
}
