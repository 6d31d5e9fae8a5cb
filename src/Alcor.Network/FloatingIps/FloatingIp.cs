using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Routers;

namespace Alcor.Network.FloatingIps;

/// <summary>
/// An address of an external network that leads to one of a port, or by its port forwardings to several; it can be
/// moved from port to port. It lives with its network.
/// </summary>
/// <param name="Address">Its own, on the external network.</param>
/// <param name="FloatingPortId">The port that holds it there, hidden from all but admins.</param>
/// <param name="PortId">The port that it leads to; null: none.</param>
/// <param name="FixedIpAddress">The address of that port.</param>
/// <param name="RouterId">The router that translates; null: it leads nowhere.</param>
public sealed record FloatingIp(
    string Id,
    string ProjectId,
    string Description,
    string NetworkId,
    IPAddress Address,
    string FloatingPortId,
    string? PortId,
    IPAddress? FixedIpAddress,
    string? RouterId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<FloatingIp> Type = new("floatingip", "floatingips")
    {
        Json = NetworkJson.Default.FloatingIp,
        Id = ip => ip.Id,
        Partition = ip => PartitionKey.Network(ip.NetworkId),
        Claims = ip => ip is { PortId: { } port, FixedIpAddress: { } address }
            ? [new Claim($"floatingip/{ip.NetworkId}/{port}", address.ToNumber())]
            : [],
        References = ReferencesOf,
        IndexedBy = [("floating_ip_address", ip => [ip.Address.ToString()])],
        ListedByReference = [("floating_network_id", "network"), ("router_id", "router"), ("port_id", "port")],
        VisibleTo = ip => [ip.ProjectId],
        QuotaProject = ip => ip.ProjectId,
        Tags = ip => ip.Tags,
        WithTags = (ip, tags, now) => ip with { Tags = tags, UpdatedAt = now },
        ShownIn = [FloatingIpAttributes.PortDetailsName, FloatingIpAttributes.QosNetworkPolicyIdName],
        ShownWith = ip => ip.PortId is { } port
            ? [Networks.Network.Type.Key(ip.NetworkId), Port.Type.Key(port)]
            : [Networks.Network.Type.Key(ip.NetworkId)],
        WithShown = (ip, read) => ip with
        {
            NetworkQosPolicyId = ((Networks.Network?)read(Networks.Network.Type.Key(ip.NetworkId)))?.QosPolicyId,
            Details = ip.PortId is { } port ? (Port?)read(Port.Type.Key(port)) : null,
        },
        Api = new ApiNames("floatingips", "floatingip", "floatingips")
        {
            NotFound = id => new ApiError(404, "FloatingIPNotFound", $"Floating IP {id} could not be found"),
        },
        Attributes = FloatingIpAttributes.All,
    };

    /// <summary>A copy of that of the port that holds it.</summary>
    public MacAddress MacAddress { get; init; }

    /// <summary>
    /// Whether the host of the port that it leads to has it, since that has the physical network; else that of the
    /// router's gateway has it.
    /// </summary>
    public bool IsOnHost { get; init; }

    /// <summary>Whether it leads somewhere, and a host has it.</summary>
    public bool IsServed { get; init; }

    public string? QosPolicyId { get; init; }

    public string DnsName { get; init; } = "";

    public string DnsDomain { get; init; } = "";

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Copies of those that it has.</summary>
    public ImmutableArray<PortForwarding> PortForwardings { get; init; } = [];

    /// <summary>Not stored: the policy of its network when this was shown, which holds where it has none.</summary>
    [JsonIgnore]
    public string? NetworkQosPolicyId { get; init; }

    /// <summary>Not stored: the port that it leads to, as it was when this was shown.</summary>
    [JsonIgnore]
    public Port? Details { get; init; }

    /// <summary>Whether nothing is translated to it: it goes along with its network.</summary>
    [JsonIgnore]
    public bool LeadsNowhere => PortId is null && RouterId is null && PortForwardings.IsEmpty;

    /// <summary>The addresses behind the router that it leads to.</summary>
    [JsonIgnore]
    public IEnumerable<IPAddress> InternalAddresses => FixedIpAddress is { } address
        ? [address]
        : PortForwardings.Select(forwarding => forwarding.InternalIpAddress);

    private static IEnumerable<ResourceKey> ReferencesOf(FloatingIp ip)
    {
        yield return Networks.Network.Type.Key(ip.NetworkId);
        yield return Port.Type.Key(ip.FloatingPortId);
        if (ip.PortId is { } port)
            yield return Port.Type.Key(port);
        if (ip.RouterId is { } router)
            yield return Router.Type.Key(router);
        if (ip.QosPolicyId is { } policy)
            yield return QosPolicy.Type.Key(policy);
    }
}
