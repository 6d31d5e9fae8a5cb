using System.Text.Json.Nodes;
using Alcor.Bench.Http;
using Alcor.Lab;

namespace Alcor.Bench.Cases;

/// <summary>
/// The same between two hosts within a network and by a router, and to a machine outside: by a floating IP, by the
/// gateway of the router on the same host, and by that on another one.
/// </summary>
internal static class RoutedCase
{
    private const string Outside = "203.0.113.1";

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        if (LabRequirements.WhyNot() is { } reason)
        {
            bench.Report.Say($"routed: left out, because {reason}");
            return;
        }
        await LabTopology.RemoveStaleAsync("br");
        await using var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("br", 2), cancellationToken);
        var external = await ExternalNetwork.CreateAsync(lab, $"{Outside}/24");
        foreach (var host in lab.Hosts)
            await external.JoinAsync(host);
        using var region = await Region.StartAsync(lab, new RegionOptions(ServerUnderTest.Program)
        {
            AgentArguments = ["--bridge-mappings", $"physnet1:{ExternalNetwork.Bridge}"],
        }, cancellationToken);
        var cloud = await Cloud.CreateAsync(region, cancellationToken);
        var (here, there) = (cloud.GatewayHost, 1 - cloud.GatewayHost);
        var near = await cloud.BootAsync("near", here, cloud.Inner);
        var far = await cloud.BootAsync("far", there, cloud.Inner);
        var routed = await cloud.BootAsync("routed", there, cloud.Other);
        var floating = await cloud.BootAsync("floating", there, cloud.Inner);
        await cloud.FloatAsync(floating.Port);

        var ways = new PacketPath(bench, lab, "routed");
        await ways.MeasureAsync("within a network", near.Machine, far.Machine.Namespace, far.Port.Address);
        await ways.MeasureAsync("by a router", near.Machine, routed.Machine.Namespace, routed.Port.Address);
        await ways.MeasureAsync("by a floating IP", floating.Machine, external.Outside, Outside);
        await ways.MeasureAsync("by the gateway here", near.Machine, external.Outside, Outside);
        await ways.MeasureAsync("by the gateway there", far.Machine, external.Outside, Outside);
    }

    /// <summary>Two networks, and a router between them that leads outside.</summary>
    private sealed record Cloud(Region Region, string External, Subnet Inner, Subnet Other)
    {
        public int GatewayHost { get; private init; }

        public static async Task<Cloud> CreateAsync(Region region, CancellationToken cancellationToken)
        {
            while ((await region.Api.ListAsync("agents", cancellationToken)).Count < region.Hosts.Count)
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            var outside = await NetworkAsync(region, new JsonObject
            {
                ["name"] = "outside", ["router:external"] = true,
                ["provider:network_type"] = "flat", ["provider:physical_network"] = "physnet1",
            }, "203.0.113.0/24");
            var router = await region.Api.CreateAsync("routers", new JsonObject
            {
                ["name"] = "router",
                ["external_gateway_info"] = new JsonObject { ["network_id"] = outside.Network },
            }, cancellationToken);
            var inner = await NetworkAsync(region, new JsonObject { ["name"] = "inner" }, "10.1.0.0/24");
            var other = await NetworkAsync(region, new JsonObject { ["name"] = "other" }, "10.2.0.0/24");
            foreach (var subnet in new[] { inner, other })
            {
                await region.Api.ActAsync("routers", (string)router["id"]!, "add_router_interface",
                    new JsonObject { ["subnet_id"] = subnet.Id }, cancellationToken);
            }
            var gateway = (await region.Api.ListAsync("ports", cancellationToken))
                .Single(port => (string?)port["device_owner"] == "network:router_gateway");
            await region.Api.WaitForPortAsync((string)gateway["id"]!, "ACTIVE", cancellationToken);
            return new Cloud(region, outside.Network, inner, other)
            {
                GatewayHost = region.Hosts.TakeWhile(host => host.Name != (string?)gateway["binding:host_id"]).Count(),
            };
        }

        public async Task<(VirtualMachine Machine, NetworkingPort Port)> BootAsync(
            string name, int host, Subnet subnet)
        {
            var port = await Region.Api.CreatePortAsync(new JsonObject
            {
                ["network_id"] = subnet.Network, ["binding:host_id"] = Region.Hosts[host].Name,
            }, CancellationToken.None);
            var machine = await Region.Hosts[host].BootAsync(name, port, CancellationToken.None);
            await Region.Api.WaitForPortAsync(port.Id, "ACTIVE", CancellationToken.None);
            await machine.SetAddressAsync($"{port.Address}/24", subnet.Gateway);
            await machine.RunAsync("ip", "link", "set", "eth0", "mtu", "1450");
            return (machine, port);
        }

        public Task FloatAsync(NetworkingPort port) => Region.Api.CreateAsync("floatingips", new JsonObject
        {
            ["floating_network_id"] = External, ["port_id"] = port.Id,
        }, CancellationToken.None);

        private static async Task<Subnet> NetworkAsync(Region region, JsonObject body, string cidr)
        {
            var network = (string)(await region.Api.CreateAsync("networks", body, CancellationToken.None))["id"]!;
            var subnet = await region.Api.CreateAsync("subnets", new JsonObject
            {
                ["network_id"] = network, ["ip_version"] = 4, ["cidr"] = cidr,
            }, CancellationToken.None);
            return new Subnet(network, (string)subnet["id"]!, (string)subnet["gateway_ip"]!);
        }
    }

    private sealed record Subnet(string Network, string Id, string Gateway);
}
