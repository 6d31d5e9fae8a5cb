using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.LocalIps;

/// <summary>
/// An address that means another port on each host: that of the associated ports which is there. It lives with its
/// network. Hosts do not serve it yet.
/// </summary>
/// <param name="LocalPortId">The port whose address it is; made along with it, or there before.</param>
/// <param name="Address">One of that port's.</param>
/// <param name="IpMode">One of <see cref="LocalIpMode"/>.</param>
public sealed record LocalIp(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    string NetworkId,
    string LocalPortId,
    IPAddress Address,
    string IpMode,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<LocalIp> Type = new("local_ip", "local_ips")
    {
        Json = NetworkJson.Default.LocalIp,
        Id = ip => ip.Id,
        Partition = ip => PartitionKey.Network(ip.NetworkId),
        References = ip =>
        [
            Networks.Network.Type.Key(ip.NetworkId), Port.Type.Key(ip.LocalPortId),
            .. ip.Associations.OrEmpty().Select(one => Port.Type.Key(one.PortId)),
        ],
        ListedByReference = [("local_port_id", "port"), ("network_id", "network")],
        VisibleTo = ip => [ip.ProjectId],
        Api = new ApiNames("local-ips", "local_ip", "local_ips")
        {
            NotFound = id => new ApiError(404, "LocalIPNotFound", $"Local IP {id} could not be found."),
        },
        Attributes = LocalIpAttributes.All,
    };

    /// <summary>The ports that are meant on their hosts; absent: none.</summary>
    public ImmutableArray<AssociatedPort> Associations { get; init; }

    public LocalIp Without(string portId) => this with
    {
        Associations = Associations.OrEmpty().RemoveAll(one => one.PortId == portId).OrAbsent(),
    };
}

/// <param name="FixedIp">The one of its addresses that is meant.</param>
public readonly record struct AssociatedPort(string PortId, IPAddress FixedIp);

/// <summary>Whether a packet to a local IP gets the address of the port that is meant.</summary>
public static class LocalIpMode
{
    public const string Translate = "translate";

    public const string PassThrough = "passthrough";
}

/// <summary>
/// A port that a local IP means, as the API shows it. It is not stored: the local IP has it, and the port says where it
/// is.
/// </summary>
/// <param name="Host">Empty: the port is on none.</param>
public sealed record LocalIpAssociation(
    string LocalIpId,
    string NetworkId,
    string ProjectId,
    IPAddress LocalIpAddress,
    string FixedPortId,
    IPAddress FixedIp,
    string Host)
{
    public static readonly ResourceType<LocalIpAssociation> Type =
        new("local_ip_port_association", "local_ip_port_associations")
    {
        Json = NetworkJson.Default.LocalIpAssociation,
        Id = association => association.FixedPortId,
        Partition = association => PartitionKey.Network(association.NetworkId),
        VisibleTo = association => [association.ProjectId],
        Api = new ApiNames("port_associations", "port_association", "port_associations")
        {
            Policy = "local_ip_port_association",
            NotFound = port => new ApiError(
                404, "LocalIPAssociationNotFound", $"Local IP association with port {port} could not be found."),
        },
        Parent = new ParentLink("local_ip", "local_ip_id", IsInPath: true),
        Attributes = LocalIpAssociationAttributes.All,
    };

    public static LocalIpAssociation Of(LocalIp ip, AssociatedPort one, Port? port) =>
        new(ip.Id, ip.NetworkId, ip.ProjectId, ip.Address, one.PortId, one.FixedIp, port?.HostId ?? "");
}
