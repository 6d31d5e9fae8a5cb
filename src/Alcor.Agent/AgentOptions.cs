using System.Net;
using Alcor.Agent.Services;

namespace Alcor.Agent;

/// <summary>Who this agent is and how patient it is.</summary>
public sealed record AgentOptions
{
    /// <summary>The host's name, as an orchestrator writes it into binding:host_id.</summary>
    public required string Host { get; init; }

    /// <summary>Where other hosts send encapsulated traffic to.</summary>
    public required IPAddress TunnelAddress { get; init; }

    public string Version { get; init; } = "0.1.0";

    /// <summary>Shown by the Networking API's agents.</summary>
    public IReadOnlyDictionary<string, string> Configurations { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// A dataplane that has said nothing for so long is dead; a third of it is the pause between heartbeats.
    /// </summary>
    public TimeSpan Liveness { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The first pause before dialling again; it doubles up to <see cref="ReconnectMax"/>, with jitter.
    /// </summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the switch is read and compared whole.</summary>
    public TimeSpan AuditInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the agent looks at what is due by time.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What this host offers its machines itself; DHCP tells them, from the first lease on.</summary>
    public HostServices Services { get; init; }

    public TimeSpan DhcpLeaseTime { get; init; } = TimeSpan.FromDays(1);
}
