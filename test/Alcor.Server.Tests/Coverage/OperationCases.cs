using System.Collections.Immutable;

namespace Alcor.Server.Tests.Coverage;

/// <summary>The operations that belong to no collection.</summary>
internal static class OperationCases
{
    public static readonly ImmutableArray<Probe> All =
    [
        Read("/", Who.Anybody),
        Read("/versions", Who.Anybody),
        Read("/openapi/neutron.json", Who.Anybody),
        Read("/openapi/alcor.json", Who.Anybody),
        Read("/v2.0", Who.Anybody),
        Read("/v2.0/extensions", Who.Anybody),
        Named("GET", "/v2.0/extensions/{alias}", Who.Anybody, _ => "provider", notFound: "HTTPNotFound"),
        Read("/v2.0/qos/rule-types", Who.AnyReader),
        Read("/v2.0/service-providers", Who.AnyReader),
        Read("/v2.0/log/loggable-resources", Who.Admin),
        OfFlavor("POST", "service_profiles", Who.Admin, "FlavorNotFound"),
        OfFlavor("DELETE", "service_profiles/{id}", Who.Admin, "FlavorServiceProfileBindingNotFound"),
        OfFlavor("GET", "next_providers", Who.AnyReader, "FlavorNotFound"),
        Named(
            "GET",
            "/v2.0/qos/rule-types/{type}",
            Who.Admin,
            _ => "bandwidth_limit",
            notFound: "RuleTypeNotFound"),
        OfAny("/v2.0/networks/{id}/dhcp-agents", Who.Admin, _ => Probe.NoSuchId),
        OfAny("/v2.0/routers/{id}/l3-agents", Who.Admin, _ => Probe.NoSuchId),
        OfAgent("GET", "dhcp-networks", ""),
        OfAgent("POST", "dhcp-networks", "") with { Refusal = 404 },
        OfAgent("DELETE", "dhcp-networks", "/{dhcp_network_id}") with { Refusal = 409 },
        OfAgent("GET", "l3-routers", ""),
        OfAgent("POST", "l3-routers", "") with { Refusal = 404 },
        OfAgent("DELETE", "l3-routers", "/{l3_router_id}") with { Refusal = 404 },
        AutoAllocatedTopology("GET", Who.Reader),
        AutoAllocatedTopology("DELETE", Who.Member),
        Read("/v2.0/quotas", Who.Admin),
        Read("/v2.0/quotas/tenant", Who.Anybody),
        Read("/v2.0/quotas/project", Who.Anybody),
        OfAny("/v2.0/quotas/{id}", Who.Owner, stage => stage.Project),
        Named("PUT", "/v2.0/quotas/{id}", Who.Admin, stage => stage.Project, """{"quota": {"network": 5}}"""),
        Named("DELETE", "/v2.0/quotas/{id}", Who.Admin, stage => stage.Project) with
        {
            MakeAsync = async stage =>
            {
                var path = $"/v2.0/quotas/{stage.Project}";
                (await stage.SendAsync("PUT", path, """{"quota": {"port": 5}}""", stage.Admin)).Is(200);
                return new ProbeRequest(path, Body: null, $"/v2.0/quotas/{Probe.NoSuchId}");
            },
            NotFound = "TenantQuotaNotFound",
        },
        OfAny("/v2.0/quotas/{id}/default", Who.Owner, stage => stage.Project),
        OfAny("/v2.0/quotas/{id}/details", Who.Owner, stage => stage.Project),
        new("POST", "/v1/nodes/upload", Who.Admin, _ => Task.FromResult(new ProbeRequest(
            "/v1/nodes/upload", $$"""{"nodes": [{{CollectionCases.Node()}}, {{CollectionCases.Node()}}]}"""))),
        new("POST", $"{CollectionCases.Addresses}/release", Who.Admin, async stage =>
        {
            var made = await stage.CreateAsync(CollectionCases.Addresses);
            return new ProbeRequest($"{made.Collection}/release", $$"""{"ids": ["{{made.Id}}"]}""", Made: made);
        }),
        OfHosts("/v1/ports/{id}/explain"),
        OfHosts("/v1/networks/{id}/convergence"),
        new("GET", "/v1/ports/{id}/trace", Who.Reader, async stage =>
        {
            const string question = "trace?destination=10.0.0.1";
            var port = await stage.CreateAsync("/v2.0/ports");
            return new ProbeRequest(
                $"/v1/ports/{port.Id}/{question}", Body: null, $"/v1/ports/{Probe.NoSuchId}/{question}", port);
        }, "PortNotFound"),
    ];

    /// <summary>The server of the tests hears of no hosts.</summary>
    private static Probe OfHosts(string path) =>
        Named("GET", path, Who.Admin, _ => Probe.NoSuchId) with { Refusal = 501 };

    /// <summary>Of whatever is asked there is an answer, also of what is not there.</summary>
    private static Probe OfAny(string path, Who by, Func<Stage, string> name) =>
        Named("GET", path, by, name) with { TakesAnything = true };

    private static Probe OfAgent(string method, string plural, string rest) => new(
        method,
        $"/v2.0/agents/{{id}}/{plural}{rest}",
        Who.Admin,
        async stage =>
        {
            var agent = await stage.CreateAsync("/v2.0/agents");
            var tail = $"/{plural}{(rest.Length > 0 ? $"/{Probe.NoSuchId}" : "")}";
            return new ProbeRequest($"{agent.Path}{tail}", Body: null, $"{agent.Collection}/{Probe.NoSuchId}{tail}");
        },
        "AgentNotFound");

    /// <summary>A flavor and a profile; but for a POST, the one is made of the other.</summary>
    private static Probe OfFlavor(string method, string rest, Who by, string notFound) => new(
        method,
        $"/v2.0/flavors/{{flavor_id}}/{rest}",
        by,
        async stage =>
        {
            const string driver = """{"service_profile": {"driver": "alcor"}}""";
            var flavor = await stage.CreateAsync("/v2.0/flavors");
            var made = (await stage.SendAsync("POST", "/v2.0/service_profiles", driver, stage.Admin)).Is(201);
            var profile = (string)made["service_profile"]["id"]!;
            var body = $$$"""{"service_profile": {"id": "{{{profile}}}"}}""";
            if (method != "POST")
                (await stage.SendAsync("POST", $"{flavor.Path}/service_profiles", body, stage.Admin)).Is(201);
            var tail = rest.Replace("{id}", profile, StringComparison.Ordinal);
            return new ProbeRequest(
                $"{flavor.Path}/{tail}",
                method == "POST" ? body : null,
                $"{flavor.Collection}/{Probe.NoSuchId}/{tail}",
                flavor);
        },
        notFound);

    private static Probe AutoAllocatedTopology(string method, Who by) =>
        new(method, "/v2.0/auto-allocated-topology/{project}", by, async stage =>
        {
            foreach (var (at, body) in new[]
            {
                ("networks", """{"network": {"router:external": true, "is_default": true}}"""),
                (
                    "subnetpools",
                    """
                    {"subnetpool": {"name": "p", "prefixes": ["10.0.0.0/8"], "is_default": true, "shared": true,
                     "default_prefixlen": 26}}
                    """),
            })
                await stage.SendAsync("POST", $"/v2.0/{at}", body, stage.Admin);
            return new ProbeRequest($"/v2.0/auto-allocated-topology/{stage.Project}", Body: null);
        }) { TakesAnything = true };

    private static Probe Read(string path, Who by) =>
        new("GET", path, by, _ => Task.FromResult(new ProbeRequest(path, Body: null))) { TakesAnything = true };

    /// <param name="name">What is in the place of the path's one parameter.</param>
    private static Probe Named(
        string method, string path, Who by, Func<Stage, string> name, string? body = null, string? notFound = null)
    {
        var (from, to) = (path.IndexOf('{', StringComparison.Ordinal), path.IndexOf('}', StringComparison.Ordinal));
        string With(string value) => $"{path[..from]}{value}{path[(to + 1)..]}";
        var missing = notFound is null ? null : With("no-such-name");
        return new Probe(
            method, path, by, stage => Task.FromResult(new ProbeRequest(With(name(stage)), body, missing)), notFound);
    }
}
