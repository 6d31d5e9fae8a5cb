using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;

namespace Alcor.Server.Metadata;

/// <summary>
/// Machines that ask at a link-local address say in Host by which interface they ask, [fe80::a9fe:a9fe%eth0]: Python
/// does before 3.13. The zone is nobody's business but theirs (RFC 6874 section 4), and Kestrel refuses it; so it
/// becomes space, which counts for nothing at the end of a header.
/// </summary>
internal static class HostZones
{
    private const string Name = "\r\nHost:";

    /// <summary>
    /// Blanks the zone in the head of the first request of a connection. Nothing is consumed; who reads next reads it.
    /// </summary>
    public static async Task BlankAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var head = read.Buffer;
            var isWhole = Blank(head);
            if (isWhole || read.IsCompleted || head.Length >= MetadataLimits.RequestHeadBytesMax)
            {
                reader.AdvanceTo(head.Start);
                return;
            }
            reader.AdvanceTo(head.Start, head.End);
        }
    }

    /// <summary>Whether the head is whole.</summary>
    private static bool Blank(ReadOnlySequence<byte> bytes)
    {
        // As many characters as bytes.
        var text = Encoding.Latin1.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var host = text.IndexOf(Name, 0, end, StringComparison.OrdinalIgnoreCase);
        if (host < 0)
            return true;
        var line = text.AsSpan()[(host + 2)..];
        line = line[..line.IndexOf("\r\n", StringComparison.Ordinal)];
        var (zone, close) = (line.IndexOf('%'), line.IndexOf(']'));
        if (zone < 0 || close < zone)
            return true;
        Write(bytes.Slice(host + 2 + zone, line.Length - zone), $"{line[close..]}{new string(' ', close - zone)}");
        return true;
    }

    /// <summary>The memory is that of the connection, which nobody else reads meanwhile.</summary>
    private static void Write(ReadOnlySequence<byte> at, string text)
    {
        var left = Encoding.ASCII.GetBytes(text).AsSpan();
        foreach (var part in at)
        {
            left[..part.Length].CopyTo(MemoryMarshal.AsMemory(part).Span);
            left = left[part.Length..];
        }
    }
}
