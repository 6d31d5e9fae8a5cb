using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.NdpProxies;

/// <summary>
/// An IPv6 address behind a router that the router answers neighbour discovery for on its external network (RFC 4389),
/// so that it is reached from there as it is. It lives with its router. Hosts do not serve it yet.
/// </summary>
/// <param name="PortId">The port that has the address; it ends with that.</param>
public sealed record NdpProxy(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    string RouterId,
    string PortId,
    IPAddress IpAddress,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<NdpProxy> Type = new("ndp_proxy", "ndp_proxies")
    {
        Json = NetworkJson.Default.NdpProxy,
        Id = proxy => proxy.Id,
        Partition = proxy => PartitionKey.Router(proxy.RouterId),
        Claims = proxy => [new Claim($"ndp-proxy/{proxy.RouterId}", proxy.IpAddress.ToNumber())],
        References = proxy => [Router.Type.Key(proxy.RouterId), Port.Type.Key(proxy.PortId)],
        ListedByReference = [("router_id", "router"), ("port_id", "port")],
        VisibleTo = proxy => [proxy.ProjectId],
        Api = new ApiNames("ndp-proxies", "ndp_proxy", "ndp_proxies")
        {
            NotFound = id => new ApiError(404, "NDPProxyNotFound", $"Ndp proxy {id} could not be found."),
        },
        Attributes = NdpProxyAttributes.All,
    };
}
