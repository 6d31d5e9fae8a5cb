using System.Text.Json.Nodes;

namespace Alcor.Server.Tests.Coverage;

/// <summary>Routers, floating IPs, trunks and what is below them.</summary>
internal static partial class CollectionCases
{
    private const string Routers = "/v2.0/routers";
    private const string FloatingIps = "/v2.0/floatingips";
    private const string LocalIps = "/v2.0/local-ips";

    private static IEnumerable<CollectionCase> Gateways =>
    [
        new(Routers, "router", "RouterNotFound")
        {
            Create = _ => Text("{}"),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"admin_state_up": "maybe"}""", 400, "InvalidInput"),
            Actions = Actions(
                ("add_router_interface", async (stage, _) => Interface(await stage.IdAsync(Subnets))),
                ("remove_router_interface", AddInterfaceAsync),
                ("add_extraroutes", (stage, router) => RoutesAsync(stage, router, areThere: false)),
                ("remove_extraroutes", (stage, router) => RoutesAsync(stage, router, areThere: true))),
        },
        new("/v2.0/routers/{router_id}/conntrack_helpers", "conntrack_helper", "ConntrackHelperNotFound")
        {
            Parent = Routers,
            Create = _ => Text("""{"protocol": "tcp", "port": 21, "helper": "ftp"}"""),
            Update = """{"port": 2121}""",
            Refused = new("""{"protocol": "tcp", "port": 0, "helper": "ftp"}""", 400, "HTTPBadRequest"),
            ReadBy = Who.Owner,
            WriteBy = Who.Owner,
        },
        new(FloatingIps, "floatingip", "FloatingIPNotFound")
        {
            Create = async stage => $$"""{"floating_network_id": "{{await stage.ExternalNetworkAsync()}}"}""",
            Update = """{"description": "changed"}""",
            Refused = new($$"""{"floating_network_id": "{{Missing}}"}""", 404, "NetworkNotFound"),
        },
        new("/v2.0/floatingip_pools", "floatingip_pool", "SubnetNotFound")
        {
            Existing = async stage => await stage.SubnetOfAsync(await stage.ExternalNetworkAsync()),
            Key = "subnet_id",
            ReadBy = Who.AnyReader,
        },
        new("/v2.0/floatingips/{floatingip_id}/port_forwardings", "port_forwarding", "PortForwardingNotFound")
        {
            Parent = FloatingIps,
            Create = ForwardingAsync,
            Update = """{"description": "changed"}""",
            Refused = new(Forwarding(Missing, "10.1.0.5"), 404, "PortNotFound"),
            ReadBy = Who.Owner,
            WriteBy = Who.Owner,
        },
    ];

    private static IEnumerable<CollectionCase> LocalIpsAndProxies =>
    [
        new(LocalIps, "local_ip", "LocalIPNotFound")
        {
            Create = async stage => $$"""{"network_id": "{{(await stage.CreateAsync(Subnets)).Row["network_id"]}}"}""",
            Update = """{"name": "renamed"}""",
            Refused = new("{}", 400, "LocalIPPortOrNetworkRequired"),
        },
        new("/v2.0/local-ips/{local_ip_id}/port_associations", "port_association", "LocalIPAssociationNotFound")
        {
            Parent = LocalIps,
            Create = async stage => $$"""
                {"fixed_port_id": "{{await PortIdAsync(stage, (await stage.CreateAsync(Subnets)).Row)}}"}
                """,
            Refused = new($$"""{"fixed_port_id": "{{Missing}}"}""", 400, "BadRequest"),
            Key = "fixed_port_id",
            ReadBy = Who.Owner,
            WriteBy = Who.Owner,
        },
        new("/v2.0/ndp-proxies", "ndp_proxy", "NDPProxyNotFound")
        {
            Create = ProxyAsync,
            Update = """{"name": "renamed"}""",
            Refused = new($$"""{"router_id": "{{Missing}}", "port_id": "{{Missing}}"}""", 404, "PortNotFound"),
        },
    ];

    private static IEnumerable<CollectionCase> Trunks =>
    [
        new("/v2.0/trunks", "trunk", "TrunkNotFound")
        {
            Create = async stage => $$"""{"port_id": "{{await stage.IdAsync(Ports)}}"}""",
            Update = """{"name": "renamed"}""",
            Refused = new($$"""{"port_id": "{{Missing}}"}""", 404, "PortNotFound"),
            Actions = Actions(
                ("get_subports", (_, _) => Body(null)),
                ("add_subports", async (stage, _) => SubPorts(await stage.IdAsync(Ports))),
                ("remove_subports", async (stage, trunk) =>
                {
                    var body = SubPorts(await stage.IdAsync(Ports));
                    await stage.ChangeAsync($"{trunk.Path}/add_subports", body);
                    return body;
                })),
        },
    ];

    private static string SubPorts(string port) => $$"""
        {"sub_ports": [{"port_id": "{{port}}", "segmentation_type": "vlan", "segmentation_id": 100}]}
        """;

    private static string Interface(string subnet) => $$"""{"subnet_id": "{{subnet}}"}""";

    private static async Task<string?> AddInterfaceAsync(Stage stage, Made router)
    {
        var body = Interface(await stage.IdAsync(Subnets));
        await stage.ChangeAsync($"{router.Path}/add_router_interface", body);
        return body;
    }

    private static async Task<string?> RoutesAsync(Stage stage, Made router, bool areThere)
    {
        await AddInterfaceAsync(stage, router);
        const string body = """{"router": {"routes": [{"destination": "10.9.0.0/16", "nexthop": "10.1.0.9"}]}}""";
        if (areThere)
            await stage.ChangeAsync($"{router.Path}/add_extraroutes", body);
        return body;
    }

    /// <summary>To a port behind a router that leads to the network of the floating IP.</summary>
    private static async Task<string> ForwardingAsync(Stage stage)
    {
        var (router, subnet) = (await stage.CreateAsync(Routers), await stage.CreateAsync(Subnets));
        var gateway = $$"""{"network_id": "{{await stage.ExternalNetworkAsync()}}"}""";
        await stage.ChangeAsync(router.Path, $$$"""{"router": {"external_gateway_info": {{{gateway}}}}}""");
        await stage.ChangeAsync($"{router.Path}/add_router_interface", Interface(subnet.Id));
        var port = await PortAsync(stage, subnet.Row);
        return Forwarding((string)port["id"]!, (string)port["fixed_ips"]![0]!["ip_address"]!);
    }

    /// <summary>A port with an address in a subnet.</summary>
    private static async Task<JsonNode> PortAsync(Stage stage, JsonNode subnet)
    {
        var body = $$$"""{"port": {"network_id": "{{{subnet["network_id"]}}}"}}""";
        return (await stage.SendAsync("POST", Ports, body, stage.Admin)).Is(201)["port"];
    }

    private static async Task<string> PortIdAsync(Stage stage, JsonNode subnet) =>
        (string)(await PortAsync(stage, subnet))["id"]!;

    /// <summary>Of a port behind a router, in the IPv6 address scope of the network that it leads to.</summary>
    private static async Task<string> ProxyAsync(Stage stage)
    {
        var scope = await MakeAsync("address-scopes", "address_scope", """{"name": "scope", "ip_version": 6}""");
        var pool = await MakeAsync(
            "subnetpools",
            "subnetpool",
            $$"""{"name": "pool", "prefixes": ["fd00::/48"], "address_scope_id": "{{scope["id"]}}"}""");
        var (external, inside) = (await SubnetAsync(isExternal: true), await SubnetAsync(isExternal: false));
        var router = await MakeAsync(
            "routers",
            "router",
            $$$"""
            {"enable_ndp_proxy": true, "external_gateway_info": {"network_id": "{{{external["network_id"]}}}"} }
            """);
        await stage.ChangeAsync(
            $"{Routers}/{router["id"]}/add_router_interface", Interface((string)inside["id"]!));
        return $$"""{"router_id": "{{router["id"]}}", "port_id": "{{await PortIdAsync(stage, inside)}}"}""";

        async Task<JsonNode> SubnetAsync(bool isExternal)
        {
            var network = await MakeAsync(
                "networks", "network", isExternal ? """{"router:external": true}""" : "{}");
            return await MakeAsync(
                "subnets",
                "subnet",
                $$"""
                {"network_id": "{{network["id"]}}", "ip_version": 6, "subnetpool_id": "{{pool["id"]}}",
                 "prefixlen": 64}
                """);
        }

        async Task<JsonNode> MakeAsync(string collection, string envelope, string attributes) =>
            (await stage.SendAsync(
                "POST", $"/v2.0/{collection}", $$"""{"{{envelope}}": {{attributes}}}""", stage.Admin))
            .Is(201)[envelope];
    }

    private static string Forwarding(string port, string address) => $$"""
        {"internal_port_id": "{{port}}", "internal_ip_address": "{{address}}", "internal_port": 80,
         "external_port": 8080, "protocol": "tcp"}
        """;
}
