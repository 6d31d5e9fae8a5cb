using System.Collections.Immutable;
using Alcor.Network.Nodes;
using static System.Globalization.CultureInfo;

namespace Alcor.Server.Tests.Coverage;

/// <summary>Every collection of the API: a new one needs an entry here, and nothing else, to be tested.</summary>
internal static partial class CollectionCases
{
    private const string Networks = "/v2.0/networks";
    private const string Subnets = "/v2.0/subnets";
    private const string Ports = "/v2.0/ports";
    private const string Missing = Probe.NoSuchId;

    /// <summary>In the order of the document.</summary>
    public static readonly ImmutableArray<CollectionCase> All =
    [
        new(Networks, "network", "NetworkNotFound")
        {
            Create = _ => Text("{}"),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"admin_state_up": "maybe"}""", 400, "InvalidInput"),
        },
        new(Subnets, "subnet", "SubnetNotFound")
        {
            Create = async stage => $$"""
                {"network_id": "{{await stage.IdAsync(Networks)}}", "ip_version": 4, "cidr": "10.1.0.0/24"}
                """,
            Update = """{"name": "renamed"}""",
            Refused = new(
                $$"""{"network_id": "{{Missing}}", "ip_version": 4, "cidr": "10.0.0.0/8"}""", 404, "NetworkNotFound"),
            // The owner of the network is one who may, of whatever role: so in Neutron 21.0.
            WriteBy = Who.Owner,
        },
        new("/v2.0/subnetpools", "subnetpool", "SubnetPoolNotFound")
        {
            Create = _ => Text("""{"name": "pool", "prefixes": ["10.0.0.0/16", "10.2.0.0/16"]}"""),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"name": "pool", "prefixes": []}""", 400, "EmptySubnetPoolPrefixList"),
            Actions = Actions(
                ("add_prefixes", (_, _) => Body("""{"prefixes": ["10.4.0.0/16"]}""")),
                ("remove_prefixes", (_, _) => Body("""{"prefixes": ["10.2.0.0/16"]}""")),
                ("onboard_network_subnets", async (stage, _) =>
                    $$"""{"network_id": "{{(await stage.CreateAsync(Subnets)).Row["network_id"]}}"}""")),
        },
        new("/v2.0/address-scopes", "address_scope", "AddressScopeNotFound")
        {
            Create = _ => Text("""{"name": "scope", "ip_version": 4}"""),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"name": "scope", "ip_version": 5}""", 400, "HTTPBadRequest"),
        },
        new(Ports, "port", "PortNotFound")
        {
            Create = async stage => $$"""
                {"network_id": "{{await stage.IdAsync(Networks)}}", "device_owner": "compute:nova"}
                """,
            Update = """{"name": "renamed"}""",
            Refused = new($$"""{"network_id": "{{Missing}}"}""", 404, "NetworkNotFound"),
        },
        new("/v2.0/ports/{port_id}/bindings", "binding", "PortBindingNotFound")
        {
            Parent = Ports,
            Create = async stage => $$"""{"host": "{{await stage.HostAsync()}}"}""",
            Update = """{"vnic_type": "normal"}""",
            Refused = new("""{"host": "nowhere"}""", 500, "PortBindingError"),
            Key = "host",
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
            Actions = Actions(("activate", ActivateAnotherAsync)),
        },
        new("/v2.0/segments", "segment", "SegmentNotFound")
        {
            Create = async stage => $$"""
                {"network_id": "{{await stage.IdAsync(Networks)}}", "network_type": "vxlan",
                 "segmentation_id": {{(90_000 + Stage.Next()).ToString(InvariantCulture)}}}
                """,
            Update = """{"name": "renamed"}""",
            Refused = new(
                $$"""{"network_id": "{{Missing}}", "network_type": "vxlan"}""", 404, "NetworkNotFound"),
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
        new("/v2.0/network-segment-ranges", "network_segment_range", "NetworkSegmentRangeNotFound")
        {
            Create = _ => Text($$"""
                {"name": "range", "network_type": "vlan", "physical_network": "physical-{{Stage.Next()}}",
                 "minimum": 100, "maximum": 200, "shared": true}
                """),
            Update = """{"name": "renamed"}""",
            Refused = new(
                """{"network_type": "vlan", "physical_network": "x", "minimum": 5, "maximum": 4, "shared": true}""",
                400,
                "InvalidInput"),
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
        new("/v2.0/network-ip-availabilities", "network_ip_availability", "NetworkNotFound")
        {
            Existing = stage => stage.IdAsync(Networks),
            ReadBy = Who.Admin,
        },
        .. Groups,
        .. QualityOfService,
        .. Gateways,
        .. LocalIpsAndProxies,
        .. Trunks,
        .. Metering,
        new("/v2.0/rbac-policies", "rbac_policy", "RbacPolicyNotFound")
        {
            Create = async stage => $$"""
                {"object_type": "network", "object_id": "{{await stage.IdAsync(Networks)}}",
                 "action": "access_as_shared", "target_tenant": "friend"}
                """,
            Update = """{"target_tenant": "another"}""",
            Refused = new(
                $$"""{"object_type": "planet", "object_id": "{{Missing}}", "action": "x", "target_tenant": "y"}""",
                400,
                "HTTPBadRequest"),
        },
        new("/v2.0/flavors", "flavor", "FlavorNotFound")
        {
            Create = _ => Text("""{"name": "flavor", "service_type": "L3_ROUTER_NAT"}"""),
            Update = """{"description": "changed"}""",
            Refused = new("""{"service_type": "CATERING"}""", 400, "InvalidServiceType"),
            ReadBy = Who.AnyReader,
            WriteBy = Who.Admin,
        },
        new("/v2.0/service_profiles", "service_profile", "ServiceProfileNotFound")
        {
            Create = _ => Text("""{"metainfo": "{}"}"""),
            Update = """{"description": "changed"}""",
            Refused = new("""{"driver": ""}""", 400, "ServiceProfileEmpty"),
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
        new("/v2.0/agents", "agent", "AgentNotFound")
        {
            Existing = async stage => await AgentAsync(stage, await stage.HostAsync()),
            Update = """{"description": "changed"}""",
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
        new("/v2.0/availability_zones", "availability_zone", "AvailabilityZoneNotFound")
        {
            Existing = async stage =>
            {
                var host = await stage.HostAsync();
                await stage.ChangeAsync($"/v1/nodes/{host}", $$$"""{"node": {"zone": "zone-of-{{{host}}}"}}""");
                await AgentAsync(stage, host);
                return $"zone-of-{host}";
            },
            ReadBy = Who.AnyReader,
        },
        .. Native,
    ];

    public static CollectionCase Of(string path) => All.Single(of => of.Path == path);

    /// <summary>Only a binding that is not in use can be activated.</summary>
    private static async Task<string?> ActivateAnotherAsync(Stage stage, Made binding)
    {
        var host = await stage.HostAsync();
        var body = $$$"""{"binding": {"host": "{{{host}}}"}}""";
        (await stage.SendAsync("POST", binding.Collection, body, stage.Admin)).Is(201);
        await stage.ChangeAsync($"{binding.Collection}/{host}/activate", "{}");
        return null;
    }

    private static async Task<string> AgentAsync(Stage stage, string host)
    {
        var id = Guid.NewGuid().ToString();
        await stage.ExecuteAsync(new ConnectAgent(
            new AgentSession(host, id), id, ImmutableSortedDictionary<string, string>.Empty));
        return id;
    }

    private static Task<string> Text(string attributes) => Task.FromResult(attributes);

    private static Task<string?> Body(string? body) => Task.FromResult(body);

    private static ImmutableDictionary<string, Func<Stage, Made, Task<string?>>> Actions(
        params (string Name, Func<Stage, Made, Task<string?>> Body)[] actions) =>
        actions.ToImmutableDictionary(action => action.Name, action => action.Body);
}
