using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Services;

namespace Alcor.Agent.Dns;

/// <summary>What becomes of a message.</summary>
/// <param name="Answer">Null: none.</param>
/// <param name="Forward">The question that others must answer; null: nobody else is asked.</param>
public readonly record struct DnsDecision(byte[]? Answer, DnsQuery? Forward);

/// <summary>
/// Answers for the names and the addresses of the network of whoever asks; other questions are for others. What is in
/// the cloud's own domain, or an address of the network's subnets, nobody else knows either: the answer is that it does
/// not exist. Keeps nothing.
/// </summary>
internal static class DnsResponder
{
    private const string Ipv4Reverse = ".in-addr.arpa";
    private const string Ipv6Reverse = ".ip6.arpa";

    /// <param name="isUdp">What is too long is cut.</param>
    public static DnsDecision Decide(
        ReadOnlySpan<byte> message, ServiceClient client, ServiceDirectory directory, bool isUdp)
    {
        if (!DnsQuery.Asks(message))
            return default;
        if (!DnsQuery.TryParse(message, out var query))
            return new(DnsAnswer.Malformed(message), null);
        if (query.Opcode != 0)
            return new(DnsAnswer.Error(message, query, DnsResponseCode.NotImplemented), null);
        if (query.EdnsVersion != 0)
            return new(DnsAnswer.BadVersion(message, query), null);
        if (query.Class != DnsClass.Internet || query.Type is DnsType.Transfer or DnsType.IncrementalTransfer)
            return new(DnsAnswer.Error(message, query, DnsResponseCode.Refused), null);
        if (Find(query, client, directory.NamesOf(client.NetworkId)) is not var (code, records))
            return new(null, query);
        var lengthMax = isUdp ? LengthMax(query, client) : ushort.MaxValue;
        return new(DnsAnswer.Own(message, query, code, records, lengthMax), null);
    }

    /// <summary>Bytes of an answer by UDP that reach the machine in one piece.</summary>
    public static int LengthMax(DnsQuery query, ServiceClient client)
    {
        // Of IP and UDP.
        var headers = client.Address.AddressFamily == AddressFamily.InterNetwork ? 28 : 48;
        return Math.Min(Math.Min(query.AnswerLengthMax, DnsLimits.AnswerBytesMax), client.Mtu - headers);
    }

    private static (DnsResponseCode Code, IReadOnlyList<DnsRecord> Records)? Find(
        DnsQuery query, ServiceClient client, NetworkNames names) =>
        AddressIn(query.Name) is { } address
            ? FindName(query, address, client, names)
            : FindAddresses(query, client, names);

    private static (DnsResponseCode Code, IReadOnlyList<DnsRecord> Records)? FindName(
        DnsQuery query, IPAddress address, ServiceClient client, NetworkNames names)
    {
        if (names.NameOf(address, client.Domain) is { } name)
            return (DnsResponseCode.NoError, Is(query, DnsType.Ptr) ? [DnsRecord.Pointer(name)] : []);
        return client.Subnets.Any(subnet => subnet.Contains(address)) ? (DnsResponseCode.NoSuchName, []) : null;
    }

    private static (DnsResponseCode Code, IReadOnlyList<DnsRecord> Records)? FindAddresses(
        DnsQuery query, ServiceClient client, NetworkNames names)
    {
        // A machine may leave it to the server to say which domain a short name is in.
        var isShort = query.Name.Length > 0 && !query.Name.Contains('.', StringComparison.Ordinal);
        var addresses = names.AddressesOf(query.Name, client.Domain)
            ?? (isShort ? names.AddressesOf(DomainNames.Whole(query.Name, client.Domain), client.Domain) : null);
        if (addresses is not null)
        {
            return (DnsResponseCode.NoError,
            [
                .. addresses.Select(DnsRecord.Of).Where(record => Is(query, record.Type)),
            ]);
        }
        if (!DomainNames.IsWithin(query.Name, client.Domain))
            return null;
        return (query.Name == client.Domain ? DnsResponseCode.NoError : DnsResponseCode.NoSuchName, []);
    }

    private static bool Is(DnsQuery query, ushort type) => query.Type == type || query.Type == DnsType.Any;

    /// <summary>The address that a name of the reverse domains stands for (RFC 1035 section 3.5, RFC 3596 section 2.5);
    /// null: it is another name.</summary>
    internal static IPAddress? AddressIn(string name)
    {
        if (name.EndsWith(Ipv4Reverse, StringComparison.Ordinal))
        {
            var bytes = name[..^Ipv4Reverse.Length].Split('.').Reverse()
                .Select(label => byte.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
                    ? one
                    : (byte?)null).ToList();
            return bytes.Count == 4 && !bytes.Contains(null) ? new IPAddress([.. bytes.OfType<byte>()]) : null;
        }
        if (!name.EndsWith(Ipv6Reverse, StringComparison.Ordinal))
            return null;
        var digits = name[..^Ipv6Reverse.Length].Split('.');
        return digits.Length == 32 && digits.All(digit => digit is [var one] && char.IsAsciiHexDigit(one))
            ? new IPAddress(Convert.FromHexString(string.Concat(digits.Reverse())))
            : null;
    }
}
