using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests.HostServices;

/// <summary>Machines ask for metadata as cloud-init does, and somebody in Nova's place hears who asks.</summary>
[Collection(HostServicesCollection.Name)]
public sealed class MetadataTests(HostServicesFixture fixture)
{
    private const string Service = "http://169.254.169.254";

    private Region Region => fixture.Region;

    private RegionHost Alpha => Region.Hosts[0];

    private RegionHost Beta => Region.Hosts[1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nova_hears_which_machine_asks_in_networks_that_have_the_same_addresses()
    {
        await using var left = await TenantNetwork.CreateAsync(Region, "10.8.0.0/24");
        await using var right = await TenantNetwork.CreateAsync(Region, "10.8.0.0/24");
        var (one, onePort) = await left.BootAsync(Alpha, Machine("machine-one", "10.8.0.9"));
        var (two, twoPort) = await right.BootAsync(Alpha, Machine("machine-two", "10.8.0.9"));
        var (far, farPort) = await left.BootAsync(Beta, Machine("machine-far", "10.8.0.10"));
        Assert.Equal(onePort.Address, twoPort.Address);

        Assert.Equal("machine-one 10.8.0.9", await GetAsync(one, "/latest/meta-data/instance-id"));
        Assert.Equal("machine-two 10.8.0.9", await GetAsync(two, "/latest/meta-data/instance-id"));
        Assert.Equal($"machine-far {farPort.Address}", await GetAsync(far, "/latest/meta-data/instance-id"));
        var trace = await PacketTrace.OfAsync(Region, farPort, "169.254.169.254", "tcp 80");
        Assert.True(trace.Arrives, trace.Text);
        Assert.Contains("is for the metadata service", trace.Text);
    }

    [Fact]
    public async Task Over_ipv6_too_nova_hears_which_machine_asks()
    {
        await using var left = await TenantNetwork.CreateAsync(Region, "10.8.0.0/24");
        await using var right = await TenantNetwork.CreateAsync(Region, "10.8.0.0/24");
        foreach (var (network, id) in new[] { (left, "machine-six"), (right, "machine-seven") })
        {
            var subnet = await Region.Api.CreateAsync("subnets", new JsonObject
            {
                ["network_id"] = network.Id, ["ip_version"] = 6, ["cidr"] = "2001:db8:8::/64",
                ["ipv6_address_mode"] = "slaac",
            }, Token);
            var port = Machine(id, "10.8.0.9");
            port["fixed_ips"]!.AsArray().Add(new JsonObject { ["subnet_id"] = (string)subnet["id"]! });
            var (machine, _) = await network.BootAsync(Alpha, port);
            await machine.RunAsync("sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=0");
            var address = "";
            await Traffic.EventuallyAsync(async () => (address = await LinkLocalAddressAsync(machine)).Length > 0,
                "the machine has no link-local address");
            foreach (var host in new[] { "[fe80::a9fe:a9fe]", "[fe80::a9fe:a9fe%eth0]" })
            {
                Assert.Equal($"{id} {address}", await machine.RunAsync("curl", "-sS", "-f", "-g", "-m", "10",
                    "-H", $"Host: {host}", "http://[fe80::a9fe:a9fe%25eth0]/latest/meta-data/instance-id"));
            }
        }
    }

    [Fact]
    public async Task What_a_machine_asks_goes_through_and_what_it_says_of_itself_does_not()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.8.0.0/24");
        var (machine, _) = await network.BootAsync(Alpha, Machine("machine-three", "10.8.0.9"));
        fixture.Nova.Requests.Clear();

        await machine.RunAsync("curl", "-sS", "-m", "10", "-X", "POST", "--data-binary", "a password",
            "-H", "X-Own: kept", "-H", "X-Instance-ID: machine-one", "-H", "X_Tenant_ID: another",
            "-H", "X-Forwarded-For: 192.0.2.1", "-H", "X-Instance-ID-Signature: 00",
            $"{Service}/openstack/2013-04-04/password?a=%2F");

        var asked = Assert.Single(fixture.Nova.Requests);
        Assert.Equal(("POST", "/openstack/2013-04-04/password?a=%2F", "a password"),
            (asked.Method, asked.Target, asked.Body));
        Assert.Equal("kept", asked.Headers["X-Own"]);
        Assert.Equal("machine-three", asked.Headers["X-Instance-ID"]);
        Assert.Equal("10.8.0.9", asked.Headers["X-Forwarded-For"]);
        Assert.NotEqual("another", asked.Headers["X-Tenant-ID"]);
        Assert.False(asked.Headers.ContainsKey("X_Tenant_ID"));
        var signature = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(HostServicesFixture.Secret), "machine-three"u8);
        Assert.Equal(Convert.ToHexStringLower(signature), asked.Headers["X-Instance-ID-Signature"]);
    }

    [Fact]
    public async Task A_machine_without_a_way_to_anybody_has_metadata_and_a_port_of_none_has_not()
    {
        await using var network = await TenantNetwork.CreateAsync(
            Region, "10.8.0.0/24", new JsonObject { ["gateway_ip"] = null });
        var closed = Machine("machine-closed", "10.8.0.9");
        closed["security_groups"] = new JsonArray();
        var (machine, _) = await network.BootAsync(Alpha, closed);
        var (appliance, _) = await network.BootAsync(Alpha, new JsonObject { ["device_owner"] = "appliance" });

        Assert.Contains("169.254.169.254 dev eth0", await machine.RunAsync("ip", "route"));
        Assert.Equal("machine-closed 10.8.0.9", await GetAsync(machine, "/latest"));
        Assert.Equal(300_000, (await GetAsync(machine, "/latest/meta-data/large")).Length);
        Assert.Equal("404", await StatusAsync(appliance));
    }

    [Fact]
    public async Task A_machine_reaches_nothing_else_of_its_host()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.8.0.0/24");
        var (machine, _) = await network.BootAsync(Alpha, Machine("machine-curious", "10.8.0.9"));
        foreach (var port in new[] { 22, 8080, 9697 })
        {
            var result = await machine.Namespace.Command(
                "curl", "-sS", "-m", "1", $"{Service}:{port}/").ResultAsync(Token);
            Assert.NotEqual(0, result.ExitCode);
        }
        await Traffic.RequireSilenceAsync(machine, "169.254.169.254");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metadata_is_there_after_a_restart_of_the_switch_or_of_the_agent(bool ofAgent)
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.8.0.0/24");
        var (machine, _) = await network.BootAsync(Beta, Machine("machine-four", "10.8.0.9"));
        Assert.Equal("200", await StatusAsync(machine));

        if (ofAgent)
        {
            await Beta.KillAgentAsync();
            Assert.Equal("000", await StatusAsync(machine));
            Beta.StartAgent();
        }
        else
        {
            await Beta.Lab.Switch.KillSwitchAsync();
            await Beta.Lab.Switch.StartSwitchAsync(Token);
        }

        await Traffic.EventuallyAsync(
            async () => await StatusAsync(machine) == "200", "the metadata service does not come back");
        Assert.Equal("machine-four 10.8.0.9", await GetAsync(machine, "/latest"));
    }

    private static JsonObject Machine(string id, string address) => new()
    {
        ["device_owner"] = "compute:nova",
        ["device_id"] = id,
        ["fixed_ips"] = new JsonArray(new JsonObject { ["ip_address"] = address }),
    };

    private static Task<string> GetAsync(VirtualMachine machine, string path) =>
        machine.RunAsync("curl", "-sS", "-f", "-m", "10", Service + path);

    /// <summary>Empty: it has none yet that nobody else has.</summary>
    private static async Task<string> LinkLocalAddressAsync(VirtualMachine machine)
    {
        var line = await machine.RunAsync(
            "ip", "-6", "-o", "addr", "show", "dev", "eth0", "scope", "link", "-tentative");
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3)?.Split('/')[0] ?? "";
    }

    /// <summary>000: nobody has answered.</summary>
    private static async Task<string> StatusAsync(VirtualMachine machine)
    {
        var result = await machine.Namespace.Command(
            "curl", "-sS", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}", $"{Service}/latest").ResultAsync(Token);
        return result.Output;
    }
}
