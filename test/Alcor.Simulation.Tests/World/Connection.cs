using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.Simulation.Tests;

/// <summary>The stream between one agent process and one server process.</summary>
internal sealed class Connection
{
    private readonly Simulation _world;
    private readonly Pipe<AgentMessage> _up;
    private readonly Pipe<byte[]> _down;

    public Connection(Simulation world, SimulatedHost host, AgentProcess agent, ServerProcess server, int number)
    {
        (_world, Host, Server, Name) = (world, host, server, $"{host.Name}~{server.Name}#{number}");
        Agent = agent;
        _up = new Pipe<AgentMessage>(world) { Taken = OnHeard };
        _down = new Pipe<byte[]>(world) { Taken = OnTold };
        _down.Wire = new FaultyWire(world).Pass;
        AgentSide = new AgentEnd(this);
        ServerSide = new ServerEnd(this);
    }

    public string Name { get; }

    public SimulatedHost Host { get; }

    public AgentProcess Agent { get; }

    public ServerProcess Server { get; }

    public IAgentChannel AgentSide { get; }

    public IHostChannel ServerSide { get; }

    public bool IsOpen { get; private set; } = true;

    public int QueueLength => Math.Max(_up.Length, _down.Length);

    /// <summary>The connection breaks and both ends are told.</summary>
    public void Break()
    {
        IsOpen = false;
        _up.Resume();
        _down.Resume();
        _up.Break();
        _down.Break();
    }

    /// <summary>Nothing arrives any more, and nobody is told.</summary>
    public void Stall()
    {
        _up.Stall();
        _down.Stall();
    }

    public void Resume()
    {
        _up.Resume();
        _down.Resume();
    }

    /// <summary>The server's side is done with the stream.</summary>
    public void EndOfServer() => End(_down);

    private void End<T>(Pipe<T> pipe)
    {
        pipe.End();
        _world.Time.After(_world.Latency(), Break);
    }

    private void OnHeard(AgentMessage message)
    {
        if (message.BodyCase == AgentMessage.BodyOneofCase.Heartbeat || Server.Life.IsDead)
            return;
        _world.Trace.Write($"{Name} hears {Describe(message)}");
        _world.Oracle.Streams.OnHeard(this, message);
    }

    private void OnTold(byte[] bytes)
    {
        var message = DataplaneMessage.Parser.ParseFrom(bytes);
        if (message.BodyCase == DataplaneMessage.BodyOneofCase.Heartbeat || Agent.Life.IsDead)
            return;
        _world.Trace.Write($"{Name} tells {Describe(message)}");
        _world.Oracle.Streams.OnTold(this, message);
    }

    private static string Describe(AgentMessage message) => message.BodyCase switch
    {
        AgentMessage.BodyOneofCase.Hello =>
            $"hello from {message.Hello.TunnelAddress} holding "
            + string.Join(' ', message.Hello.Held.Select(held => $"{held.Partition}@{held.Revision}")),
        AgentMessage.BodyOneofCase.Ack =>
            $"ack {message.Ack.Partition}@{message.Ack.Revision} "
            + string.Join(' ', message.Ack.Results.Select(result => $"{result.Kind} {result.State}: {result.Reason};")),
        _ => message.BodyCase.ToString(),
    };

    private static string Describe(DataplaneMessage message) => message.BodyCase switch
    {
        DataplaneMessage.BodyOneofCase.Update =>
            $"{(message.Update.Snapshot ? "snapshot" : "delta")} {message.Update.Partition} "
            + $"{message.Update.FromRevision}->{message.Update.ToRevision}{(message.Update.Last ? "" : " more")} "
            + $"{message.Update.Entries.Count} entries",
        DataplaneMessage.BodyOneofCase.Dropped => $"drop {message.Dropped.Partition}",
        _ => message.BodyCase.ToString(),
    };

    private sealed class AgentEnd(Connection connection) : IAgentChannel
    {
        public async ValueTask SendAsync(AgentMessage message, CancellationToken cancellationToken)
        {
            await connection.Agent.Life.RequireAsync();
            await connection._up.SendAsync(message, cancellationToken);
        }

        public IAsyncEnumerable<DataplaneMessage> ReadAllAsync(CancellationToken cancellationToken) =>
            ParsedAsync(connection._down.ReadAllAsync(cancellationToken));

        public ValueTask DisposeAsync()
        {
            // A process that was killed says nothing; the other side finds out by itself, or by a reset.
            if (!connection.Agent.Life.IsDead)
                connection.End(connection._up);
            return ValueTask.CompletedTask;
        }

        private static async IAsyncEnumerable<DataplaneMessage> ParsedAsync(IAsyncEnumerable<byte[]> messages)
        {
            await foreach (var message in messages)
                yield return DataplaneMessage.Parser.ParseFrom(message);
        }
    }

    private sealed class ServerEnd(Connection connection) : IHostChannel
    {
        public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            await connection.Server.Life.RequireAsync();
            await connection._down.SendAsync(message.ToArray(), cancellationToken);
        }

        public IAsyncEnumerable<AgentMessage> ReadAllAsync(CancellationToken cancellationToken) =>
            connection._up.ReadAllAsync(cancellationToken);
    }
}
