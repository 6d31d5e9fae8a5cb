using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.NdpProxies;

/// <summary>The attributes of an ND proxy (Neutron's extension l3-ndp-proxy).</summary>
public static class NdpProxyAttributes
{
    public static readonly Attribute<NdpProxy, string> Id = new("id", Schemas.Uuid, "The UUID of the proxy.")
    {
        Read = proxy => proxy.Value.Id,
    };

    public static readonly Attribute<NdpProxy, string> ProjectId =
        CommonAttributes.ProjectId<NdpProxy>(proxy => proxy.ProjectId);

    public static readonly Attribute<NdpProxy, string> Name = CommonAttributes.Name<NdpProxy>(proxy => proxy.Name);

    public static readonly Attribute<NdpProxy, string> Description =
        CommonAttributes.LongDescription<NdpProxy>(proxy => proxy.Description);

    public static readonly Attribute<NdpProxy, string> RouterId =
        new("router_id", Schemas.Uuid, "The router that answers outside. Stored; not yet applied by hosts.")
        {
            Read = proxy => proxy.Value.RouterId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<NdpProxy, string> PortId =
        new("port_id", Schemas.Uuid, "The port behind the router that has the address.")
        {
            Read = proxy => proxy.Value.PortId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<NdpProxy, IPAddress?> IpAddress =
        new(
            "ip_address",
            Schemas.Nullable(Schemas.IpAddress),
            "The IPv6 address of the port; the first that the router reaches when not given.")
        {
            Read = proxy => proxy.Value.IpAddress,
            InCreate = Presence.Optional,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, ProjectId, CommonAttributes.TenantId<NdpProxy>(proxy => proxy.ProjectId), RouterId, PortId, IpAddress,
        Description,
        CommonAttributes.CreatedAt<NdpProxy>(proxy => proxy.CreatedAt),
        CommonAttributes.UpdatedAt<NdpProxy>(proxy => proxy.UpdatedAt),
        CommonAttributes.RevisionNumber<NdpProxy>(),
    ];
}
