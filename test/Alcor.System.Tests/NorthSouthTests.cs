using System.Diagnostics;
using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>
/// Two networks behind a router with a gateway, from the API to packets: three hosts that all have the network outside.
/// </summary>
public sealed class NorthSouthTests
{
    private const string Outside = "203.0.113.1";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Machines_meet_across_a_router_and_outside_and_a_gateway_outlives_its_host()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync("nso");
        await using var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("nso", hosts: 3), Token);
        var external = await ExternalNetwork.CreateAsync(lab, $"{Outside}/24");
        foreach (var host in lab.Hosts)
            await external.JoinAsync(host);
        using var region = await Region.StartAsync(lab, RegionFixture.Options with
        {
            AgentArguments =
                [.. RegionFixture.Options.AgentArguments, "--bridge-mappings", $"physnet1:{ExternalNetwork.Bridge}"],
        }, Token);
        var cloud = await RoutedCloud.CreateAsync(region);
        // The gateway is on one host; the machines are on the two others, which go on when it ends.
        var gateway = await cloud.GatewayHostAsync();
        var others = region.Hosts.Where(host => host.Name != gateway).ToList();
        var (first, firstPort) = await cloud.Networks[0].BootAsync(others[0]);
        var (second, port) = await cloud.Networks[1].BootAsync(others[1]);
        await TcpService.StartAsync(external.Outside, lab.Directory, 80);
        await TcpService.StartAsync(second.Namespace, lab.Directory, 80);

        await Traffic.AnswerAsync(first, port.Address);
        Assert.Equal(cloud.GatewayAddress, await SeenOutsideAsync(first));
        Assert.Equal(cloud.GatewayAddress, await SeenOutsideAsync(second));

        var floating = await cloud.AssociateAsync(port);
        await Traffic.EventuallyAsync(async () => await SeenOutsideAsync(second) == floating,
            "the floating IP is not what the machine is seen by");
        Assert.Equal(cloud.GatewayAddress, await SeenOutsideAsync(first));
        Assert.Null(await TcpService.AskAsync(external.Outside, floating, 80));
        await cloud.AllowAsync(80);
        await Traffic.EventuallyAsync(async () =>
            await TcpService.AskAsync(external.Outside, floating, 80) == Outside, "the rule does not open port 80");
        Assert.Equal(cloud.GatewayAddress, await TcpService.AskAsync(first.Namespace, floating, 80));
        await RequireToldAsync(region, firstPort, Outside, $"its source becomes {cloud.GatewayAddress}");
        await RequireToldAsync(region, port, Outside, $"its source becomes {floating}");
        await RequireToldAsync(region, firstPort, floating, $"its destination becomes {port.Address}");

        await using var ping = first.StartPing(Outside, Interval);
        await ping.WaitForAnswersAsync(20, Token);
        var clock = Stopwatch.StartNew();
        var dead = region.Hosts.Single(host => host.Name == gateway);
        await dead.KillAgentAsync();
        await dead.Lab.Switch.KillSwitchAsync();
        await ping.WaitForAnswersAsync(5, Token);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"the gateway's host died: {clock.Elapsed.TotalSeconds:0.0} s until it answered again elsewhere, of which "
            + $"{RegionFixture.LivenessSeconds} s until it counted as dead; {ping.Lost.Count} of 50 a second lost");
        Assert.NotEqual(gateway, await cloud.GatewayHostAsync());
        Assert.Equal(floating, await SeenOutsideAsync(second));
    }

    private static Task<string?> SeenOutsideAsync(VirtualMachine machine) =>
        TcpService.AskAsync(machine.Namespace, Outside, 80);

    /// <summary>A trace says so too, and that what is sent to TCP port 80 arrives with its answer.</summary>
    private static async Task RequireToldAsync(
        Region region, NetworkingPort port, string destination, string text)
    {
        var trace = await PacketTrace.OfAsync(region, port, destination, "tcp 80", "--reply");
        Assert.Contains(text, trace.Text);
        Assert.True(trace.Arrives, trace.Text);
    }

    /// <summary>Two tenant networks, a router between them, and its gateway in an external network.</summary>
    private sealed class RoutedCloud(Region region, string external, string router, TenantNetwork[] networks)
    {
        public TenantNetwork[] Networks => networks;

        public string GatewayAddress { get; private set; } = "";

        public static async Task<RoutedCloud> CreateAsync(Region region)
        {
            var external = await region.Api.CreateAsync("networks", new JsonObject
            {
                ["name"] = "outside", ["router:external"] = true,
                ["provider:network_type"] = "flat", ["provider:physical_network"] = "physnet1",
            }, Token);
            await region.Api.CreateAsync("subnets", new JsonObject
            {
                ["network_id"] = (string)external["id"]!, ["ip_version"] = 4, ["cidr"] = "203.0.113.0/24",
                ["gateway_ip"] = Outside, ["enable_dhcp"] = false,
            }, Token);
            await EventuallyHostsAsync(region);
            var router = await region.Api.CreateAsync("routers", new JsonObject
            {
                ["name"] = "router",
                ["external_gateway_info"] = new JsonObject { ["network_id"] = (string)external["id"]! },
            }, Token);
            var id = (string)router["id"]!;
            TenantNetwork[] networks =
            [
                await TenantNetwork.CreateAsync(region, "10.1.0.0/24"),
                await TenantNetwork.CreateAsync(region, "10.2.0.0/24"),
            ];
            foreach (var network in networks)
            {
                await region.Api.ActAsync("routers", id, "add_router_interface",
                    new JsonObject { ["subnet_id"] = network.SubnetId }, Token);
            }
            return new RoutedCloud(region, (string)external["id"]!, id, networks)
            {
                GatewayAddress = (string)router["external_gateway_info"]!["external_fixed_ips"]![0]!["ip_address"]!,
            };
        }

        public async Task<string> GatewayHostAsync()
        {
            var ports = await region.Api.ListAsync("ports", Token);
            var gateway = ports.Single(port => (string?)port["device_owner"] == "network:router_gateway"
                && (string?)port["device_id"] == router);
            return (string)gateway["binding:host_id"]!;
        }

        public async Task<string> AssociateAsync(NetworkingPort port)
        {
            var floating = await region.Api.CreateAsync("floatingips", new JsonObject
            {
                ["floating_network_id"] = external, ["port_id"] = port.Id,
            }, Token);
            return (string)floating["floating_ip_address"]!;
        }

        /// <summary>A rule for everybody, in the group that all machines of the project are in.</summary>
        public async Task AllowAsync(int tcpPort)
        {
            var groups = await region.Api.ListAsync("security-groups", Token);
            await region.Api.CreateAsync("security-group-rules", new JsonObject
            {
                ["security_group_id"] = (string)groups.Single(group => (string?)group["name"] == "default")["id"]!,
                ["direction"] = "ingress", ["protocol"] = "tcp",
                ["port_range_min"] = tcpPort, ["port_range_max"] = tcpPort,
            }, Token);
        }

        private static Task EventuallyHostsAsync(Region region) => Traffic.EventuallyAsync(async () =>
            (await region.Api.ListAsync("agents", Token)).Count(agent => (bool)agent["alive"]!) == region.Hosts.Count,
            "not every agent is there");
    }
}
