using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Network.AddressGroups;
using Alcor.Network.FloatingIps;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Subnets;
using Alcor.Network.Tests;
using Alcor.Network.Trunks;

namespace Alcor.Reachability.Tests;

/// <summary>
/// A cloud that comes about by the commands of the API alone, so it is never in a state that no user could bring about.
/// A rule that comes with a new group is called <c>group_direction_ethertype</c>.
/// </summary>
internal sealed partial class ScriptedRegion
{
    public const string PhysicalNetwork = "physnet1";

    /// <summary>Where machines are of which the API knows nothing.</summary>
    public const string OutsideHost = "outside";
    private readonly World _world = new();
    private readonly List<Port> _outsiders = [];
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    public Alcor.Storage.MemoryStore Store => _world.Store;

    /// <summary>What was asked of the API, and refused, with the reason.</summary>
    public List<string> Refused { get; } = [];

    public int Accepted { get; private set; }

    public string? IdOf(string name) => _ids.GetValueOrDefault(name);

    public async Task<Cloud> ReadAsync() => await Cloud.ReadAsync(Store, _outsiders);

    /// <summary>Asks the API for a change; false when it names what is not there, or the API refuses.</summary>
    public async Task<bool> RunAsync(Step step)
    {
        switch (step)
        {
            case AddHost host:
                await AddAsync(host);
                return true;
            case AddOutsider outsider when _ids.TryGetValue(outsider.Subnet, out var subnet):
                Add(outsider, (await _world.FindAsync(Subnet.Type, subnet))!.Value.Value);
                return true;
            case Create create when Resolve(create.Body) is { } body && !_ids.ContainsKey(create.Name):
                return Take(create, await CreateAsync(create, body));
            case Update update when _ids.TryGetValue(update.Name, out var id) && Resolve(update.Body) is { } body:
                return Take(update, await UpdateAsync(update.Type, id, body));
            case Delete { Type: "forwarding" } gone when _ids.TryGetValue(gone.Name, out var id)
                && await _world.FindAsync(PortForwarding.Type, id) is null:
                // It went with the port that it led to.
                return _ids.Remove(gone.Name) && false;
            case Delete delete when _ids.TryGetValue(delete.Name, out var id):
                return Take(delete, await DeleteAsync(delete.Type, id)) && _ids.Remove(delete.Name);
            case Act act when _ids.TryGetValue(act.Name, out var id) && Resolve(act.Body) is { } body:
                return Take(act, await ActAsync(act, id, body));
            case Migrate migrate when _ids.TryGetValue(migrate.Port, out var id)
                && await MigrationOfAsync(migrate, id) is { } command:
                return Take(migrate, await _world.RunAsync(command));
            default:
                return false;
        }
    }

    private async Task AddAsync(AddHost host)
    {
        await _world.NodeAsync(host.Name, host.TunnelAddress);
        if (!host.HasOutside)
            return;
        await _world.RunAsync(new RegisterNode(host.Name, IPAddress.Parse(host.TunnelAddress))
        {
            PhysicalNetworks = [PhysicalNetwork],
        });
        // A gateway is on a host whose agent is alive.
        await _world.RunAsync(new ConnectAgent(new AgentSession(host.Name, host.Name),
            DerivedId.Of(host.Name, "agent"), ImmutableSortedDictionary<string, string>.Empty));
    }

    private void Add(AddOutsider outsider, Subnet subnet)
    {
        var id = DerivedId.Of(outsider.Name, "outside");
        _ids[outsider.Name] = id;
        _outsiders.Add(new Port(id, subnet.NetworkId, "", outsider.Name, "", true, outsider.Mac,
            [new FixedIp(subnet.Id, outsider.Address)], "", "", OutsideHost, IPAddress.None, "normal", "", "ACTIVE",
            1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch) { IsUnprotected = true });
    }

    private bool Take(Step step, Result<Outcome> result)
    {
        if (result.Error is { } error)
        {
            Refused.Add($"{step}: {error.Message}");
            return false;
        }
        Accepted++;
        return true;
    }

    private async Task<Result<Outcome>> CreateAsync(Create create, string body)
    {
        var result = await _world.TryCreateAsync(TypeOf(create.Type), body);
        if (result.Error is not null)
            return result;
        var created = result.Value.Answer.Single().Value;
        _ids[create.Name] = IdOf(created);
        if (created is not SecurityGroup group)
            return result;
        foreach (var rule in (await ReadAsync()).Rules.Where(rule => rule.SecurityGroupId == group.Id))
            _ids[$"{create.Name}_{rule.Direction}_{rule.EtherType}"] = rule.Id;
        return result;
    }

    private Task<Result<Outcome>> UpdateAsync(string type, string id, string body) => type switch
    {
        "network" => _world.TryUpdateAsync(Network.Networks.Network.Type, id, body),
        "subnet" => _world.TryUpdateAsync(Subnet.Type, id, body),
        "port" => _world.TryUpdateAsync(Port.Type, id, body),
        "group" => _world.TryUpdateAsync(SecurityGroup.Type, id, body),
        "router" => _world.TryUpdateAsync(Router.Type, id, body),
        "acl" => _world.TryUpdateAsync(NetworkAcl.Type, id, body),
        "aclrule" => _world.TryUpdateAsync(NetworkAclRule.Type, id, body),
        "floatingip" => _world.TryUpdateAsync(FloatingIp.Type, id, body),
        _ => throw new ArgumentException($"{type} is never updated", nameof(type)),
    };

    private Task<Result<Outcome>> ActAsync(Act act, string id, string body) => act.Type switch
    {
        "router" => _world.TryActAsync(Router.Type, id, act.Action, body),
        "trunk" => _world.TryActAsync(Trunk.Type, id, act.Action, body),
        _ => _world.TryActAsync(AddressGroup.Type, id, act.Action, body),
    };

    /// <summary>Null: the port has no such binding.</summary>
    private async Task<ICommand?> MigrationOfAsync(Migrate migrate, string id)
    {
        var commands = new PortBindingCommands(_world.Settings);
        if (migrate.What == Migration.Prepare)
        {
            return commands.Create([_world.NewItem(
                PortBinding.Type, $$"""{"port_id": "{{id}}", "host": "{{migrate.Host}}"}""")]);
        }
        if (await _world.FindAsync(Port.Type, id) is not { Value: var port }
            || PortBinding.Find(port, migrate.Host) is not { } binding)
        {
            return null;
        }
        var current = new Stamped<object>(binding, 1);
        return migrate.What == Migration.Withdraw
            ? commands.Delete(current, _world.NewChange())
            : commands.Actions.Single(action => action.Name == "activate").Command!(current, _world.NewChange());
    }

    private Task<Result<Outcome>> DeleteAsync(string type, string id) => type switch
    {
        "port" => _world.DeleteAsync(Port.Type, id),
        "group" => _world.DeleteAsync(SecurityGroup.Type, id),
        "rule" => _world.DeleteAsync(SecurityGroupRule.Type, id),
        "addresses" => _world.DeleteAsync(AddressGroup.Type, id),
        "router" => _world.DeleteAsync(Router.Type, id),
        "acl" => _world.DeleteAsync(NetworkAcl.Type, id),
        "aclrule" => _world.DeleteAsync(NetworkAclRule.Type, id),
        "floatingip" => _world.DeleteAsync(FloatingIp.Type, id),
        "forwarding" => _world.DeleteAsync(PortForwarding.Type, id),
        _ => throw new ArgumentException($"{type} is never deleted", nameof(type)),
    };

    private static IResourceType TypeOf(string type) => type switch
    {
        "network" => Network.Networks.Network.Type,
        "subnet" => Subnet.Type,
        "port" => Port.Type,
        "group" => SecurityGroup.Type,
        "rule" => SecurityGroupRule.Type,
        "addresses" => AddressGroup.Type,
        "router" => Router.Type,
        "trunk" => Trunk.Type,
        "acl" => NetworkAcl.Type,
        "aclrule" => NetworkAclRule.Type,
        "floatingip" => FloatingIp.Type,
        "forwarding" => PortForwarding.Type,
        _ => throw new ArgumentException($"there is no type {type}", nameof(type)),
    };

    private static string IdOf(object resource) => resource switch
    {
        Network.Networks.Network network => network.Id,
        Subnet subnet => subnet.Id,
        Port port => port.Id,
        SecurityGroup group => group.Id,
        SecurityGroupRule rule => rule.Id,
        AddressGroup addresses => addresses.Id,
        Router router => router.Id,
        Trunk trunk => trunk.Id,
        NetworkAcl acl => acl.Id,
        NetworkAclRule rule => rule.Id,
        FloatingIp ip => ip.Id,
        PortForwarding forwarding => forwarding.Id,
        _ => throw new ArgumentException($"a {resource.GetType().Name} has no name here", nameof(resource)),
    };

    /// <summary>Null: a name stands for nothing.</summary>
    private string? Resolve(string body)
    {
        var isWhole = true;
        var resolved = NamePattern().Replace(body, match =>
        {
            isWhole &= _ids.TryGetValue(match.Groups["name"].Value, out var id);
            return id ?? "";
        });
        return isWhole ? resolved : null;
    }

    [GeneratedRegex(@"\$(?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
