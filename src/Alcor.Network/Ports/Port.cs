using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.MacRanges;
using Alcor.Network.Nodes;
using Alcor.Network.Qos;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Subnets;

namespace Alcor.Network.Ports;

/// <summary>An address of a port, in one of the subnets of its network.</summary>
public readonly record struct FixedIp(string SubnetId, IPAddress IpAddress);

/// <summary>A connection point of a network.</summary>
/// <param name="HostId">The host that it is bound to; empty: none.</param>
/// <param name="TunnelAddress">
/// That host's, as it was when the port was bound; null while there is no such host.
/// </param>
/// <param name="Profile">binding:profile, as JSON text of an object.</param>
/// <param name="Generation">
/// Counts what its host must know of it: a host that acknowledges this generation has the port as it is.
/// </param>
public sealed record Port(
    string Id,
    string NetworkId,
    string ProjectId,
    string Name,
    string Description,
    bool AdminStateUp,
    MacAddress MacAddress,
    ImmutableArray<FixedIp> FixedIps,
    string DeviceId,
    string DeviceOwner,
    string HostId,
    IPAddress? TunnelAddress,
    string VnicType,
    string Profile,
    string Status,
    long Generation,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<Port> Type = new("port", "ports")
    {
        Json = NetworkJson.Default.Port,
        Id = port => port.Id,
        Partition = port => PartitionKey.Network(port.NetworkId),
        Claims = port => port.FixedIps
            .Select(ip => new Claim(Subnet.Space(ip.SubnetId), ip.IpAddress.ToNumber()))
            .Append(new Claim(MacSpace(port.NetworkId), port.MacAddress.Bits))
            .Concat(port.Carriage is { } carriage
                ? [new Claim(SubPortCarriage.NumberSpace(port.HostId), carriage.Number)]
                : []),
        References = ReferencesOf,
        IndexedBy =
        [
            ("name", port => [port.Name]),
            ("device_id", port => [port.DeviceId]),
            ("binding:host_id", port => [port.HostId]),
            ("fixed_ips.ip_address", port => port.FixedIps.Select(ip => ip.IpAddress.ToString())),
        ],
        ListedByReference =
        [
            ("fixed_ips.subnet_id", "subnet"), ("network_id", "network"), ("security_groups", "security_group"),
            ("qos_policy_id", "qos_policy"),
        ],
        VisibleTo = port => [port.ProjectId, port.NetworkOwner ?? ""],
        Parent = new ParentLink("network", "network_id"),
        QuotaProject = port => port.ProjectId,
        Tags = port => port.Tags.OrEmpty(),
        WithTags = (port, tags, now) => port with { Tags = tags.OrAbsent(), UpdatedAt = now },
        ShownIn = [PortAttributes.ResourceRequestName],
        ShownWith = port => port.EffectiveQosPolicyId is { } policy
            ? [QosPolicy.Type.Key(policy), Networks.Network.Type.Key(port.NetworkId)]
            : [],
        WithShown = (port, read) => port.WithResourceRequest(
            (QosPolicy?)read(QosPolicy.Type.Key(port.EffectiveQosPolicyId!)),
            (Networks.Network?)read(Networks.Network.Type.Key(port.NetworkId))),
        Attributes = PortAttributes.All,
    };

    /// <summary>The project that owns the network, if it is another one: it sees the port too.</summary>
    public string? NetworkOwner { get; init; }

    /// <summary>Ids of the groups whose rules it follows; absent: none.</summary>
    public ImmutableArray<string> SecurityGroups { get; init; }

    /// <summary>The range that its MAC address is of; null: of none, or it is older than the range.</summary>
    public string? MacRangeId { get; init; }

    /// <summary>Whether it may send from any address, and follows no rules: port security is not enabled.</summary>
    public bool IsUnprotected { get; init; }

    /// <summary>What it may send from besides its own addresses; absent: nothing.</summary>
    public ImmutableArray<AddressPair> AddressPairs { get; init; }

    /// <summary>Absent: none.</summary>
    public ImmutableArray<ExtraDhcpOption> DhcpOptions { get; init; }

    /// <summary>Null: it has no name, and the cloud no domain of its own.</summary>
    public PortDns? Dns { get; init; }

    public string? QosPolicyId { get; init; }

    /// <summary>The policy of its network, which holds where it has none of its own.</summary>
    public string? NetworkQosPolicyId { get; init; }

    /// <summary>The policy that holds; null: none.</summary>
    [JsonIgnore]
    public string? EffectiveQosPolicyId => QosPolicyId ?? NetworkQosPolicyId;

    /// <summary>
    /// The policy that its host holds it to; null: none. What is part of the network itself is held to a policy of its
    /// own, never to that of its network.
    /// </summary>
    [JsonIgnore]
    public string? HostQosPolicyId =>
        QosPolicyId ?? (Ports.DeviceOwner.IsOfTheCloud(DeviceOwner) ? null : NetworkQosPolicyId);

    /// <summary>Not stored: what its policy guarantees it, as that was when the port was shown.</summary>
    [JsonIgnore]
    public ResourceRequest? ResourceRequest { get; init; }

    /// <summary>Null: nothing is asked for.</summary>
    public PortPlacement? Placement { get; init; }

    /// <summary>ACTIVE or DOWN, from whoever watches the data plane from outside; null: nobody said.</summary>
    public string? DataPlaneStatus { get; init; }

    /// <summary>Whether its guest is not told when the host's uplink goes down.</summary>
    public bool HidesUplinkStatus { get; init; }

    /// <summary>One of <see cref="PortIpAllocation"/>; null: immediate.</summary>
    public string? IpAllocation { get; init; }

    /// <summary>Whether it has no addresses before its host is known; until then it is bound to none.</summary>
    [JsonIgnore]
    public bool AwaitsAddresses => IpAllocation == PortIpAllocation.Deferred && FixedIps.IsEmpty;

    /// <summary>The trunk that it is part of, if any: it cannot be deleted then.</summary>
    public PortTrunk? Trunk { get; init; }

    /// <summary>Null: it is no subport, or on no host.</summary>
    [JsonIgnore]
    public SubPortCarriage? Carriage => Trunk is { ParentId: { } parent, Number: > 0 } trunk
        ? new SubPortCarriage(parent, trunk.Vlan, trunk.Number)
        : null;

    /// <summary>Hosts that it could move to; absent: none.</summary>
    public ImmutableArray<InactiveBinding> InactiveBindings { get; init; }

    /// <summary>Absent: none.</summary>
    public ImmutableArray<string> Tags { get; init; }

    /// <summary>The router that it is the gateway of; null: it is no gateway.</summary>
    [JsonIgnore]
    public string? GatewayOf =>
        DeviceOwner == Ports.DeviceOwner.RouterGateway && Guid.TryParseExact(DeviceId, "D", out _) ? DeviceId : null;

    /// <summary>Bound to a host that is known.</summary>
    public bool IsBound => TunnelAddress is not null;

    /// <summary>The space in which each MAC address of a network has one owner.</summary>
    public static string MacSpace(string networkId) => $"mac/{networkId}";

    private Port WithResourceRequest(QosPolicy? policy, Networks.Network? network) => policy is null || network is null
        ? this
        : this with { ResourceRequest = ResourceRequest.Of(this, policy, network) };

    private static IEnumerable<ResourceKey> ReferencesOf(Port port)
    {
        yield return Networks.Network.Type.Key(port.NetworkId);
        foreach (var ip in port.FixedIps)
            yield return Subnet.Type.Key(ip.SubnetId);
        foreach (var group in port.SecurityGroups.OrEmpty())
            yield return SecurityGroup.Type.Key(group);
        if (port.QosPolicyId is { } policy)
            yield return QosPolicy.Type.Key(policy);
        if (port.IsBound)
            yield return Node.Type.Key(port.HostId);
        if (port.MacRangeId is { } range)
            yield return MacRange.Type.Key(range);
    }
}
