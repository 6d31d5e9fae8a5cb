using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Topologies;

/// <summary>
/// The network that a project was given when it asked for one, with the router that leads out of it. Both may be gone
/// since: whoever owns them may do with them what he likes, and a topology without its network is none.
/// </summary>
public sealed record AutoAllocatedTopology(string ProjectId, string NetworkId, string RouterId)
{
    public static readonly ResourceType<AutoAllocatedTopology> Type =
        new("auto_allocated_topology", "auto_allocated_topologies")
        {
            Json = NetworkJson.Default.AutoAllocatedTopology,
            Id = topology => topology.ProjectId,
            Partition = topology => PartitionKey.Project(topology.ProjectId),
        };
}
