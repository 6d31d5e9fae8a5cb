using Alcor.Kernel;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>What the Networking API can ask of agents. They come by themselves.</summary>
public sealed class AgentCommands : IResourceCommands
{
    public IResourceType Type => Agent.Type;

    public Verbs Verbs => Verbs.Update | Verbs.Delete;

    public ICommand Create(IReadOnlyList<NewResource> items) => throw new InvariantException("agents come themselves");

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateAgent((Agent)current.Value, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteAgent((Agent)current.Value, change.IfRevision);
}

internal sealed record UpdateAgent(Agent Agent, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => new("agent", Agent.Host);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Agent.Type, Agent.Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var agent = found.Value.Value;
        var updated = agent with
        {
            AdminStateUp = Body.Get(AgentAttributes.AdminStateUp, agent.AdminStateUp),
            Description = Body.Get(AgentAttributes.Description, agent.Description) ?? "",
        };
        return new Decision().Update(Agent.Type, updated, found.Value).AndAnswer();
    }
}

/// <summary>Forgets an agent. One that is still there connects again, and is then another one, as in Neutron.</summary>
internal sealed record DeleteAgent(Agent Agent, long? IfRevision) : ICommand
{
    public PartitionKey Lane => new("agent", Agent.Host);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Delete(Agent.Type, Agent.Id, IfRevision);
}
