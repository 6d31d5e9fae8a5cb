using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Services;

namespace Alcor.Agent.Tracing;

/// <summary>Where would go what the machine of a port sends, as the first packet of a connection?</summary>
/// <param name="Destination">Of one machine: no group or broadcast address.</param>
/// <param name="Protocol">Of IP; ICMP is 1 in IPv4 and 58 in IPv6.</param>
public sealed record TraceQuestion(Guid Port, IPAddress Destination, byte Protocol)
{
    /// <summary>Null: the port's address in the subnet of the destination, else its first of that IP version.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Of TCP and UDP.</summary>
    public ushort SourcePort { get; init; } = 49_152;

    /// <inheritdoc cref="SourcePort"/>
    public ushort DestinationPort { get; init; }

    /// <summary>Of ICMP; null: an echo request.</summary>
    public byte? IcmpType { get; init; }

    public byte IcmpCode { get; init; }

    /// <summary>Bytes of IP that it has; as few as it needs, if those are more.</summary>
    public ushort Size { get; init; }

    /// <summary>Whether what was delivered is answered, and the answer followed too.</summary>
    public bool WithReply { get; init; }
}

/// <summary>What is known of a host: enough to render the flows that it should have.</summary>
/// <param name="PhysicalNetworks">Those that its bridges lead to.</param>
/// <param name="Desired">What it must know. Every port that is bound there counts as plugged.</param>
public sealed record TracedHost(
    string Name, IPAddress TunnelAddress, ImmutableArray<string> PhysicalNetworks, DesiredState Desired)
{
    /// <summary>What it offers its machines itself.</summary>
    public HostServices Services { get; init; }
}
