using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Alcor.Rpc;

/// <summary>A message about to be framed: an object to encode, or bytes that are encoded already.</summary>
internal readonly struct Payload
{
    private readonly IMessage? _message;
    private readonly ReadOnlySequence<byte> _encoded;

    public Payload(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _message = message;
        Length = message.CalculateSize();
    }

    public Payload(ReadOnlySequence<byte> encoded)
    {
        _encoded = encoded;
        Length = encoded.Length;
    }

    public long Length { get; }

    /// <summary>Writes the frame: flag 0 (not compressed), four bytes of length, the message.</summary>
    public void WriteFrame(IBufferWriter<byte> output)
    {
        var header = output.GetSpan(Frame.HeaderBytes);
        header[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], checked((uint)Length));
        output.Advance(Frame.HeaderBytes);
        if (_message is not null)
        {
            _message.WriteTo(output);
            return;
        }

        foreach (var segment in _encoded)
        {
            output.Write(segment.Span);
        }
    }

    public void RequireLength(int bytesMax)
    {
        if (Length > bytesMax)
        {
            throw new RpcException(
                RpcStatus.ResourceExhausted, $"message to send has {Length} bytes, the limit is {bytesMax}");
        }
    }
}
