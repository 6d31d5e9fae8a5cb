using System.Buffers;
using Google.Protobuf;

namespace Alcor.Rpc;

/// <summary>
/// The sending side of a stream. A send completes when the transport has taken the message: awaiting it is the
/// back-pressure. Sends from several threads are serialised, each message whole. A send whose token is cancelled while
/// it waits for the transport may still be delivered.
/// </summary>
public interface IRpcWriter<in T>
    where T : class, IMessage
{
    /// <exception cref="RpcException">
    /// RESOURCE_EXHAUSTED, nothing sent, if the message is over the limit; on a client, the status of a call that has
    /// ended.
    /// </exception>
    /// <exception cref="InvalidOperationException">The stream was completed already.</exception>
    ValueTask SendAsync(T message, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a message that is encoded already; the bytes are copied before the call returns control for the first time
    /// after its turn, and must stay unchanged until the send completes.
    /// </summary>
    ValueTask SendEncodedAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken);

    /// <inheritdoc cref="SendEncodedAsync(ReadOnlySequence{byte},CancellationToken)"/>
    ValueTask SendEncodedAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        SendEncodedAsync(new ReadOnlySequence<byte>(message), cancellationToken);
}
