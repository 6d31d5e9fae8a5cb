using Google.Protobuf;

namespace Alcor.Protocol;

/// <summary>Ids on the wire: the 16 bytes of a UUID in network order (RFC 9562), 20 fewer than its text.</summary>
public static class EntryId
{
    /// <exception cref="FormatException"><paramref name="id"/> is not a UUID in its hyphenated form.</exception>
    public static ByteString Encode(string id) =>
        ByteString.CopyFrom(Guid.ParseExact(id, "D").ToByteArray(bigEndian: true));

    /// <exception cref="FormatException">There are not exactly 16 bytes.</exception>
    public static string Decode(ByteString id) =>
        id.Length == 16
            ? new Guid(id.Span, bigEndian: true).ToString("D")
            : throw new FormatException($"an entry id has 16 bytes, this one {id.Length}");
}
