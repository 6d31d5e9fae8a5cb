using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Networks;

/// <summary>A layer 2 domain of its own: the original Alcor's VPC.</summary>
/// <param name="SubnetIds">
/// Its subnets, in order of creation; kept here since a subnet's creation changes its network.
/// </param>
public sealed record Network(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    bool AdminStateUp,
    int Mtu,
    string NetworkType,
    uint SegmentationId,
    ImmutableArray<string> SubnetIds,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public const string Vxlan = "vxlan";

    public static readonly ResourceType<Network> Type = new("network", "networks")
    {
        Json = NetworkJson.Default.Network,
        Id = network => network.Id,
        Partition = network => PartitionKey.Network(network.Id),
        IndexedBy = [("name", network => [network.Name])],
        VisibleTo = network => [network.ProjectId],
        QuotaProject = network => network.ProjectId,
        Attributes = NetworkAttributes.All,
    };
}
