using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Nodes;

/// <summary>The attributes of a node in Alcor's own API.</summary>
public static class NodeAttributes
{
    private const int PhysicalNetworksMax = 256;

    public static readonly Attribute<Node, string> Id =
        new("id", Schemas.Text(CommonAttributes.TextMax), "The name of the host.")
        {
            Read = node => node.Value.Name,
        };

    public static readonly Attribute<Node, string> Name =
        new("name", Schemas.Text(CommonAttributes.TextMax), "The name of the host, as ports are bound to it.")
        {
            Read = node => node.Value.Name,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Node, IPAddress> TunnelAddress =
        new("tunnel_address", Schemas.IpAddress, "Where other hosts send its traffic, until its agent says another.")
        {
            Read = node => node.Value.TunnelAddress,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Node, string> Zone =
        new("zone", Schemas.Text(CommonAttributes.TextMax), "Its availability zone; empty: the default one.")
        {
            Read = node => node.Value.Zone,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Node, string> Cluster =
        new("cluster", Schemas.Text(CommonAttributes.TextMax), "What else the operator groups hosts by.")
        {
            Read = node => node.Value.Cluster,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Node, ImmutableArray<string>> PhysicalNetworks =
        new(
            "physical_networks",
            Schemas.ListOf(Schemas.Text(64), PhysicalNetworksMax),
            "The physical networks that it has, until its agent says others; they say which segments it reaches.")
        {
            Read = node => node.Value.PhysicalNetworks.OrEmpty(),
            InCreate = Presence.Optional,
            InUpdate = true,
            IsFilterable = false,
            Default = [],
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, TunnelAddress, Zone, Cluster, PhysicalNetworks,
        CommonAttributes.CreatedAt<Node>(node => node.CreatedAt),
        CommonAttributes.RevisionNumber<Node>(),
    ];
}
