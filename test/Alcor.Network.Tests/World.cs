using System.Text.Json;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;
using Alcor.Network.Trunks;
using Alcor.Storage;

namespace Alcor.Network.Tests;

/// <summary>A region in memory, asked in the JSON of the Networking API.</summary>
internal sealed class World
{
    private readonly CommandLanes lanes;
    private int ids;
    private ulong entropy;

    public World(NetworkSettings? settings = null)
    {
        Settings = settings ?? new NetworkSettings();
        lanes = new CommandLanes(Store, NetworkCatalog.Types, TimeProvider.System);
    }

    public MemoryStore Store { get; } = new();

    public NetworkSettings Settings { get; }

    public async Task<Result<Outcome>> RunAsync(ICommand command) => await lanes.ExecuteAsync(command);

    public async Task<Stamped<T>> CreateAsync<T>(ResourceType<T> type, string json)
        where T : class
    {
        var result = await TryCreateAsync(type, json);
        Assert.Null(result.Error);
        return Typed<T>(result.Value.Answer.Single());
    }

    public Task<Result<Outcome>> TryCreateAsync(IResourceType type, params string[] json) =>
        RunAsync(CommandsOf(type).Create([.. json.Select(item => NewItem(type, item))]));

    public async Task<Result<Outcome>> TryUpdateAsync<T>(
        ResourceType<T> type, string id, string json, long? ifRevision = null)
        where T : class =>
        await RunAsync(CommandsOf(type).Update(
            await UntypedAsync(type, id), ChangeOf(ReadBody(type, json), ifRevision)));

    public async Task<Stamped<T>> UpdateAsync<T>(ResourceType<T> type, string id, string json)
        where T : class
    {
        var result = await TryUpdateAsync(type, id, json);
        Assert.Null(result.Error);
        return Typed<T>(result.Value.Answer.Single());
    }

    public async Task<Result<Outcome>> DeleteAsync<T>(ResourceType<T> type, string id, long? ifRevision = null)
        where T : class => await RunAsync(
            CommandsOf(type).Delete(await UntypedAsync(type, id), ChangeOf(Body.Empty, ifRevision)));

    /// <summary>Asks a resource for one of its member actions.</summary>
    public async Task<Result<Outcome>> TryActAsync<T>(
        ResourceType<T> type, string id, string action, string json, Caller? caller = null)
        where T : class
    {
        var asked = CommandsOf(type).Actions.Single(one => one.Name == action);
        var change = ChangeOf(ReadBody(asked.Attributes, json), null) with { Caller = caller ?? Caller.System };
        return await RunAsync(asked.Command!(await UntypedAsync(type, id), change));
    }

    public async Task<Stamped<T>?> FindAsync<T>(ResourceType<T> type, string id)
        where T : class =>
        await Store.GetAsync(type.Key(id), CancellationToken.None) is { } found
            ? new Stamped<T>(type.Decode(found.Value), found.Revision)
            : null;

    /// <summary>What a trunk is, as its ports are now.</summary>
    public async Task<string> StatusOfTrunkAsync(string id)
    {
        var trunk = (await FindAsync(Trunk.Type, id))!.Value.Value;
        var ports = new Dictionary<string, Port>();
        foreach (var port in trunk.PortIds)
            ports.Add(port, (await FindAsync(Port.Type, port))!.Value.Value);
        return TrunkStatus.Of(trunk, ports.GetValueOrDefault);
    }

    /// <summary>A creation of a port as it is decided now, not committed.</summary>
    public Task<Transaction> DecideAsync(IResourceType type, string json) =>
        DecideAsync(CommandsOf(type).Create([NewItem(type, json)]));

    public async Task<Transaction> DecideAsync(ICommand command)
    {
        var snapshot = await NetworkCatalog.Types.LoadAsync(Store, command.Lane);
        var readings = new Readings();
        readings.Want(command);
        while (true)
        {
            await readings.ReadAsync(Store, NetworkCatalog.Types);
            var decision = command.Decide(snapshot, new DecideContext(DateTimeOffset.UnixEpoch, readings));
            if (readings.IsComplete)
                return decision.Value.ToTransaction(_ => null);
        }
    }

    /// <summary>Why the store refuses; null when it took it.</summary>
    public async Task<Refusal?> CommitAsync(Transaction transaction) =>
        (await Store.CommitAsync([transaction], CancellationToken.None))[0] is CommitResult.Refused refused
            ? refused.Refusal
            : null;

    public async Task<string> NetworkAsync() => (await CreateAsync(Networks.Network.Type, "{}")).Value.Id;

    public async Task<string> SubnetAsync(string networkId, string cidr, string more = "") =>
        (await CreateAsync(Subnet.Type, SubnetJson(networkId, cidr, more))).Value.Id;

    public Task<Stamped<Port>> PortAsync(string networkId, string more = "") =>
        CreateAsync(Port.Type, PortJson(networkId, more));

    public async Task NodeAsync(string host, string tunnelAddress) =>
        Assert.Null((await RunAsync(new RegisterNode(host, System.Net.IPAddress.Parse(tunnelAddress)))).Error);

    public NewResource NewItem(IResourceType type, string json)
    {
        var body = ReadBody(type, json);
        var owner = body.Named.FirstOrDefault(attribute => attribute.Name == "project_id");
        return new NewResource(NewId(), owner is null ? "project" : (string)body[owner]!, body, entropy++);
    }

    public static string SubnetJson(string networkId, string cidr, string more = "") =>
        PortJson(
            networkId,
            $"\"ip_version\": {(cidr.Contains(':') ? 6 : 4)}, \"cidr\": \"{cidr}\""
            + (more.Length > 0 ? ", " + more : ""));

    public static string PortJson(string networkId, string more = "") =>
        $$"""{"network_id": "{{networkId}}"{{(more.Length > 0 ? ", " + more : "")}}}""";

    private static Stamped<T> Typed<T>(Stamped<object> stamped)
        where T : class => new((T)stamped.Value, stamped.Revision);

    private static Body ReadBody(IResourceType type, string json) => ReadBody(type.Attributes, json);

    private static Body ReadBody(IReadOnlyList<IAttribute> attributes, string json)
    {
        var values = new Dictionary<IAttribute, object?>();
        using var document = JsonDocument.Parse(json);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            var attribute = attributes.Single(attribute => attribute.Name == member.Name);
            Assert.True(attribute.TryRead(member.Value, out var value, out var reason), reason);
            values.Add(attribute, value);
        }
        return new Body(values);
    }

    /// <summary>A request without a body, of Alcor itself.</summary>
    public ChangeRequest NewChange() => ChangeOf(Body.Empty, ifRevision: null);

    private ChangeRequest ChangeOf(Body body, long? ifRevision) =>
        new(Caller.System, body, ifRevision, NewId(), entropy++);

    private string NewId() => new Guid(++ids, 0, 7, new byte[8]).ToString();

    private IResourceCommands CommandsOf(IResourceType type) =>
        NetworkCatalog.Commands(Settings).Concat(NetworkCatalog.Native).Single(commands => commands.Type == type);

    private async Task<Stamped<object>> UntypedAsync<T>(ResourceType<T> type, string id)
        where T : class
    {
        var found = await FindAsync(type, id) ?? throw new InvalidOperationException($"no {type.Name} {id}");
        return new Stamped<object>(found.Value, found.Revision);
    }
}
