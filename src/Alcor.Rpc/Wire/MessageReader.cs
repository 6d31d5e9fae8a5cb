using System.IO.Pipelines;
using Google.Protobuf;

namespace Alcor.Rpc;

/// <summary>
/// Messages off a pipe, whatever the pieces they arrive in. One reader at a time; after an exception, none.
/// </summary>
internal sealed class MessageReader<T>(PipeReader pipe, MessageParser<T> parser, FrameRules rules)
    where T : class, IMessage<T>
{
    /// <summary>The next message; null at the end of the stream.</summary>
    /// <exception cref="RpcException">The bytes are no messages, or a message is over the limit.</exception>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (Frame.TryRead(buffer, rules, out var encoded, out var rest))
            {
                var message = Parse(encoded);
                pipe.AdvanceTo(rest);
                return message;
            }

            if (result.IsCompleted && buffer.IsEmpty)
            {
                pipe.AdvanceTo(buffer.End);
                return null;
            }

            if (result.IsCompleted || result.IsCanceled)
            {
                throw new RpcException(RpcStatus.Internal, "the stream ended in the middle of a message");
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private T Parse(in System.Buffers.ReadOnlySequence<byte> encoded)
    {
        try
        {
            return parser.ParseFrom(encoded);
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new RpcException(RpcStatus.Internal, "a message cannot be parsed", broken);
        }
    }
}
