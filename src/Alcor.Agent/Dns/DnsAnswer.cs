using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Alcor.Agent.Dns;

/// <summary>A record that answers a question about the question's own name.</summary>
internal readonly record struct DnsRecord(ushort Type, ReadOnlyMemory<byte> Data)
{
    public static DnsRecord Of(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return new(bytes.Length == 4 ? DnsType.A : DnsType.Aaaa, bytes);
    }

    /// <param name="name">Of labels of at most 63 ASCII characters.</param>
    public static DnsRecord Pointer(string name)
    {
        var bytes = new List<byte>();
        foreach (var label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }
        bytes.Add(0);
        return new(DnsType.Ptr, bytes.ToArray());
    }
}

/// <summary>Writes messages that answer (RFC 1035 section 4.1), each from the message that asked.</summary>
internal static class DnsAnswer
{
    private const byte Response = 0x80;
    private const byte Authoritative = 0x04;
    private const byte Truncated = 0x02;
    private const byte RecursionAvailable = 0x80;
    private const ushort NameOfQuestion = 0xc000 | DnsQuery.HeaderLength;
    private const int OptionsLength = 11;
    private const byte ExtendedBadVersion = 1; // BADVERS is 16, of which the header has the lower four bits

    /// <summary>How long a record may be kept, in seconds: machines come and go.</summary>
    private const uint TimeToLive = 5;

    /// <summary>What this host knows of a name that is its own to answer for. Negative answers name no zone, and so
    /// nobody keeps them (RFC 2308 section 5): the machine may come in a moment.</summary>
    /// <param name="lengthMax">What does not fit is left out, and the answer says so.</param>
    public static byte[] Own(
        ReadOnlySpan<byte> asked, DnsQuery query, DnsResponseCode code, IReadOnlyList<DnsRecord> records, int lengthMax)
    {
        var options = Options(query, extendedCode: 0);
        var room = lengthMax - DnsQuery.HeaderLength - query.QuestionLength - options.Length;
        var fitting = records.TakeWhile(record => (room -= 12 + record.Data.Length) >= 0).ToList();
        var answer = Begin(asked, query, code);
        answer[2] |= Authoritative;
        if (fitting.Count < records.Count)
            answer[2] |= Truncated;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), (ushort)fitting.Count);
        return [.. answer, .. fitting.SelectMany(Encode), .. options];
    }

    public static byte[] Error(ReadOnlySpan<byte> asked, DnsQuery query, DnsResponseCode code) =>
        [.. Begin(asked, query, code), .. Options(query, extendedCode: 0)];

    /// <summary>BADVERS (RFC 6891 section 6.1.3).</summary>
    public static byte[] BadVersion(ReadOnlySpan<byte> asked, DnsQuery query) =>
        [.. Begin(asked, query, DnsResponseCode.NoError), .. Options(query, ExtendedBadVersion)];

    /// <summary>Of a message that is not well made only the header is sure.</summary>
    public static byte[] Malformed(ReadOnlySpan<byte> asked)
    {
        var answer = new byte[DnsQuery.HeaderLength];
        asked[..2].CopyTo(answer);
        answer[2] = (byte)(Response | (asked[2] & 0x79));
        answer[3] = RecursionAvailable | (byte)DnsResponseCode.FormatError;
        return answer;
    }

    /// <summary>Tells whoever asked by UDP to ask again by TCP.</summary>
    public static byte[] TooLong(ReadOnlySpan<byte> asked, DnsQuery query)
    {
        byte[] answer = Error(asked, query, DnsResponseCode.NoError);
        answer[2] |= Truncated;
        return answer;
    }

    /// <summary>The header and the question.</summary>
    private static byte[] Begin(ReadOnlySpan<byte> asked, DnsQuery query, DnsResponseCode code)
    {
        var answer = asked[..(DnsQuery.HeaderLength + query.QuestionLength)].ToArray();
        answer[2] = (byte)(Response | (asked[2] & 0x79));
        answer[3] = (byte)(RecursionAvailable | (asked[3] & 0x10) | (byte)code);
        answer.AsSpan(6, 6).Clear();
        if (query.EdnsSize is not null)
            answer[11] = 1;
        return answer;
    }

    private static byte[] Encode(DnsRecord record)
    {
        var bytes = new byte[12 + record.Data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, NameOfQuestion);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), record.Type);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), DnsClass.Internet);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(6), TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), (ushort)record.Data.Length);
        record.Data.Span.CopyTo(bytes.AsSpan(12));
        return bytes;
    }

    /// <summary>Who speaks EDNS is answered in it (RFC 6891 section 6.1.1).</summary>
    private static byte[] Options(DnsQuery query, byte extendedCode)
    {
        if (query.EdnsSize is null)
            return [];
        var bytes = new byte[OptionsLength];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), DnsType.Options);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(3), DnsLimits.AnswerBytesMax);
        bytes[5] = extendedCode;
        bytes[7] = query.DnssecOk ? (byte)0x80 : (byte)0;
        return bytes;
    }
}
