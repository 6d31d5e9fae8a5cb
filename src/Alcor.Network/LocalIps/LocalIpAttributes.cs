using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.LocalIps;

/// <summary>The attributes of a local IP (Neutron's extension local_ip).</summary>
public static class LocalIpAttributes
{
    public static readonly Attribute<LocalIp, string> Id = new("id", Schemas.Uuid, "The UUID of the local IP.")
    {
        Read = ip => ip.Value.Id,
    };

    public static readonly Attribute<LocalIp, string> ProjectId =
        CommonAttributes.ProjectId<LocalIp>(ip => ip.ProjectId);

    public static readonly Attribute<LocalIp, string> Name = CommonAttributes.Name<LocalIp>(ip => ip.Name);

    public static readonly Attribute<LocalIp, string> Description =
        CommonAttributes.LongDescription<LocalIp>(ip => ip.Description);

    public static readonly Attribute<LocalIp, string> LocalPortId =
        new("local_port_id", Schemas.Uuid, "The port whose address it is; made on network_id when not given.")
        {
            Read = ip => ip.Value.LocalPortId,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<LocalIp, string> NetworkId =
        new("network_id", Schemas.Uuid, "The network that it is an address of.")
        {
            Read = ip => ip.Value.NetworkId,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<LocalIp, IPAddress?> Address =
        new(
            "local_ip_address",
            Schemas.Nullable(Schemas.IpAddress),
            "The address, which means the associated port of each host. Stored; not yet served by hosts.")
        {
            Read = ip => ip.Value.Address,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<LocalIp, string> IpMode =
        new(
            "ip_mode",
            Schemas.OneOf(LocalIpMode.Translate, LocalIpMode.PassThrough),
            "Whether packets get the address of the port that is meant. Stored; not yet applied by hosts.")
        {
            Read = ip => ip.Value.IpMode,
            InCreate = Presence.Optional,
            Default = LocalIpMode.Translate,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Description, ProjectId, CommonAttributes.TenantId<LocalIp>(ip => ip.ProjectId), LocalPortId,
        NetworkId, Address, IpMode,
        CommonAttributes.CreatedAt<LocalIp>(ip => ip.CreatedAt),
        CommonAttributes.UpdatedAt<LocalIp>(ip => ip.UpdatedAt),
        CommonAttributes.RevisionNumber<LocalIp>(),
    ];
}

/// <summary>The attributes of a port that a local IP means.</summary>
public static class LocalIpAssociationAttributes
{
    public static readonly Attribute<LocalIpAssociation, string> LocalIpId =
        new("local_ip_id", Schemas.Uuid, "The local IP.") { Read = association => association.Value.LocalIpId };

    public static readonly Attribute<LocalIpAssociation, IPAddress> LocalIpAddress =
        new("local_ip_address", Schemas.IpAddress, "Its address.")
        {
            Read = association => association.Value.LocalIpAddress,
        };

    public static readonly Attribute<LocalIpAssociation, string> FixedPortId =
        new("fixed_port_id", Schemas.Uuid, "The port that it means on the host of the port.")
        {
            Read = association => association.Value.FixedPortId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<LocalIpAssociation, IPAddress?> FixedIp =
        new("fixed_ip", Schemas.Nullable(Schemas.IpAddress), "The address of that port; its only one when not given.")
        {
            Read = association => association.Value.FixedIp,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<LocalIpAssociation, string> Host =
        new("host", Schemas.Text(CommonAttributes.TextMax), "The host of that port; empty: none.")
        {
            Read = association => association.Value.Host,
        };

    public static readonly Attribute<LocalIpAssociation, string> ProjectId = Owner("project_id");

    public static readonly IReadOnlyList<IAttribute> All =
        [LocalIpId, LocalIpAddress, FixedPortId, FixedIp, Host, ProjectId, Owner("tenant_id")];

    private static Attribute<LocalIpAssociation, string> Owner(string name) =>
        new(name, Schemas.Text(CommonAttributes.TextMax), "Taken, and not kept: it is that of the local IP.")
        {
            Read = association => association.Value.ProjectId,
            InCreate = Presence.Optional,
            IsVisible = false,
            IsFilterable = false,
            Default = "",
        };
}
