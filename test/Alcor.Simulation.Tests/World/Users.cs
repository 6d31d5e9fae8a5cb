using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Networks;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;
using NetworkResource = Alcor.Network.Networks.Network;

namespace Alcor.Simulation.Tests;

/// <summary>
/// Those who ask for networks, subnets and ports through any server, and ask again when nobody answers.
/// </summary>
internal sealed class Users(Simulation world)
{
    private const int NetworksMax = 4;
    private const int PortsMax = 24;

    private static readonly IReadOnlyList<string> Blocks =
        ["10.0.0.0/24", "10.0.1.0/28", "10.0.0.128/25", "192.168.7.0/26"];

    private readonly NetworkSettings _settings = new();
    private int _left = world.Settings.Operations;
    private int _active;

    /// <summary>Nobody asks any more, and every answer has come or never will.</summary>
    public bool IsDone => _active == 0;

    public async Task RunAsync()
    {
        _active++;
        while (_left-- > 0)
        {
            await Task.Delay(world.Settings.Turmoil * (world.Random.NextDouble() * 2 * world.Settings.Users
                / Math.Max(1, world.Settings.Operations)), world.Time);
            await AskAnythingAsync();
        }
        _active--;
    }

    public Task<OperationState> CreateNetworkAsync() =>
        CreateAsync(new NetworkCommands(_settings), [world.NewId()], (tag, _) => Requests.Network(tag));

    public Task<OperationState> CreateSubnetAsync(string networkId, string cidr) =>
        CreateAsync(new SubnetCommands(), [world.NewId()], (tag, _) => Requests.Subnet(tag, networkId, cidr));

    public Task<OperationState> CreatePortsAsync(string networkId, int count, Func<int, string> host) =>
        CreateAsync(new PortCommands(_settings), [.. Enumerable.Range(0, count).Select(_ => world.NewId())],
            (tag, number) => Requests.Port(tag, networkId, host(number)));

    public Task<OperationState> UpdatePortAsync(string portId, params (IAttribute, object?)[] named) =>
        UpdateAsync(new PortCommands(_settings), portId,
            tag => Requests.Of([.. named, (PortAttributes.Description, tag)]), ifRevision: null);

    private Task AskAnythingAsync()
    {
        var (random, commits) = (world.Random, world.Oracle.Commits);
        var networks = commits.All<NetworkResource>().ToList();
        var subnets = commits.All<Subnet>().ToList();
        var ports = commits.All<Port>().ToList();
        if (networks.Count < 2 || (networks.Count < NetworksMax && random.Next(12) == 0))
            return CreateNetworkAsync();
        if (subnets.Count < networks.Count || (subnets.Count < 2 * NetworksMax && random.Next(15) == 0))
            return CreateSubnetAsync(world.Pick(networks).Id, world.Pick(Blocks));
        return random.Next(24) switch
        {
            0 => DeleteAsync(new NetworkCommands(_settings), world.Pick(networks).Id),
            1 => DeleteAsync(new SubnetCommands(), world.Pick(subnets).Id),
            2 => UpdateAsync(new NetworkCommands(_settings), world.Pick(networks).Id,
                tag => Requests.Network(tag, isUp: random.Next(3) > 0), IfMatch()),
            3 => UpdateAsync(new SubnetCommands(), world.Pick(subnets).Id,
                tag => Requests.Of((SubnetAttributes.Description, tag),
                    (SubnetAttributes.EnableDhcp, random.Next(2) == 0)),
                IfMatch()),
            < 7 when ports.Count > 4 => DeleteAsync(new PortCommands(_settings), world.Pick(ports).Id),
            < 12 when ports.Count < PortsMax => CreateSomePortsAsync(world.Pick(networks).Id),
            _ when ports.Count == 0 => CreateSomePortsAsync(world.Pick(networks).Id),
            _ => ChangeAsync(world.Pick(ports)),
        };
    }

    private Task<OperationState> CreateSomePortsAsync(string networkId)
    {
        var count = world.Chance(0.3) ? world.Random.Next(2, 6) : 1;
        var ids = Enumerable.Range(0, count).Select(_ => world.NewId()).ToList();
        return CreateAsync(new PortCommands(_settings), ids,
            (tag, _) => Requests.RandomPort(world.Random, tag, networkId, SomeHost()));
    }

    private Task<OperationState> ChangeAsync(Port port)
    {
        var host = SomeHost();
        return UpdateAsync(new PortCommands(_settings), port.Id,
            tag => Requests.RandomPortUpdate(world.Random, tag, port, host), IfMatch());
    }

    private string SomeHost() => world.Random.Next(12) switch
    {
        0 => "",
        1 => "host-nobody-has",
        _ => world.Pick(world.Hosts).Name,
    };

    /// <summary>Half of the time nothing is required; else the revision is one that a user may have seen.</summary>
    private Func<long, long>? IfMatch() =>
        world.Chance(0.5) ? null : revision => world.Chance(0.8) ? revision : Math.Max(1, revision - 1);

    private async Task<OperationState> CreateAsync(
        IResourceCommands commands, IReadOnlyList<string> ids, Func<string, int, Body> body)
    {
        while (true)
        {
            var operation = world.Oracle.Operations.Begin(commands.Type.Name, ids, isDelete: false);
            var items = ids.Select((id, i) =>
                new NewResource(id, "project", body(operation.Tag, i), (ulong)world.Random.NextInt64())).ToList();
            await AskAsync(operation, server => server.ExecuteAsync(commands.Create(items)));
            if (operation.State != OperationState.Unknown || world.Chance(0.5))
                return operation.State;
            // Asked again with the same ids: it takes place once, whatever became of the first.
        }
    }

    private async Task<OperationState> UpdateAsync(
        IResourceCommands commands, string id, Func<string, Body> body, Func<long, long>? ifRevision)
    {
        if (world.Oracle.Commits.Find(new ResourceKey(commands.Type.Name, id)) is not { } current)
            return OperationState.Refused;
        var operation = world.Oracle.Operations.Begin(
            commands.Type.Name, [id], isDelete: false, body, ifRevision?.Invoke(current.Revision));
        await AskAsync(operation, server =>
            server.ExecuteAsync(commands.Update(current, ChangeOf(operation.Body!, operation.IfRevision))));
        return operation.State;
    }

    private async Task<OperationState> DeleteAsync(IResourceCommands commands, string id)
    {
        if (world.Oracle.Commits.Find(new ResourceKey(commands.Type.Name, id)) is not { } current)
            return OperationState.Refused;
        var operation = world.Oracle.Operations.Begin(commands.Type.Name, [id], isDelete: true);
        await AskAsync(operation, server => server.ExecuteAsync(commands.Delete(current, ChangeOf(Body.Empty, null))));
        return operation.State;
    }

    private ChangeRequest ChangeOf(Body body, long? ifRevision) =>
        new(Caller.System, body, ifRevision, world.NewId(), Entropy: 0);

    private async Task AskAsync(Operation operation, Func<ServerProcess, Task<Result<Outcome>>> ask)
    {
        var servers = world.LiveServers.ToList();
        if (servers.Count == 0)
        {
            operation.State = OperationState.Refused;
            return;
        }
        var server = world.Pick(servers);
        world.Trace.Write($"{operation} at {server.Name}");
        await world.PauseAsync();
        await SettleAsync(operation, server, ask(server));
        world.Trace.Write($"{operation.Tag} is {operation.State}");
    }

    private async Task SettleAsync(Operation operation, ServerProcess server, Task<Result<Outcome>> answer)
    {
        try
        {
            await Task.WhenAny(answer, server.Life.Died);
            if (!answer.IsCompleted)
                world.Oracle.Operations.Fail(operation, exception: null);
            else if ((await answer) is { Error: { } error })
                world.Oracle.Operations.Refuse(operation, error);
            else
                world.Oracle.Operations.Acknowledge(operation, (await answer).Value);
        }
        catch (Exception exception)
        {
            world.Oracle.Operations.Fail(operation, exception);
        }
    }
}
