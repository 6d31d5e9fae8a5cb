using Alcor.Protocol.V1;

namespace Alcor.Protocol;

/// <summary>
/// The agent's end of the stream to a dataplane. Behind it stands a gRPC call, or the simulator's network.
/// </summary>
/// <remarks>
/// Messages arrive in order and once, or the channel ends. Either side may see the end as an exception or as the end of
/// <see cref="ReadAllAsync"/>: both mean "connect again and say what you hold".
/// </remarks>
public interface IAgentChannel : IAsyncDisposable
{
    /// <summary>Sends one message; calls must not overlap.</summary>
    ValueTask SendAsync(AgentMessage message, CancellationToken cancellationToken);

    IAsyncEnumerable<DataplaneMessage> ReadAllAsync(CancellationToken cancellationToken);
}

/// <summary>
/// The dataplane's end of the stream from one agent; the same promises as <see cref="IAgentChannel"/>.
/// </summary>
public interface IHostChannel
{
    /// <summary>
    /// Sends one encoded <see cref="DataplaneMessage"/>; calls must not overlap. Bytes, because what an entry says is
    /// encoded once however many hosts receive it.
    /// </summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    IAsyncEnumerable<AgentMessage> ReadAllAsync(CancellationToken cancellationToken);
}

/// <summary>Opens the agent's end; fails when no dataplane answers.</summary>
public delegate Task<IAgentChannel> DialDataplane(CancellationToken cancellationToken);
