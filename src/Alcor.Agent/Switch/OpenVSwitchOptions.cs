using System.Net;
using Alcor.Agent.Services;

namespace Alcor.Agent.Switch;

/// <summary>Which Open vSwitch, and what the agent makes there.</summary>
public sealed record OpenVSwitchOptions
{
    /// <summary>Where db.sock is, and the bridge's management socket; usually /var/run/openvswitch.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>The source of encapsulated packets.</summary>
    public required IPAddress TunnelAddress { get; init; }

    public string Bridge { get; init; } = "br-int";

    /// <summary>"system" is the kernel's datapath, "netdev" the one in userspace.</summary>
    public string DatapathType { get; init; } = "system";

    /// <summary>The physical networks that this host has, each with the bridge that leads there.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> BridgeMappings { get; init; } = [];

    public string VxlanPortName { get; init; } = "vxlan0";

    public string GenevePortName { get; init; } = "geneve0";

    /// <summary>What this host offers its machines itself, by a port that the agent makes for it.</summary>
    public HostServices Services { get; init; }

    /// <summary>The interface that leads to whoever does it.</summary>
    public string ServicePortName { get; init; } = "alcor-services";

    /// <summary>
    /// The pause between attempts to reach a switch that is gone. Short, since while it is gone or empty nothing
    /// flows, and a refused connection to a unix socket costs nothing.
    /// </summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A switch that accepts a connection and then does not greet: its database is away.</summary>
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
