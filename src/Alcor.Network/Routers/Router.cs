using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Flavors;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>The side of a router that leads outside.</summary>
/// <param name="PortId">Its port on the external network.</param>
/// <param name="FixedIps">A copy of that port's.</param>
/// <param name="EnableSnat">Whether addresses behind it become its own on the way out.</param>
/// <param name="QosPolicyId">Its own policy, of what passes it and no floating IP; null: it has none.</param>
public sealed record RouterGateway(
    string PortId, string NetworkId, ImmutableArray<FixedIp> FixedIps, bool EnableSnat, string? QosPolicyId)
{
    /// <summary>A copy of its port's.</summary>
    public MacAddress MacAddress { get; init; }

    /// <summary>The host that has it; null: none could when that was last looked at.</summary>
    public GatewayHost? Host { get; init; }
}

/// <summary>The side of a router that is the gateway of subnets, all of one network.</summary>
/// <param name="FixedIps">A copy of its port's.</param>
public sealed record RouterInterface(string PortId, string NetworkId, ImmutableArray<FixedIp> FixedIps);

/// <summary>What an addition or a removal of an interface answers with.</summary>
/// <param name="ProjectId">Whose port it is or was.</param>
/// <param name="SubnetIds">The subnets that were added or removed.</param>
public sealed record ChangedInterface(
    string PortId, string ProjectId, string NetworkId, ImmutableArray<string> SubnetIds);

/// <summary>Forwards packets between subnets, and through its gateway to the outside.</summary>
/// <param name="Routes">Where it sends what is for none of its subnets, besides its gateway.</param>
/// <remarks>
/// Whatever depends on its interfaces or its gateway writes the router too, a floating IP for instance: its revision is
/// what keeps such changes from missing one another.
/// </remarks>
public sealed record Router(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    bool AdminStateUp,
    RouterGateway? Gateway,
    ImmutableArray<RouterInterface> Interfaces,
    ImmutableArray<HostRoute> Routes,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Lists routers by the host that has their gateway.</summary>
    public const string GatewayHostIndex = "external_gateway_info.host";

    /// <summary>Lists the routers whose gateway waits for a host, under <see cref="Wanted"/>.</summary>
    public const string HostWantedIndex = "external_gateway_info.host_wanted";

    public const string Wanted = "true";

    public static readonly ResourceType<Router> Type = new("router", "routers")
    {
        Json = NetworkJson.Default.Router,
        Id = router => router.Id,
        Partition = router => PartitionKey.Router(router.Id),
        References = ReferencesOf,
        Claims = router => router.Gateway?.Host is { } host
            ? [new Claim(GatewayHost.ZoneSpace(host.Name), host.Zone)]
            : [],
        IndexedBy =
        [
            ("name", router => [router.Name]),
            (GatewayHostIndex, router => [router.Gateway?.Host?.Name ?? ""]),
            (HostWantedIndex, router => router.Gateway is { Host: null or { IsLost: true } } ? [Wanted] : []),
        ],
        VisibleTo = router => [router.ProjectId],
        QuotaProject = router => router.ProjectId,
        Tags = router => router.Tags,
        WithTags = (router, tags, now) => router with { Tags = tags, UpdatedAt = now },
        Api = new ApiNames("routers", "router", "routers")
        {
            NotFound = id => new ApiError(404, "RouterNotFound", $"Router {id} could not be found"),
            InUse = (id, by) => RouterErrors.InUse(id, $"is in use by {by.Type} {by.Id}"),
        },
        Attributes = RouterAttributes.All,
    };

    public bool IsDistributed { get; init; }

    public bool IsHighlyAvailable { get; init; }

    /// <summary>Whether it may have ND proxies.</summary>
    public bool EnablesNdpProxy { get; init; }

    /// <summary>What it was created by; null: nothing.</summary>
    public string? FlavorId { get; init; }

    /// <summary>The zones that it is wished to be in; read as empty when absent.</summary>
    public ImmutableArray<string> AvailabilityZoneHints { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Copies of those that it has.</summary>
    public ImmutableArray<ConnectionTracker> ConnectionTrackers { get; init; } = [];

    /// <summary>Not stored: the answer to a change of its interfaces.</summary>
    [JsonIgnore]
    public ChangedInterface? Changed { get; init; }

    /// <summary>All addresses that it has.</summary>
    [JsonIgnore]
    public IEnumerable<FixedIp> FixedIps =>
        Interfaces.SelectMany(one => one.FixedIps).Concat(Gateway?.FixedIps ?? []);

    private static IEnumerable<ResourceKey> ReferencesOf(Router router)
    {
        foreach (var one in router.Interfaces)
        {
            yield return Port.Type.Key(one.PortId);
            foreach (var ip in one.FixedIps)
                yield return Subnet.Type.Key(ip.SubnetId);
        }
        if (router.FlavorId is { } flavor)
            yield return Flavor.Type.Key(flavor);
        if (router.Gateway is not { } gateway)
            yield break;
        yield return Port.Type.Key(gateway.PortId);
        yield return Networks.Network.Type.Key(gateway.NetworkId);
        if (gateway.QosPolicyId is { } policy)
            yield return QosPolicy.Type.Key(policy);
    }
}
