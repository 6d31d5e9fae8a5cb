using System.Threading.Channels;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.World;

/// <summary>A dataplane that says what the test says, and remembers what it is told.</summary>
internal sealed class ScriptedDataplane
{
    private Conversation? _current;

    /// <summary>How often it was dialled, answered or not.</summary>
    public int Dials { get; private set; }

    public bool IsDown { get; set; }

    /// <summary>It takes no message, and does not say so.</summary>
    public bool IsStalled { get; set; }

    /// <summary>Everything that came over the last connection.</summary>
    public List<AgentMessage> Received
    {
        get
        {
            var received = _current!.Received;
            lock (received)
                return [.. received];
        }
    }

    public Hello Hello => Received[0].Hello;

    public List<Ack> Acks => [.. Received.Where(message => message.Ack is not null).Select(message => message.Ack)];

    /// <summary>Whether the agent has not left, or been left.</summary>
    public bool IsConnected => _current is { IsOpen: true };

    public Task<IAgentChannel> DialAsync(CancellationToken cancellationToken)
    {
        Dials++;
        if (IsDown)
            return Task.FromException<IAgentChannel>(new IOException("nobody listens"));
        _current = new Conversation();
        return Task.FromResult<IAgentChannel>(new AgentEnd(this, _current));
    }

    public void Say(params DataplaneMessage[] messages)
    {
        foreach (var message in messages)
            Assert.True(_current!.ToAgent.Writer.TryWrite(message));
    }

    public void HangUp(Exception? error = null) => _current!.ToAgent.Writer.TryComplete(error);

    private sealed class Conversation
    {
        public Channel<DataplaneMessage> ToAgent { get; } = Channel.CreateUnbounded<DataplaneMessage>();

        public List<AgentMessage> Received { get; } = [];

        public bool IsOpen { get; set; } = true;
    }

    private sealed class AgentEnd(ScriptedDataplane dataplane, Conversation conversation) : IAgentChannel
    {
        public async ValueTask SendAsync(AgentMessage message, CancellationToken cancellationToken)
        {
            if (dataplane.IsStalled)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            lock (conversation.Received)
                conversation.Received.Add(message);
        }

        public IAsyncEnumerable<DataplaneMessage> ReadAllAsync(CancellationToken cancellationToken) =>
            conversation.ToAgent.Reader.ReadInContextAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            conversation.IsOpen = false;
            return ValueTask.CompletedTask;
        }
    }
}
