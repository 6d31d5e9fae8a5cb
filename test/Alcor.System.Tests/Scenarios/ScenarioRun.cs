using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests.Scenarios;

/// <summary>A scenario on a region: what it has there, removed with everything at its end.</summary>
internal sealed partial class ScenarioRun : IAsyncDisposable
{
    private readonly Region _region;
    private readonly Scenario _scenario;
    private readonly Dictionary<string, TenantNetwork> _networks = [];
    private readonly Dictionary<string, string> _groups = [];
    private readonly Dictionary<string, string> _rules = [];
    private readonly Dictionary<string, string> _routers = [];
    private readonly Dictionary<string, (VirtualMachine Machine, NetworkingPort Port)> _machines = [];
    private readonly Dictionary<string, LastingConnection> _connections = [];

    private ScenarioRun(Region region, Scenario scenario)
    {
        (_region, _scenario) = (region, scenario);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ScenarioRun> StartAsync(Region region, Scenario scenario)
    {
        var run = new ScenarioRun(region, scenario);
        try
        {
            await run.BuildAsync();
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    public async Task RunAsync()
    {
        foreach (var step in _scenario.Steps)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{step}");
            await DoAsync(step);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
            await connection.DisposeAsync();
        foreach (var (name, joined) in _scenario.Routers.Where(router => _routers.ContainsKey(router.Router)))
        {
            foreach (var network in joined.Select(one => _networks[one]))
            {
                await _region.Api.ActAsync("routers", _routers[name], "remove_router_interface",
                    new JsonObject { ["subnet_id"] = network.SubnetId }, CancellationToken.None);
            }
            await _region.Api.DeleteAsync("routers", _routers[name], CancellationToken.None);
        }
        foreach (var network in _networks.Values)
            await network.DisposeAsync();
        foreach (var acl in _acls.Values)
            await _region.Api.DeleteAsync(Acls, acl, CancellationToken.None);
        // A rule that names a group keeps it.
        foreach (var rule in _rules.Values)
            await _region.Api.DeleteAsync("security-group-rules", rule, CancellationToken.None);
        foreach (var group in _groups.Values)
            await _region.Api.DeleteAsync("security-groups", group, CancellationToken.None);
    }

    private async Task BuildAsync()
    {
        foreach (var group in _scenario.Groups)
            _groups[group] = await CreateAsync("security-groups", new JsonObject { ["name"] = group });
        foreach (var name in _scenario.Machines.Select(machine => machine.Network).Distinct())
            _networks[name] = await TenantNetwork.CreateAsync(_region, $"10.30.{_networks.Count}.0/24");
        foreach (var (name, joined) in _scenario.Routers)
        {
            _routers[name] = await CreateAsync("routers", new JsonObject { ["name"] = name });
            foreach (var network in joined.Select(one => _networks[one]))
            {
                await _region.Api.ActAsync("routers", _routers[name], "add_router_interface",
                    new JsonObject { ["subnet_id"] = network.SubnetId }, Token);
            }
        }
        foreach (var place in _scenario.Machines)
            _machines[place.Name] = await BootAsync(place);
        foreach (var (to, service) in Asked().Distinct())
            await Conversation.ServeAsync(_machines[to].Machine.Namespace, _region.Lab.Directory, service);
    }

    private IEnumerable<(string To, Service Service)> Asked() => _scenario.Steps.SelectMany(step => step switch
    {
        Reach reach => new[] { (reach.To, reach.Service) },
        Miss miss => [(miss.To, miss.Service)],
        Hold hold => [(hold.To, Service.Tcp(hold.Port))],
        _ => [],
    });

    private async Task<(VirtualMachine Machine, NetworkingPort Port)> BootAsync(Place place)
    {
        var attributes = new JsonObject { ["name"] = place.Name };
        if (place.Groups.Length > 0)
            attributes["security_groups"] = GroupsOf(place.Groups);
        if (place.IsUnprotected)
            attributes["port_security_enabled"] = false;
        if (place.MayBe is { } other)
        {
            attributes["allowed_address_pairs"] =
                new JsonArray(new JsonObject { ["ip_address"] = _machines[other].Port.Address });
        }
        return await _networks[place.Network].BootAsync(_region.Hosts[place.Host], attributes);
    }

    private async Task DoAsync(Step step)
    {
        switch (step)
        {
            case Allow allow:
                _rules[allow.Rule] = await CreateAsync("security-group-rules", BodyOf(allow));
                break;
            case Revoke revoke:
                await RevokeAsync(revoke.Rule);
                break;
            case Put put:
                await _region.Api.UpdateAsync("ports", _machines[put.Machine].Port.Id,
                    new JsonObject { ["security_groups"] = GroupsOf(put.Groups) }, Token);
                break;
            case Lease lease:
                var given = await _machines[lease.Machine].Machine.DhcpAsync(TimeSpan.FromSeconds(30), Token);
                Assert.Equal(_machines[lease.Machine].Port.Address, $"{given.Address}");
                break;
            case OfNetworkAcl ofAcl:
                await DoAsync(ofAcl);
                break;
            case Reach reach:
                await Traffic.EventuallyAsync(
                    () => AskAsync(reach.From, reach.To, reach.Service, reach.As), $"wrong: {reach}");
                break;
            case Miss miss:
                await Traffic.EventuallyAsync(
                    async () => !await AskAsync(miss.From, miss.To, miss.Service, miss.As), $"wrong: {miss}");
                break;
            case Hold hold:
                await Traffic.EventuallyAsync(
                    () => AskAsync(hold.From, hold.To, Service.Tcp(hold.Port), asOther: null), $"wrong: {hold}");
                _connections[hold.Connection] = LastingConnection.Start(
                    _machines[hold.From].Machine.Namespace, _region.Lab.Directory,
                    _machines[hold.To].Port.Address, hold.Port);
                await _connections[hold.Connection].RequireFlowAsync(hold.Connection);
                break;
            case Flows flows:
                await _connections[flows.Connection].RequireFlowAsync(flows.Connection);
                break;
            case Stalls stalls:
                await _connections[stalls.Connection].RequireStallAsync(stalls.Connection);
                break;
        }
    }

    private async Task<bool> AskAsync(string from, string to, Service service, string? asOther)
    {
        var (machine, source) = (_machines[from].Machine, asOther is null ? null : _machines[asOther].Port.Address);
        if (source is not null)
            await machine.Namespace.IpAsync($"addr replace {source}/32 dev eth0");
        var target = _machines[to].Port.Address;
        // An answer to another's address reaches that other, so what counts is whether the question arrived.
        return source is null
            ? await Conversation.AskAsync(machine.Namespace, target, service)
            : await Conversation.IsHeardAsync(
                machine.Namespace, source, (_machines[to].Machine.Namespace, target), _region.Lab.Directory, service);
    }

    private async Task RevokeAsync(string rule)
    {
        var ended = _rules.Remove(rule, out var known) ? [known] : await OwnRulesAsync(rule.Split('/'));
        foreach (var id in ended)
            await _region.Api.DeleteAsync("security-group-rules", id, Token);
    }

    /// <summary>Those that a group came with, by its name and their direction.</summary>
    private async Task<List<string>> OwnRulesAsync(string[] which) =>
    [
        .. from rule in await _region.Api.ListAsync("security-group-rules", Token)
           where (string?)rule["security_group_id"] == _groups[which[0]] && (string?)rule["direction"] == which[1]
           let id = (string)rule["id"]!
           where !_rules.ContainsValue(id)
           select id,
    ];

    private JsonObject BodyOf(Allow allow)
    {
        var body = new JsonObject
        {
            ["security_group_id"] = _groups[allow.Group], ["direction"] = "ingress", ["ethertype"] = "IPv4",
        };
        if (allow.Service is { } service)
            body["protocol"] = service.Kind.Protocol;
        if (allow.Service is { Port: > 0 } ported)
            (body["port_range_min"], body["port_range_max"]) = (ported.Port, ported.Port);
        if (allow.Remote is { } remote)
            body["remote_ip_prefix"] = _machines.TryGetValue(remote, out var one) ? one.Port.Address : remote;
        if (allow.RemoteGroup is { } group)
            body["remote_group_id"] = _groups[group];
        return body;
    }

    private JsonArray GroupsOf(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)_groups[name])];

    private async Task<string> CreateAsync(string collection, JsonObject body) =>
        (string)(await _region.Api.CreateAsync(collection, body, Token))["id"]!;
}
