using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>Takes note of the agent of a host: it has connected, and this is its session from now on.</summary>
/// <param name="NewId">The UUID that the agent gets if it is seen for the first time.</param>
/// <param name="Configurations">What it said of itself.</param>
public sealed record ConnectAgent(
    AgentSession Session, string NewId, ImmutableSortedDictionary<string, string> Configurations) : ICommand
{
    public PartitionKey Lane => new("agent", Session.Host);

    public IReadOnlyList<ResourceKey> Reads => [Node.Type.Key(Session.Host)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var node = context.Read(Node.Type, Session.Host);
        var zone = node?.Value.Zone ?? "";
        var decision = new Decision().RestsOn(Node.Type, Session.Host, node);
        if (snapshot.Find(AgentSession.Type, Session.Host) is { } earlier)
            decision.Update(AgentSession.Type, Session, earlier);
        else
            decision.Create(AgentSession.Type, Session);
        if (snapshot.All(Agent.Type).FirstOrDefault() is not { } known)
        {
            return decision.Create(Agent.Type, new Agent(
                NewId,
                Session.Host,
                AdminStateUp: true,
                Alive: true,
                context.Now,
                context.Now,
                context.Now,
                Configurations,
                Zone: zone)).AndAnswer();
        }
        var updated = known with
        {
            Alive = true,
            StartedAt = context.Now,
            HeartbeatAt = context.Now,
            Configurations = Configurations,
            Zone = zone,
        };
        return decision.Update(Agent.Type, updated, snapshot.Find(Agent.Type, known.Id)!.Value).AndAnswer();
    }
}
