using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>Takes note of the agent of a host: that it connected, is still there, or is gone.</summary>
/// <param name="NewId">The UUID that the agent gets if it is seen for the first time.</param>
/// <param name="Connected">It connected just now, rather than being still there or gone.</param>
/// <param name="Configurations">What it said of itself; null keeps what is known.</param>
public sealed record ReportAgent(
    string Host, string NewId, bool Alive, bool Connected, ImmutableSortedDictionary<string, string>? Configurations)
    : ICommand
{
    public PartitionKey Lane => new("agent", Host);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var known = snapshot.All(Agent.Type).FirstOrDefault();
        var agent = known ?? new Agent(
            NewId,
            Host,
            AdminStateUp: true,
            Alive,
            context.Now,
            context.Now,
            context.Now,
            ImmutableSortedDictionary<string, string>.Empty);
        var updated = agent with
        {
            Alive = Alive,
            StartedAt = Connected ? context.Now : agent.StartedAt,
            HeartbeatAt = Alive ? context.Now : agent.HeartbeatAt,
            Configurations = Configurations ?? agent.Configurations,
        };
        return known is null
            ? new Decision().Create(Agent.Type, updated).AndAnswer()
            : new Decision().Update(Agent.Type, updated, snapshot.Find(Agent.Type, known.Id)!.Value).AndAnswer();
    }
}
