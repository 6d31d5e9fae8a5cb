using System.Text.Json;

namespace Alcor.Ovsdb;

/// <summary>
/// Cuts a stream into JSON-RPC messages (RFC 7047 section 4): JSON objects one after the other, with nothing or white
/// space in between. <see cref="OvsdbFormatException"/> on anything else and on a message over the bound.
/// </summary>
internal sealed class OvsdbMessageReader(Stream stream, int messageBytesMax)
{
    private byte[] buffer = new byte[OvsdbLimits.ReadBytes];
    private int start;
    private int scanned;
    private int end;
    private int depth;
    private bool inString;
    private bool escaped;
    private long bytesRead;

    /// <summary>Grows with every byte received: a sign of life, even in the middle of a long message.</summary>
    public long BytesRead => Interlocked.Read(ref bytesRead);

    /// <summary>The next message, valid until the next call; null at the end of the stream.</summary>
    public async ValueTask<JsonDocument?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryCut(out var message)) return OvsdbJson.Parse(message);
            MakeRoom();
            var count = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
            if (count == 0)
            {
                return start == end
                    ? null
                    : throw new OvsdbFormatException("The stream ended in the middle of a message.");
            }

            end += count;
            Interlocked.Add(ref bytesRead, count);
        }
    }

    private bool TryCut(out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (depth == 0) SkipWhiteSpace();
        for (; scanned < end; scanned++)
        {
            if (!Closes(buffer[scanned])) continue;
            scanned++;
            message = buffer.AsMemory(start, scanned - start);
            start = scanned;
            return true;
        }

        return end - start <= messageBytesMax
            ? false
            : throw new OvsdbFormatException($"A message is longer than {messageBytesMax} bytes.");
    }

    private void SkipWhiteSpace()
    {
        while (start < end && buffer[start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') start++;
        scanned = start;
        if (start < end && buffer[start] != (byte)'{')
            throw new OvsdbFormatException("A message must be a JSON object.");
    }

    /// <summary>Follows nesting and strings only; whether the cut piece is JSON is for its parser to say.</summary>
    private bool Closes(byte next)
    {
        if (inString)
        {
            if (escaped) escaped = false;
            else if (next == (byte)'\\') escaped = true;
            else if (next == (byte)'"') inString = false;
            return false;
        }

        switch (next)
        {
            case (byte)'"':
                inString = true;
                return false;
            case (byte)'{' or (byte)'[':
                depth++;
                return false;
            case (byte)'}' or (byte)']':
                return --depth == 0;
            default:
                return false;
        }
    }

    private void MakeRoom()
    {
        if (start == end)
        {
            start = scanned = end = 0;
            // One long message must not keep its memory for the life of the connection.
            if (buffer.Length > OvsdbLimits.IdleBytesMax) buffer = new byte[OvsdbLimits.ReadBytes];
        }

        if (buffer.Length - end >= OvsdbLimits.ReadBytes / 4) return;
        // Old documents look into this buffer only until the next read, so its front may be overwritten.
        var length = end - start;
        var target = length > buffer.Length / 2 ? new byte[checked(buffer.Length * 2)] : buffer;
        Buffer.BlockCopy(buffer, start, target, 0, length);
        buffer = target;
        scanned -= start;
        start = 0;
        end = length;
    }
}
