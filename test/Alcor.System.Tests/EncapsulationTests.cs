using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>
/// A VXLAN network and Geneve networks beside it over an underlay of either IP version: two hosts, from the API to
/// packets.
/// </summary>
public sealed class EncapsulationTests
{
    private const string Cidr = "10.9.0.0/24";
    private const string Near = "10.9.0.10";
    private const string Far = "10.9.0.20";
    private const int TcpPort = 80;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The first two have the same number, addresses and MACs; the third is behind a router.</summary>
    [Theory]
    [InlineData(4, RegionFixture.UnderlayMtu - 50)]
    [InlineData(6, RegionFixture.UnderlayMtu - 70)]
    public async Task Networks_of_one_number_are_apart_and_a_router_joins_two_encapsulations(int version, int mtu)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync("enc");
        await using var lab = await LabTopology.StartAsync(
            LabTopologyOptions.ForTest("enc", hosts: 2) with { TunnelIpVersion = version }, Token);
        using var region = await Region.StartAsync(lab, RegionFixture.Options with
        {
            ServeArguments = [.. RegionFixture.Options.ServeArguments, "--underlay-ip-version", $"{version}"],
        }, Token);
        var vxlan = await Twin.CreateAsync(region, "vxlan", 777, Cidr);
        var geneve = await Twin.CreateAsync(region, "geneve", 777, Cidr);
        var behind = await Twin.CreateAsync(region, "geneve", 778, "10.8.0.0/24");

        await vxlan.RequireTogetherAsync(mtu);
        await geneve.RequireTogetherAsync(mtu);
        await RequireApartAsync(vxlan, geneve);
        await RequireApartAsync(geneve, vxlan);

        await JoinAsync(region, vxlan, behind);
        foreach (var one in new[] { vxlan.Near, behind.Far })
            await TcpService.StartAsync(one.Namespace, lab.Directory, TcpPort);
        await Traffic.AnswerAsync(vxlan.Near, "10.8.0.20");
        Assert.Equal("10.8.0.20", await TcpService.AskAsync(behind.Far.Namespace, Near, TcpPort));
        Assert.Equal(Far, await TcpService.AskAsync(vxlan.Far.Namespace, "10.8.0.20", TcpPort));
        await RequireApartAsync(vxlan, geneve);
    }

    /// <summary>What one network has, known and to all, does not arrive at the machines of the other.</summary>
    private static async Task RequireApartAsync(Twin sending, Twin other)
    {
        var before = await other.CountAsync();
        await Traffic.AnswerAsync(sending.Near, Far);
        await sending.Near.Namespace.Command("ping", "-b", "-n", "-c", "5", "-i", "0.02", "-W", "1", "10.9.0.255")
            .ResultAsync(Token);
        Assert.Equal(before, await other.CountAsync());
    }

    private static async Task JoinAsync(Region region, params Twin[] networks)
    {
        var router = await region.Api.CreateAsync("routers", new JsonObject { ["name"] = "router" }, Token);
        foreach (var one in networks)
        {
            await region.Api.ActAsync("routers", (string)router["id"]!, "add_router_interface",
                new JsonObject { ["subnet_id"] = one.Network.SubnetId }, Token);
        }
    }

    /// <summary>A network with a machine on each host.</summary>
    private sealed record Twin(TenantNetwork Network, VirtualMachine Near, VirtualMachine Far, string FarAddress)
    {
        public static async Task<Twin> CreateAsync(Region region, string type, int number, string cidr)
        {
            var network = await TenantNetwork.CreateAsync(region, new JsonObject
            {
                ["provider:network_type"] = type, ["provider:segmentation_id"] = number,
            }, cidr);
            var near = await network.BootAsync(region.Hosts[0], Port(cidr, 10));
            var far = await network.BootAsync(region.Hosts[1], Port(cidr, 20));
            return new Twin(network, near.Machine, far.Machine, far.Port.Address);
        }

        /// <summary>In packets as large as the network says, and none larger.</summary>
        public async Task RequireTogetherAsync(int largest)
        {
            Assert.Equal($"{largest}", (await Near.RunAsync("cat", "/sys/class/net/eth0/mtu")).Trim());
            await Traffic.AnswerAsync(Near, FarAddress);
            await Traffic.AnswerAsync(Far, EncapsulationTests.Near);
            // The machines' own interfaces shall not be what stops a packet.
            foreach (var machine in new[] { Near, Far })
            {
                await machine.RunAsync("ip", "link", "set", "eth0", "mtu", "2000");
                await machine.Host.Namespace.IpAsync($"link set {machine.Name} mtu 2000");
            }
            var whole = await Traffic.PingWholeAsync(Near, FarAddress, largest);
            Assert.True(whole.Lost == 0, whole.Output);
            var larger = await Traffic.PingWholeAsync(Near, FarAddress, largest + 1);
            Assert.True(larger.Received == 0, larger.Output);
        }

        public async Task<(long Near, long Far)> CountAsync() =>
            (await Traffic.ReceivedAsync(Near), await Traffic.ReceivedAsync(Far));

        private static JsonObject Port(string cidr, int number) => new()
        {
            ["mac_address"] = $"fa:16:3e:00:00:{number}",
            ["fixed_ips"] = new JsonArray(new JsonObject
            {
                ["ip_address"] = cidr.Replace("0/24", $"{number}", StringComparison.Ordinal),
            }),
        };
    }
}
