using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Qos;
using Alcor.Network.Sharing;

namespace Alcor.Network.Networks;

/// <summary>A layer 2 domain of its own: the original Alcor's VPC.</summary>
/// <param name="Segments">What it consists of physically, in order of creation; mostly one.</param>
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
    ImmutableArray<NetworkSegment> Segments,
    ImmutableArray<string> SubnetIds,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<Network> Type = new("network", "networks")
    {
        Json = NetworkJson.Default.Network,
        Id = network => network.Id,
        Partition = network => PartitionKey.Network(network.Id),
        References = network => network.QosPolicyId is { } policy ? [QosPolicy.Type.Key(policy)] : [],
        Claims = network => network.IsDefault ? [DefaultNetwork.Claim] : [],
        IndexedBy = [("name", network => [network.Name])],
        VisibleTo = network => Sharing.Shares.VisibleTo(network.ProjectId, network.Shares),
        QuotaProject = network => network.ProjectId,
        Tags = network => network.Tags,
        WithTags = (network, tags, now) => network with { Tags = tags, UpdatedAt = now },
        Attributes = NetworkAttributes.All,
    };

    /// <summary>Who besides its owner may use it; each is an RBAC policy too.</summary>
    public ImmutableArray<Share> Shares { get; init; } = [];

    /// <summary>Whether ports that do not say so themselves are held to their own addresses.</summary>
    public bool PortSecurityEnabled { get; init; }

    /// <summary>The QoS policy of its ports that have none themselves.</summary>
    public string? QosPolicyId { get; init; }

    /// <summary>The domain of the names of its ports; empty: none, else ending in a dot.</summary>
    public string DnsDomain { get; init; } = "";

    /// <summary>Whether it is the external network that auto-allocated topologies are connected to.</summary>
    public bool IsDefault { get; init; }

    public ImmutableArray<string> AvailabilityZoneHints { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The address scopes of the subnet pools that its subnets come from; null: none.</summary>
    public string? Ipv4AddressScopeId { get; init; }

    public string? Ipv6AddressScopeId { get; init; }

    /// <summary>
    /// Whether its subnets belong to segments: a routed network, whose segments are not one layer 2 domain.
    /// </summary>
    public bool HasSegmentedSubnets { get; init; }

    /// <summary>Whether its ports may send frames with VLAN tags of their own; null: its owner did not say.</summary>
    public bool? VlanTransparent { get; init; }

    /// <summary>Whether it leads outside: it does as long as anybody may use it for that.</summary>
    public bool IsExternal => Shares.Any(share => share.Action == ShareAction.AsExternal);

    /// <summary>The number of its first VXLAN; null: it has none.</summary>
    public uint? VxlanId => Segments.FirstOrDefault(s => s.NetworkType == NetworkType.Vxlan)?.SegmentationId;

    /// <summary>
    /// The segment that hosts carry: its first VXLAN, else its first Geneve, which reach every host, else its first
    /// flat or VLAN one, which reaches the hosts that have the physical network. Null: it has none of them.
    /// </summary>
    [JsonIgnore]
    public NetworkSegment? CarriedSegment =>
        Segments.FirstOrDefault(s => s.NetworkType == NetworkType.Vxlan)
        ?? Segments.FirstOrDefault(s => s.NetworkType == NetworkType.Geneve)
        ?? Segments.FirstOrDefault(s => s.NetworkType is NetworkType.Flat or NetworkType.Vlan);

    /// <summary>Whether a host carries it.</summary>
    public bool IsCarriedBy(Node host) =>
        CarriedSegment is { } carried
        && (carried.PhysicalNetwork is not { } physical || host.PhysicalNetworks.OrEmpty().Contains(physical));

    /// <summary>What carries its first segment; null: tunnels, or it has none.</summary>
    public string? FirstPhysicalNetwork => Segments.FirstOrDefault()?.PhysicalNetwork;

    /// <summary>The segment that the provider attributes show; null: it has several, and they show none.</summary>
    public NetworkSegment? OnlySegment => Segments is [var only] ? only : null;
}
