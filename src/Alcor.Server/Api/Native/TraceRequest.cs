using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Alcor.Agent.Tracing;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api.Native;

/// <summary>What a request asks of a trace, in its query.</summary>
internal static class TraceRequest
{
    private const string Destination = "destination";
    private const string Source = "source";
    private const string Protocol = "protocol";
    private const string DestinationPort = "destination_port";
    private const string SourcePort = "source_port";
    private const string IcmpType = "icmp_type";
    private const string IcmpCode = "icmp_code";
    private const string Size = "size";
    private const string Reply = "reply";
    private const byte Tcp = 6;
    private const byte Udp = 17;

    public static readonly ImmutableArray<QueryParameter> Parameters =
    [
        new(Destination, "The IP address that the packet is for.", Text) { IsRequired = true },
        new(Source, "The IP address that it is from. Default: the port's own.", Text),
        new(Protocol, "tcp, udp, icmp or the number of another. Default: icmp.", Text),
        new(DestinationPort, "The port of TCP or UDP that it is for; required with these.", Number),
        new(SourcePort, "The port of TCP or UDP that it is from. Default: 49152.", Number),
        new(IcmpType, "Of ICMP. Default: an echo request.", Number),
        new(IcmpCode, "Of ICMP. Default: 0.", Number),
        new(Size, "Bytes of IP that it has, its headers included. Default: as few as it needs.", Number),
        new(Reply, "true: what is delivered is answered, and the answer is followed too.", Flag),
    ];

    public static Result<TraceQuestion> Read(Guid port, IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(key => Parameters.All(known => known.Name != key)) is { } unknown)
            return ApiError.InvalidInput(unknown, "a trace has no such parameter");
        var reader = new QueryReader(query);
        var target = reader.Address(Destination);
        if (target is null)
            reader.Refuse(Destination, "it is required");
        if (reader.Error is { } missing)
            return missing;
        var question = Read(new TraceQuestion(port, target!, ProtocolOf(reader, target!)), reader);
        return reader.Error is { } wrong ? wrong : question;
    }

    private static TraceQuestion Read(TraceQuestion question, QueryReader reader)
    {
        if (IsGroup(question.Destination))
            reader.Refuse(Destination, $"{question.Destination} is not the address of one machine");
        var source = reader.Address(Source);
        if (source is not null && source.AddressFamily != question.Destination.AddressFamily)
            reader.Refuse(Source, $"{source} and {question.Destination} are of different IP versions");
        var hasPorts = question.Protocol is Tcp or Udp;
        foreach (var name in new[] { SourcePort, DestinationPort }.Where(name => !hasPorts && reader.Has(name)))
            reader.Refuse(name, "only TCP and UDP have ports");
        foreach (var name in new[] { IcmpType, IcmpCode }
            .Where(name => question.Protocol is not (1 or 58) && reader.Has(name)))
        {
            reader.Refuse(name, "only ICMP has one");
        }
        if (hasPorts && !reader.Has(DestinationPort))
            reader.Refuse(DestinationPort, "TCP and UDP require it");
        return question with
        {
            Source = source,
            SourcePort = (ushort)(reader.Number(SourcePort, ushort.MaxValue) ?? question.SourcePort),
            DestinationPort = (ushort)(reader.Number(DestinationPort, ushort.MaxValue) ?? 0),
            IcmpType = (byte?)reader.Number(IcmpType, byte.MaxValue),
            IcmpCode = (byte)(reader.Number(IcmpCode, byte.MaxValue) ?? 0),
            Size = (ushort)(reader.Number(Size, ushort.MaxValue) ?? 0),
            WithReply = reader.Flag(Reply),
        };
    }

    private static byte ProtocolOf(QueryReader reader, IPAddress target)
    {
        switch (reader.Text(Protocol))
        {
            case null or "icmp" or "icmpv6" or "ipv6-icmp":
                return (byte)(target.AddressFamily == AddressFamily.InterNetwork ? 1 : 58);
            case "tcp":
                return Tcp;
            case "udp":
                return Udp;
            case var text when byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                return number;
            case var text:
                reader.Refuse(Protocol, $"'{text}' is none of tcp, udp, icmp and the numbers from 0 to 255");
                return 0;
        }
    }

    /// <summary>Multicast, broadcast, or no address at all.</summary>
    private static bool IsGroup(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.GetAddressBytes()[0] is 0 or >= 224
        : address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any);

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Number() => new() { ["type"] = "integer", ["minimum"] = 0 };

    private static JsonObject Flag() => new() { ["type"] = "boolean" };
}
