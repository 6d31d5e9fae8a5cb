using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.Subnets;

/// <summary>A closed range of addresses.</summary>
public readonly record struct AddressRange(IPAddress Start, IPAddress End)
{
    public bool Contains(IPAddress address)
    {
        var number = address.ToNumber();
        return Start.ToNumber() <= number && number <= End.ToNumber();
    }
}

/// <summary>A route that DHCP hands to the ports of a subnet.</summary>
public readonly record struct HostRoute(IPNetwork Destination, IPAddress Nexthop);

/// <summary>How the addresses and the routes of an IPv6 subnet reach its ports, as Neutron names it.</summary>
public static class Ipv6Mode
{
    public const string Slaac = "slaac";

    public const string Stateful = "dhcpv6-stateful";

    public const string Stateless = "dhcpv6-stateless";

    public static IReadOnlyList<string> All { get; } = [Stateful, Stateless, Slaac];
}

/// <summary>A block of addresses of a network.</summary>
/// <param name="GatewayIp">Null: the subnet has none.</param>
/// <param name="AllocationPools">Where addresses that nobody named come from; never the gateway.</param>
public sealed record Subnet(
    string Id,
    string NetworkId,
    string ProjectId,
    string Name,
    string Description,
    IPNetwork Cidr,
    IPAddress? GatewayIp,
    bool EnableDhcp,
    ImmutableArray<AddressRange> AllocationPools,
    ImmutableArray<IPAddress> DnsNameservers,
    ImmutableArray<HostRoute> HostRoutes,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>How routers announce it; null: they are not Alcor's, or it is IPv4.</summary>
    public string? Ipv6RaMode { get; init; }

    /// <summary>How ports get their addresses; null: by none of the means of IPv6, or it is IPv4.</summary>
    public string? Ipv6AddressMode { get; init; }

    /// <summary>The pool that its block was taken from.</summary>
    public string? SubnetPoolId { get; init; }

    /// <summary>The segment of the network that it is on; null: on all of them.</summary>
    public string? SegmentId { get; init; }

    /// <summary>
    /// The network ACL that is associated with it, which says so too and keeps this in the same commit; null: none. The
    /// Networking API does not show it.
    /// </summary>
    public string? NetworkAclId { get; init; }

    /// <summary>Which owners of ports get addresses here; empty: all.</summary>
    public ImmutableArray<string> ServiceTypes { get; init; } = [];

    public bool DnsPublishFixedIp { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>A copy of its network's: whoever may use that sees this.</summary>
    public ImmutableArray<Share> Shares { get; init; } = [];

    [JsonIgnore]
    public int IpVersion => Cidr.Version();

    /// <summary>Whether ports make their addresses themselves, of its prefix and their MAC addresses.</summary>
    [JsonIgnore]
    public bool IsAutoAddress =>
        Ipv6AddressMode is Ipv6Mode.Slaac or Ipv6Mode.Stateless || Ipv6RaMode is Ipv6Mode.Slaac or Ipv6Mode.Stateless;

    public static readonly ResourceType<Subnet> Type = new("subnet", "subnets")
    {
        Json = NetworkJson.Default.Subnet,
        Id = subnet => subnet.Id,
        Partition = subnet => PartitionKey.Network(subnet.NetworkId),
        References = ReferencesOf,
        IndexedBy = [("name", subnet => [subnet.Name])],
        ListedByReference = [("network_id", "network"), ("subnetpool_id", "subnetpool")],
        // An external network's subnets are its owner's affair.
        VisibleTo = subnet => Sharing.Shares.VisibleTo(
            subnet.ProjectId, [.. subnet.Shares.Where(share => share.Action == ShareAction.AsShared)]),
        Tags = subnet => subnet.Tags,
        WithTags = (subnet, tags, now) => subnet with { Tags = tags, UpdatedAt = now },
        Parent = new ParentLink("network", "network_id"),
        QuotaProject = subnet => subnet.ProjectId,
        Attributes = SubnetAttributes.All,
    };

    /// <summary>The lowest address of the allocation pools that is not taken; null: all are.</summary>
    public IPAddress? FirstFree(NumberSet taken)
    {
        foreach (var pool in AllocationPools)
        {
            if (taken.FirstAbsent(pool.Start.ToNumber(), pool.End.ToNumber()) is { } free)
                return Cidr.AddressAt(free);
        }
        return null;
    }

    /// <summary>The space in which each address of the subnet has one owner.</summary>
    public static string Space(string subnetId) => $"ip/{subnetId}";

    private static IEnumerable<ResourceKey> ReferencesOf(Subnet subnet)
    {
        yield return Networks.Network.Type.Key(subnet.NetworkId);
        if (subnet.SubnetPoolId is { } pool)
            yield return SubnetPools.SubnetPool.Type.Key(pool);
    }
}
