using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Networks;

/// <summary>
/// The attributes of a network in the Networking API v2.0, with those of the provider and MTU extensions.
/// </summary>
public static class NetworkAttributes
{
    public static readonly Attribute<Network, string> Id = new("id", Schemas.Uuid, "The UUID of the network.")
    {
        Read = network => network.Value.Id,
    };

    public static readonly Attribute<Network, string> Name = CommonAttributes.Name<Network>(n => n.Name);

    public static readonly Attribute<Network, string> Description =
        CommonAttributes.Description<Network>(n => n.Description);

    public static readonly Attribute<Network, string> ProjectId = CommonAttributes.ProjectId<Network>(n => n.ProjectId);

    public static readonly Attribute<Network, bool> AdminStateUp =
        new("admin_state_up", Schemas.Boolean, "Whether the network carries traffic.")
        {
            Read = network => network.Value.AdminStateUp,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<Network, long?> Mtu =
        new("mtu", Schemas.NullableValue(Schemas.Integer(68, 65_535)), "Bytes of the largest IP packet.")
        {
            Read = network => network.Value.Mtu,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Network, string?> NetworkType =
        new(
            "provider:network_type",
            Schemas.Nullable(Schemas.OneOf(Networks.NetworkType.Vxlan)),
            "The mechanism that keeps its traffic apart.")
        {
            Read = network => network.Value.OnlySegment?.NetworkType,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Network, long?> SegmentationId =
        new(
            "provider:segmentation_id",
            Schemas.NullableValue(Schemas.Integer(1, (1 << 24) - 1)),
            "The VXLAN network identifier; allocated when not given.")
        {
            Read = network => network.Value.OnlySegment?.SegmentationId,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Network, string?> PhysicalNetwork =
        new("provider:physical_network", Schemas.Nullable(Schemas.Text(64)), "Always null: a VXLAN network has none.")
        {
            Read = _ => null,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Network, string> Status =
        new("status", Schemas.OneOf("ACTIVE"), "A network that exists is ACTIVE.") { Read = _ => "ACTIVE" };

    public static readonly Attribute<Network, bool> Shared =
        CommonAttributes.Shared<Network>(network => network.Shares, inRequest: false);

    public static readonly Attribute<Network, bool> External =
        new("router:external", Schemas.Boolean, "Whether it leads outside; none does.") { Read = _ => false };

    public static readonly Attribute<Network, ImmutableArray<string>> Subnets =
        new("subnets", Schemas.ListOf(Schemas.Uuid, int.MaxValue), "Its subnets.")
        {
            Read = network => network.Value.SubnetIds,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Description, ProjectId, CommonAttributes.TenantId<Network>(n => n.ProjectId), AdminStateUp, Mtu,
        NetworkType, SegmentationId, PhysicalNetwork, Status, Shared, External, Subnets,
        CommonAttributes.CreatedAt<Network>(n => n.CreatedAt),
        CommonAttributes.UpdatedAt<Network>(n => n.UpdatedAt),
        CommonAttributes.RevisionNumber<Network>(),
    ];
}
