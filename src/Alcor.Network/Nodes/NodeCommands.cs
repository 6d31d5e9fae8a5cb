using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>What Alcor's own API can ask of nodes. Those that nobody announced come with their agents.</summary>
public sealed class NodeCommands : IResourceCommands
{
    public IResourceType Type => Node.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateNodes(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateNode(((Node)current.Value).Name, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteNode(((Node)current.Value).Name, change.IfRevision);
}

/// <summary>
/// Announces hosts before their agents come. Ports that were bound to them before wait for the agent, which says where
/// its tunnel ends.
/// </summary>
internal sealed record CreateNodes(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.Host(NameOf(Items[0]));

    public IReadOnlyList<ResourceKey> Reads => [.. Items.Select(item => Node.Type.Key(NameOf(item)))];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var names = new HashSet<string>();
        for (var i = 0; i < Items.Count; i++)
        {
            var (name, body) = (NameOf(Items[i]), Items[i].Body);
            if (Refuse(name, body.Get(NodeAttributes.TunnelAddress)) is { } error)
                return error.OfItem(i, Node.Type.Collection);
            if (!names.Add(name) || context.Read(Node.Type, name) is not null)
            {
                return ApiError.Conflict("NodeExists", $"Node {name} exists already.")
                    .OfItem(i, Node.Type.Collection);
            }
            decision.Create(Node.Type, new Node(
                name,
                body.Get(NodeAttributes.TunnelAddress),
                context.Now,
                body.Get(NodeAttributes.Zone),
                body.Get(NodeAttributes.Cluster))
            {
                PhysicalNetworks = body.Get(NodeAttributes.PhysicalNetworks).OrAbsent(),
            }).AndAnswer();
        }
        return decision;
    }

    private static string NameOf(NewResource item) => item.Body.Get(NodeAttributes.Name);

    private static ApiError? Refuse(string name, IPAddress address) =>
        name.Length == 0 || name.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
            ? ApiError.InvalidInput("name", "it is empty or not printable")
            : address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast
                ? ApiError.InvalidInput("tunnel_address", $"'{address}' is not the address of a host")
                : null;
}

/// <summary>Puts a host into another zone or cluster, or says what it has; its agent shows the zone, too.</summary>
internal sealed record UpdateNode(string Name, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Host(Name);

    public IReadOnlyList<PartitionKey> Others => [new("agent", Name)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Node.Type, Name, IfRevision);
        if (found.Error is { } error)
            return error;
        var node = found.Value.Value;
        var updated = node with
        {
            Zone = Body.Get(NodeAttributes.Zone, node.Zone),
            Cluster = Body.Get(NodeAttributes.Cluster, node.Cluster),
            PhysicalNetworks =
                Body.Get(NodeAttributes.PhysicalNetworks, node.PhysicalNetworks.OrEmpty()).OrAbsent(),
        };
        var decision = new Decision().Update(Node.Type, updated, found.Value).AndAnswer();
        var beside = context.Partition(new PartitionKey("agent", Name));
        foreach (var agent in beside.All(Agent.Type).Where(agent => agent.Zone != updated.Zone))
        {
            var earlier = beside.Find(Agent.Type, agent.Id)!.Value;
            decision.Update(Agent.Type, agent with { Zone = updated.Zone }, earlier);
        }
        return decision;
    }
}

/// <summary>
/// Forgets a host and its agent, unless ports are bound to it. One whose agent is still there comes again.
/// </summary>
internal sealed record DeleteNode(string Name, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Host(Name);

    public IReadOnlyList<PartitionKey> Others => [new("agent", Name)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Node.Type, Name, IfRevision);
        if (found.Error is { } error)
            return error;
        var decision = new Decision();
        var beside = context.Partition(new PartitionKey("agent", Name));
        foreach (var agent in beside.All(Agent.Type))
            decision.Delete(Agent.Type, beside.Find(Agent.Type, agent.Id)!.Value);
        if (beside.Find(AgentSession.Type, Name) is { } session)
            decision.Delete(AgentSession.Type, session);
        return decision.Delete(Node.Type, found.Value).AndAnswer();
    }
}
