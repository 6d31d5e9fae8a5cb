using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Reachability.Tests;

/// <summary>
/// A packet as a machine sends or receives it: all of it by which anybody on the way may decide. What it carries
/// besides is always the same.
/// </summary>
internal sealed record Probe(MacAddress SourceMac, MacAddress TargetMac, Content Content)
{
    public override string ToString() => $"{SourceMac} > {TargetMac} {Content}";
}

/// <summary>What the Ethernet frame carries: one of the records of this file.</summary>
internal abstract record Content;

/// <summary>An IPv4 or IPv6 packet; both addresses are of one version.</summary>
internal sealed record IpContent(IPAddress Source, IPAddress Target, Transport Transport) : Content
{
    /// <summary>Hops that are left to it: TTL of IPv4, hop limit of IPv6.</summary>
    public int HopLimit { get; init; } = 64;

    /// <summary>
    /// What the two fragments have in common that it is sent in, a datagram of a large size; null: it is sent whole.
    /// </summary>
    public int? Fragments { get; init; }

    public int Version => Source.Version();

    /// <summary>The number of the protocol that it carries.</summary>
    public int Protocol => Transport.ProtocolUnder(Version);

    /// <summary>What its receiver answers: the same the other way round. Null: it is nothing to be answered.</summary>
    public IpContent? Reply() =>
        Transport.Reply() is { } reply ? new IpContent(Target, Source, reply) : null;

    /// <summary>What its receiver answers if nobody listens there. Null: nothing.</summary>
    public IpContent? Refusal() =>
        Transport is Segment ? new IpContent(Target, Source, new PortUnreachable(this)) : null;

    /// <summary>The same between other ends; the labels are ports, and of other protocols mean nothing.</summary>
    public IpContent Between((IPAddress Address, int Label) source, (IPAddress Address, int Label) target) => this with
    {
        Source = source.Address,
        Target = target.Address,
        Transport = Transport is Segment segment
            ? segment with { SourcePort = source.Label, TargetPort = target.Label }
            : Transport,
    };

    public override string ToString() =>
        $"{Source} > {Target} {Transport}{(HopLimit == 64 ? "" : $" with {HopLimit} hops left")}"
        + (Fragments is { } id ? $" in fragments {id}" : "");
}

/// <summary>Asks in IPv4 who has an address (RFC 826); from 0.0.0.0 it is a probe (RFC 5227).</summary>
internal sealed record ArpRequest(MacAddress SenderMac, IPAddress Sender, IPAddress Sought) : Content
{
    public override string ToString() => $"ARP: {SenderMac} {Sender} asks who has {Sought}";
}

/// <summary>The owner of an address tells who asked.</summary>
internal sealed record ArpReply(MacAddress SenderMac, IPAddress Sender, MacAddress AskerMac, IPAddress Asker) : Content
{
    public override string ToString() => $"ARP: {SenderMac} {Sender} answers {AskerMac} {Asker}";
}

/// <summary>Asks in IPv6 who has an address (RFC 4861 section 4.3); from :: it is a probe (RFC 4862).</summary>
internal sealed record NeighborSolicitation(
    IPAddress Source, IPAddress Target, IPAddress Sought, MacAddress? LinkLayer) : Content
{
    public override string ToString() => $"ND: {Source} asks {Target} who has {Sought}";
}

/// <summary>The owner of an address tells who asked, or everybody (RFC 4861 section 4.4).</summary>
internal sealed record NeighborAdvertisement(
    IPAddress Source, IPAddress Target, IPAddress Sought, MacAddress? LinkLayer) : Content
{
    public bool IsRouter { get; init; }

    /// <summary>Whether it was asked for.</summary>
    public bool IsSolicited { get; init; }

    public override string ToString() => $"ND: {Source} tells {Target} that {LinkLayer} has {Sought}";
}

/// <summary>Neither IP nor ARP.</summary>
internal sealed record OtherContent(int EtherType) : Content
{
    public override string ToString() => $"ethertype 0x{EtherType:x4}";
}
