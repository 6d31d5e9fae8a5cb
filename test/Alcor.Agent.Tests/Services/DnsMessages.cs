using System.Buffers.Binary;
using System.Net;
using System.Text;
using Alcor.Agent.Dns;

namespace Alcor.Agent.Tests.Services;

/// <summary>Messages as resolvers write them, and answers as they read them, apart from what is tested.</summary>
internal static class DnsMessages
{
    /// <param name="ednsSize">0: without EDNS.</param>
    public static byte[] Ask(string name, ushort type, ushort ednsSize = 0, ushort id = 0x1234)
    {
        var additional = (byte)(ednsSize > 0 ? 1 : 0);
        var message = new List<byte> { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, additional };
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
            message.AddRange([(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        message.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        if (ednsSize > 0)
            message.AddRange([0, 0, 41, (byte)(ednsSize >> 8), (byte)ednsSize, 0, 0, 0, 0, 0, 0]);
        return [.. message];
    }

    /// <summary>Id, code, flags (a: authoritative, t: truncated, r: recursion, e: EDNS) and what is answered.</summary>
    public static string Read(byte[] answer)
    {
        var flags = $"{((answer[2] & 4) != 0 ? "a" : "")}{((answer[2] & 2) != 0 ? "t" : "")}"
            + $"{((answer[3] & 0x80) != 0 ? "r" : "")}{(answer[11] == 1 ? "e" : "")}";
        Assert.NotEqual(0, answer[2] & 0x80);
        var at = 12;
        for (var questions = answer[5]; questions > 0; questions--)
        {
            _ = Name(answer, ref at);
            at += 4;
        }
        var records = new List<string>();
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6)); left > 0; left--)
            records.Add(Record(answer, ref at));
        return $"{(DnsResponseCode)(answer[3] & 0xf)} {flags} {string.Join(' ', records)}".TrimEnd();
    }

    private static string Record(byte[] answer, ref int at)
    {
        _ = Name(answer, ref at);
        var type = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at));
        var length = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 8));
        at += 10;
        var data = at;
        at += length;
        return type == DnsType.Ptr ? Name(answer, ref data) : new IPAddress(answer.AsSpan(data, length)).ToString();
    }

    private static string Name(byte[] message, ref int at)
    {
        var labels = new List<string>();
        while (message[at] != 0)
        {
            if ((message[at] & 0xc0) == 0xc0)
            {
                var before = (message[at] & 0x3f) << 8 | message[at + 1];
                Assert.True(before < at);
                at += 2;
                return string.Join('.', labels.Append(Name(message, ref before)));
            }
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]));
            at += message[at] + 1;
        }
        at++;
        return string.Join('.', labels);
    }
}
