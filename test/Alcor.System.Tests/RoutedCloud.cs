using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>Two tenant networks, a router between them, and its gateway in an external network.</summary>
internal sealed class RoutedCloud(Region region, string external, string router, TenantNetwork[] networks)
{
    /// <summary>The machine outside, which is the gateway of the external network, too.</summary>
    public const string Outside = "203.0.113.1";

    /// <inheritdoc cref="Outside"/>
    public const string OutsideIpv6 = "2001:db8:ff::1";

    public TenantNetwork[] Networks => networks;

    /// <summary>The id of the external network.</summary>
    public string External => external;

    public string Router => router;

    public string GatewayAddress { get; private set; } = "";

    public string GatewayIpv6Address { get; private set; } = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The network outside, which every host of a lab reaches.</summary>
    public static async Task<ExternalNetwork> OutsideAsync(LabTopology lab)
    {
        var external = await ExternalNetwork.CreateAsync(lab, $"{Outside}/24");
        foreach (var host in lab.Hosts)
            await external.JoinAsync(host);
        return external;
    }

    /// <summary>A region whose hosts have the network outside.</summary>
    public static RegionOptions OptionsOf(RegionOptions usual) => usual with
    {
        AgentArguments = [.. usual.AgentArguments, "--bridge-mappings", $"physnet1:{ExternalNetwork.Bridge}"],
    };

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
        await AddIpv6Async(region, (string)external["id"]!, "2001:db8:ff::/64", OutsideIpv6);
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
        var inside = await AddIpv6Async(region, networks[0].Id, "2001:db8:1::/64", "2001:db8:1::1");
        await region.Api.ActAsync(
            "routers", id, "add_router_interface", new JsonObject { ["subnet_id"] = inside }, Token);
        var addresses = router["external_gateway_info"]!["external_fixed_ips"]!.AsArray()
            .Select(ip => (string)ip!["ip_address"]!).ToLookup(ip => ip.Contains(':', StringComparison.Ordinal));
        return new RoutedCloud(region, (string)external["id"]!, id, networks)
        {
            GatewayAddress = addresses[false].Single(), GatewayIpv6Address = addresses[true].Single(),
        };
    }

    private static async Task<string> AddIpv6Async(Region region, string network, string cidr, string gateway)
    {
        var subnet = await region.Api.CreateAsync("subnets", new JsonObject
        {
            ["network_id"] = network, ["ip_version"] = 6, ["cidr"] = cidr, ["gateway_ip"] = gateway,
            ["enable_dhcp"] = false,
        }, Token);
        return (string)subnet["id"]!;
    }

    /// <summary>The host that has the gateway, and has said that its switch does.</summary>
    public async Task<string> GatewayHostAsync()
    {
        var ports = await region.Api.ListAsync("ports", Token);
        var gateway = ports.Single(port => (string?)port["device_owner"] == "network:router_gateway"
            && (string?)port["device_id"] == router);
        await region.Api.WaitForPortAsync((string)gateway["id"]!, "ACTIVE", Token);
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
    public async Task AllowAsync(string protocol, int? port = null)
    {
        var groups = await region.Api.ListAsync("security-groups", Token);
        await region.Api.CreateAsync("security-group-rules", new JsonObject
        {
            ["security_group_id"] = (string)groups.Single(group => (string?)group["name"] == "default")["id"]!,
            ["direction"] = "ingress", ["protocol"] = protocol,
            ["port_range_min"] = port, ["port_range_max"] = port,
        }, Token);
    }

    private static Task EventuallyHostsAsync(Region region) => Traffic.EventuallyAsync(async () =>
        (await region.Api.ListAsync("agents", Token)).Count(agent => (bool)agent["alive"]!) == region.Hosts.Count,
        "not every agent is there");
}
