using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Trunks;

/// <summary>The attributes of a trunk in the Networking API v2.0.</summary>
public static class TrunkAttributes
{
    internal const string StatusName = "status";

    public static readonly Attribute<Trunk, string> Id = new("id", Schemas.Uuid, "The UUID of the trunk.")
    {
        Read = trunk => trunk.Value.Id,
    };

    public static readonly Attribute<Trunk, string> ProjectId = CommonAttributes.ProjectId<Trunk>(t => t.ProjectId);

    public static readonly Attribute<Trunk, string> Name = CommonAttributes.Name<Trunk>(t => t.Name);

    public static readonly Attribute<Trunk, string> Description =
        CommonAttributes.Description<Trunk>(t => t.Description);

    public static readonly Attribute<Trunk, bool> AdminStateUp =
        new("admin_state_up", Schemas.Boolean, "Whether its subports may change, and it may be deleted.")
        {
            Read = trunk => trunk.Value.AdminStateUp,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<Trunk, string> PortId =
        new("port_id", Schemas.Uuid, "The parent port, which carries the traffic of all.")
        {
            Read = trunk => trunk.Value.PortId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Trunk, string> Status =
        new(
            StatusName,
            Schemas.OneOf(
                TrunkStatus.Active, TrunkStatus.Build, TrunkStatus.Degraded, TrunkStatus.Down, TrunkStatus.Error),
            "What its ports are: ACTIVE when all carry traffic, DEGRADED when some cannot.")
        {
            Read = trunk => trunk.Value.Status ?? TrunkStatus.Down,
        };

    public static readonly Attribute<Trunk, ImmutableArray<SubPortRequest>> SubPorts =
        new("sub_ports", TrunkSchemas.SubPorts, "The subports, each with its tag.")
        {
            Read = trunk =>
            [
                .. trunk.Value.SubPorts.Select(port =>
                    new SubPortRequest(port.PortId, port.SegmentationType, $"{port.SegmentationId}")),
            ],
            InCreate = Presence.Optional,
            IsFilterable = false,
            Default = [],
        };

    /// <summary>What the actions take: at most as many as a trunk can carry.</summary>
    internal static readonly Attribute<Trunk, ImmutableArray<SubPortRequest>> Changed =
        new("sub_ports", TrunkSchemas.SubPorts, "The subports that are meant.")
        {
            Read = SubPorts.Read,
            InCreate = Presence.Required,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, ProjectId, CommonAttributes.TenantId<Trunk>(t => t.ProjectId), Name, Description, AdminStateUp, PortId,
        Status, SubPorts,
        CommonAttributes.Tags<Trunk>(t => t.Tags),
        CommonAttributes.CreatedAt<Trunk>(t => t.CreatedAt),
        CommonAttributes.UpdatedAt<Trunk>(t => t.UpdatedAt),
        CommonAttributes.RevisionNumber<Trunk>(),
    ];
}
