namespace Alcor.Agent;

public enum AgentLogLevel
{
    /// <summary>Every change; for finding a fault.</summary>
    Debug,

    /// <summary>What an operator sees in good times: connections and restarts.</summary>
    Information,

    /// <summary>Something was wrong and was dealt with: drift, a refused flow, a gap.</summary>
    Warning,
}

/// <summary>Where the agent tells operators what it does. Calls come from one loop and must not block.</summary>
public interface IAgentLog
{
    void Write(AgentLogLevel level, string message);
}

/// <summary>Counts since the agent started, and where it stands; a value that may be read at any time.</summary>
public sealed record AgentStatus
{
    public bool DataplaneConnected { get; init; }

    public bool SwitchConnected { get; init; }

    /// <summary>A dataplane has said once that all of interest has been sent.</summary>
    public bool Synchronized { get; init; }

    /// <summary>The switch has all that is wanted of it, apart from entries that fail or wait.</summary>
    public bool Converged { get; init; }

    public int FlowsWanted { get; init; }

    public long FlowsPut { get; init; }

    public long FlowsDeleted { get; init; }

    public long FlowsRefused { get; init; }

    /// <summary>Flows that an audit found missing, changed or in excess.</summary>
    public long Drift { get; init; }

    /// <summary>How often the switch came back without the sentinel.</summary>
    public long SwitchLosses { get; init; }

    public long DhcpAnswered { get; init; }

    /// <summary>Machines that asked for routers and were told of one.</summary>
    public long SolicitationsAnswered { get; init; }

    /// <summary>Packets whose sender was told that a router does not forward them.</summary>
    public long RoutingRefused { get; init; }

    public long PuntsDropped { get; init; }

    public long Gaps { get; init; }
}
