using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>
/// The session of a host's agent that connected last: what an earlier one said, and arrives late, changes nothing.
/// Apart from the agent, so that reports which rest on it do not collide with signs of life.
/// </summary>
/// <param name="Id">Differs from that of every other session of the host.</param>
public sealed record AgentSession(string Host, string Id)
{
    public static readonly ResourceType<AgentSession> Type = new("agent_session", "agent_sessions")
    {
        Json = NetworkJson.Default.AgentSession,
        Id = session => session.Host,
        Partition = session => new PartitionKey("agent", session.Host),
        References = session => [Node.Type.Key(session.Host)],
    };
}
