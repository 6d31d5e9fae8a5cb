using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tracing;

/// <summary>What has become of a packet so far, on all hosts.</summary>
internal sealed class Journey
{
    public List<TraceStep> Steps { get; } = [];

    public List<string> Flows { get; } = [];

    /// <summary>The ports that received it.</summary>
    public List<Arrival> Arrivals { get; } = [];

    /// <summary>Where it left for a physical network.</summary>
    public List<(TracedSwitch Host, uint Port, Packet Packet)> Departures { get; } = [];

    public bool IsPunted { get; set; }

    /// <summary>It has come to a service of a host.</summary>
    public bool IsServed { get; set; }

    /// <summary>The tunnel address of a host that is not known yet, though the packet comes to it.</summary>
    public IPAddress? MissingHost { get; set; }

    /// <summary>Who was asked for in networks outside.</summary>
    public List<(Guid Network, IPAddress Address)> Sought { get; } = [];
}

/// <summary>A port that received a packet.</summary>
internal sealed record Arrival(TracedSwitch Host, Guid Port, Packet Packet);
