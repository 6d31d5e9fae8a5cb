using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Alcor.Agent.Services;

namespace Alcor.Agent.Dns;

/// <summary>
/// A message that asks (RFC 1035 section 4.1), as far as whoever answers it or passes it on must know it.
/// </summary>
/// <param name="Name">In lower case, without a dot at the end; empty: the root.</param>
/// <param name="QuestionLength">Bytes of the question, which follows the header.</param>
public sealed record DnsQuery(ushort Id, string Name, ushort Type, ushort Class, int QuestionLength)
{
    public const int HeaderLength = 12;

    private const int NameLengthMax = 255; // RFC 1035 section 2.3.4
    private const int LabelLengthMax = 63;
    private const int RecordHeaderLength = 10;
    private const int SizeWithoutEdns = 512;

    /// <summary>0: an ordinary question (QUERY).</summary>
    public byte Opcode { get; init; }

    public bool RecursionDesired { get; init; }

    public bool CheckingDisabled { get; init; }

    /// <summary>The longest answer by UDP that it takes (RFC 6891 section 6.2.3); null: it knows no EDNS.</summary>
    public ushort? EdnsSize { get; init; }

    /// <summary>Of EDNS; there is only 0.</summary>
    public byte EdnsVersion { get; init; }

    /// <summary>It wants records of DNSSEC, too (RFC 3225).</summary>
    public bool DnssecOk { get; init; }

    /// <summary>Bytes of an answer by UDP that whoever asked can take.</summary>
    public int AnswerLengthMax => Math.Max((int)(EdnsSize ?? 0), SizeWithoutEdns);

    /// <summary>Whether a message has a header and does not answer: only then is there somebody to tell of an
    /// error.</summary>
    public static bool Asks(ReadOnlySpan<byte> message) => message.Length >= HeaderLength && (message[2] & 0x80) == 0;

    /// <summary>Reads one question, and what its options say; false: the message is not well made.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsQuery? query)
    {
        query = null;
        if (!Asks(message) || Number(message, 4) != 1)
            return false;
        var at = HeaderLength;
        if (!TryReadName(message, ref at, out var name) || at + 4 > message.Length)
            return false;
        var (type, kind) = (Number(message, at), Number(message, at + 2));
        at += 4;
        query = new DnsQuery(Number(message, 0), name, type, kind, at - HeaderLength)
        {
            Opcode = (byte)(message[2] >> 3 & 0xf),
            RecursionDesired = (message[2] & 1) != 0,
            CheckingDisabled = (message[3] & 0x10) != 0,
        };
        return TryReadOptions(message, at, ref query);
    }

    private static bool TryReadOptions(ReadOnlySpan<byte> message, int at, ref DnsQuery query)
    {
        var records = Number(message, 6) + Number(message, 8) + Number(message, 10);
        for (; records > 0; records--)
        {
            if (!TrySkipName(message, ref at) || at + RecordHeaderLength > message.Length)
                return false;
            var record = message[at..];
            if (Number(record, 0) == DnsType.Options)
            {
                query = query with
                {
                    EdnsSize = Number(record, 2), EdnsVersion = record[5], DnssecOk = (record[6] & 0x80) != 0,
                };
            }
            at += RecordHeaderLength + Number(record, 8);
            if (at > message.Length)
                return false;
        }
        return true;
    }

    /// <summary>A name in a question is whole: there is nothing before it that it could point to.</summary>
    private static bool TryReadName(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        var text = new StringBuilder();
        var start = at;
        name = "";
        while (at < message.Length && message[at] != 0)
        {
            int length = message[at++];
            if (length > LabelLengthMax || at + length > message.Length || at + length - start >= NameLengthMax)
                return false;
            if (text.Length > 0)
                text.Append('.');
            foreach (var one in message.Slice(at, length))
                Append(text, one);
            at += length;
        }
        name = DomainNames.Lower(text.ToString());
        return at++ < message.Length;
    }

    /// <summary>What is in no name of a machine is written so that it is in none either (RFC 4343 section
    /// 2.1).</summary>
    private static void Append(StringBuilder text, byte one)
    {
        if (one is > 0x20 and < 0x7f and not ((byte)'.' or (byte)'\\'))
            text.Append((char)one);
        else
            text.Append(CultureInfo.InvariantCulture, $"\\{one:d3}");
    }

    private static bool TrySkipName(ReadOnlySpan<byte> message, ref int at)
    {
        while (at < message.Length)
        {
            int length = message[at];
            // A pointer ends a name (RFC 1035 section 4.1.4).
            if ((length & 0xc0) == 0xc0)
                return (at += 2) <= message.Length;
            if (length > LabelLengthMax)
                return false;
            at += 1 + length;
            if (length == 0)
                return true;
        }
        return false;
    }

    private static ushort Number(ReadOnlySpan<byte> message, int at) =>
        BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
