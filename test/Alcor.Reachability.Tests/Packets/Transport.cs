namespace Alcor.Reachability.Tests;

/// <summary>What an IP packet carries: one of the records of this file.</summary>
internal abstract record Transport
{
    /// <summary>The number of the protocol; ICMP has two.</summary>
    public abstract int ProtocolUnder(int ipVersion);

    /// <summary>What is answered; null: nothing.</summary>
    public abstract Transport? Reply();
}

internal static class Protocol
{
    public const int Icmp = 1;
    public const int Tcp = 6;
    public const int Udp = 17;
    public const int Ipv6Icmp = 58;
}

/// <summary>TCP or UDP.</summary>
internal sealed record Segment(int Protocol, int SourcePort, int TargetPort) : Transport
{
    /// <summary>Of TCP alone.</summary>
    public TcpFlags Flags { get; init; } = TcpFlags.Syn;

    public override int ProtocolUnder(int ipVersion) => Protocol;

    public override Transport Reply() => this with
    {
        SourcePort = TargetPort,
        TargetPort = SourcePort,
        Flags = Flags == TcpFlags.Syn ? TcpFlags.SynAck : TcpFlags.Ack,
    };

    public override string ToString() => Protocol == Tests.Protocol.Tcp
        ? $"TCP {SourcePort} > {TargetPort} {Flags}"
        : $"UDP {SourcePort} > {TargetPort}";
}

/// <summary>The flags of TCP that begin, accept and carry on a connection (RFC 9293 section 3.5).</summary>
[Flags]
internal enum TcpFlags
{
    Syn = 0x02,
    Ack = 0x10,
    SynAck = Syn | Ack,
}

/// <summary>ICMP under IPv4, ICMPv6 under IPv6.</summary>
/// <param name="Identifier">What an answer has in common with its question (RFC 792, RFC 4443 section 4).</param>
internal sealed record Icmp(int Type, int Code, int Identifier) : Transport
{
    // Question and answer: echo, timestamp, information (RFC 792), and echo of ICMPv6 (RFC 4443).
    private static readonly (int Question, int Answer)[] Pairs = [(8, 0), (13, 14), (15, 16), (128, 129)];

    /// <summary>Whether it begins a conversation.</summary>
    public bool IsQuestion => Pairs.Any(pair => pair.Question == Type);

    public override int ProtocolUnder(int ipVersion) =>
        ipVersion == 4 ? Protocol.Icmp : Protocol.Ipv6Icmp;

    public override Icmp? Reply() => IsQuestion ? Reversed() : null;

    /// <summary>The other side of the question or the answer; null: it is neither.</summary>
    public Icmp? Reversed() => Pairs
        .Where(pair => pair.Question == Type || pair.Answer == Type)
        .Select(pair => this with { Type = pair.Question == Type ? pair.Answer : pair.Question })
        .FirstOrDefault();

    public override string ToString() => $"ICMP type {Type} code {Code} id {Identifier}";
}

/// <summary>
/// A machine says that nobody listens where a packet was for (RFC 792 type 3 code 3, RFC 4443 type 1 code 4).
/// </summary>
/// <param name="Quoted">The packet, as it came to the machine.</param>
internal sealed record PortUnreachable(IpContent Quoted) : Transport
{
    public int Type => Quoted.Version == 4 ? 3 : 1;

    public int Code => Quoted.Version == 4 ? 3 : 4;

    public override int ProtocolUnder(int ipVersion) =>
        ipVersion == 4 ? Protocol.Icmp : Protocol.Ipv6Icmp;

    public override Transport? Reply() => null;

    public override string ToString() => $"ICMP: nobody listens for ({Quoted})";
}

/// <summary>A protocol of which nobody on the way knows more than its number.</summary>
internal sealed record OtherTransport(int Protocol) : Transport
{
    public override int ProtocolUnder(int ipVersion) => Protocol;

    public override Transport Reply() => this;

    public override string ToString() => $"protocol {Protocol}";
}
