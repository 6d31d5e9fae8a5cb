using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>
/// Takes note that the agent of a host is still there, or is gone. It answers nothing, and changes nothing, when
/// another session of the host connected later.
/// </summary>
public sealed record ReportAgent(AgentSession Session, bool Alive) : ICommand
{
    public PartitionKey Lane => new("agent", Session.Host);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (snapshot.Find(AgentSession.Type, Session.Host)?.Value != Session
            || snapshot.All(Agent.Type).FirstOrDefault() is not { } known)
            return new Decision();
        var updated = known with
        {
            Alive = Alive,
            HeartbeatAt = Alive ? context.Now : known.HeartbeatAt,
        };
        return new Decision().Update(Agent.Type, updated, snapshot.Find(Agent.Type, known.Id)!.Value).AndAnswer();
    }
}
