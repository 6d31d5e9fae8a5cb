using Alcor.Kernel.Resources;

namespace Alcor.Network.Segments;

/// <summary>The attributes of a segment (Neutron's extensions segment and standard-attr-segment).</summary>
public static class SegmentAttributes
{
    public static readonly Attribute<Segment, string> Id = new("id", Schemas.Uuid, "The UUID of the segment.")
    {
        Read = segment => segment.Value.Id,
    };

    public static readonly Attribute<Segment, string> TenantId =
        new("tenant_id", Schemas.Text(CommonAttributes.TextMax), "Taken, and not kept.")
        {
            Read = segment => segment.Value.ProjectId,
            InCreate = Presence.Optional,
            IsVisible = false,
            IsFilterable = false,
            Default = "",
        };

    public static readonly Attribute<Segment, string> NetworkId =
        new("network_id", Schemas.Uuid, "The network that it is part of.")
        {
            Read = segment => segment.Value.NetworkId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Segment, string> NetworkType =
        new("network_type", Schemas.Text(32), "What keeps its traffic apart: vlan, vxlan, flat and so on.")
        {
            Read = segment => segment.Value.NetworkType,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Segment, string?> PhysicalNetwork =
        new("physical_network", Schemas.Nullable(Schemas.Text(64)), "The physical network that carries it.")
        {
            Read = segment => segment.Value.PhysicalNetwork,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Segment, long?> SegmentationId =
        new(
            "segmentation_id",
            Schemas.NullableValue(Schemas.Integer(0, uint.MaxValue)),
            "Its VLAN id or tunnel id; allocated when not given.")
        {
            Read = segment => segment.Value.SegmentationId,
            InCreate = Presence.Optional,
            IsFilterable = false,
        };

    public static readonly Attribute<Segment, string?> Name =
        new("name", Schemas.Nullable(Schemas.Text(CommonAttributes.TextMax)), "A name for people; need not be unique.")
        {
            Read = segment => segment.Value.Name,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Segment, string> Description =
        CommonAttributes.Description<Segment>(segment => segment.Description);

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, TenantId, NetworkId, NetworkType, PhysicalNetwork, SegmentationId, Name, Description,
        CommonAttributes.CreatedAt<Segment>(segment => segment.CreatedAt),
        CommonAttributes.UpdatedAt<Segment>(segment => segment.UpdatedAt),
        CommonAttributes.RevisionNumber<Segment>(),
    ];
}
