using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>A host: what is known of it whether its agent runs or not.</summary>
/// <param name="TunnelAddress">Where other hosts send its encapsulated traffic.</param>
/// <param name="Zone">The availability zone that the operator put it in; empty: the default one.</param>
/// <param name="Cluster">What else the operator groups it by.</param>
public sealed record Node(
    string Name, IPAddress TunnelAddress, DateTimeOffset CreatedAt, string Zone = "", string Cluster = "")
{
    /// <summary>The physical networks that its bridges lead to; absent: none that is known of.</summary>
    public ImmutableArray<string> PhysicalNetworks { get; init; }

    internal const string PhysicalNetworkIndex = "physical_networks";

    public static readonly ResourceType<Node> Type = new("node", "nodes")
    {
        Json = NetworkJson.Default.Node,
        Id = node => node.Name,
        Partition = node => PartitionKey.Host(node.Name),
        IndexedBy = [(PhysicalNetworkIndex, node => node.PhysicalNetworks.OrEmpty())],
        Api = new ApiNames("nodes", "node", "nodes")
        {
            Policy = "alcor_node",
            InUse = (id, by) => ApiError.Conflict("NodeInUse", $"Node {id} is in use by {by.Type} {by.Id}."),
        },
        Attributes = NodeAttributes.All,
    };
}

/// <summary>
/// The agent of a host, as the Networking API's agents show it. Apart from the node, since it changes whenever the
/// agent comes and goes, and nobody's goal state depends on it.
/// </summary>
/// <param name="Host">The name of its node.</param>
/// <param name="Alive">Whether a dataplane hears from it.</param>
/// <param name="StartedAt">When it last connected.</param>
/// <param name="HeartbeatAt">When a dataplane last took note of it.</param>
/// <param name="Zone">That of its node.</param>
public sealed record Agent(
    string Id,
    string Host,
    bool AdminStateUp,
    bool Alive,
    DateTimeOffset CreatedAt,
    DateTimeOffset StartedAt,
    DateTimeOffset HeartbeatAt,
    ImmutableSortedDictionary<string, string> Configurations,
    string Description = "",
    string Zone = "")
{
    internal const string ZoneIndex = "availability_zone";

    public static readonly ResourceType<Agent> Type = new("agent", "agents")
    {
        Json = NetworkJson.Default.Agent,
        Id = agent => agent.Id,
        Partition = agent => new PartitionKey("agent", agent.Host),
        References = agent => [Node.Type.Key(agent.Host)],
        IndexedBy =
        [
            ("host", agent => [agent.Host]),
            (ZoneIndex, agent => [AvailabilityZone.NameOf(agent.Zone)]),
        ],
        Attributes = AgentAttributes.All,
    };
}
