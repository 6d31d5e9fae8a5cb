using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.AddressScopes;
using Alcor.Network.Sharing;

namespace Alcor.Network.SubnetPools;

/// <summary>Addresses that the blocks of subnets are taken from, so that no two of them overlap.</summary>
/// <param name="Prefixes">The fewest blocks that are the pool, in order of address.</param>
/// <param name="DefaultPrefixLength">Of subnets that do not say how large they are.</param>
/// <param name="DefaultQuota">What a project may have of it, in addresses (IPv6: in /64); null: all of it.</param>
/// <param name="IsDefault">Whether it is used where a request asks for the default pool of its version.</param>
public sealed record SubnetPool(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    ImmutableArray<IPNetwork> Prefixes,
    int DefaultPrefixLength,
    int MinPrefixLength,
    int MaxPrefixLength,
    long? DefaultQuota,
    bool IsDefault,
    string? AddressScopeId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<SubnetPool> Type = new("subnetpool", "subnetpools")
    {
        Json = NetworkJson.Default.SubnetPool,
        Id = pool => pool.Id,
        Partition = pool => PartitionOf(pool.Id),
        Claims = pool => pool.IsDefault ? [new Claim("default-subnetpool", (UInt128)pool.IpVersion)] : [],
        References = pool => pool.AddressScopeId is { } scope ? [AddressScope.Type.Key(scope)] : [],
        IndexedBy =
        [
            ("name", pool => [pool.Name]),
            (DefaultIndex, pool => Schemas.Boolean.FilterTexts(pool.IsDefault)),
        ],
        ListedByReference = [("address_scope_id", "address_scope")],
        VisibleTo = pool => Sharing.Shares.VisibleTo(pool.ProjectId, pool.Shares),
        QuotaProject = pool => pool.ProjectId,
        Tags = pool => pool.Tags,
        WithTags = (pool, tags, now) => pool with { Tags = tags, UpdatedAt = now },
        Attributes = SubnetPoolAttributes.All,
        Api = new ApiNames("subnetpools", "subnetpool", "subnetpools")
        {
            NotFound = id => new ApiError(404, "SubnetPoolNotFound", $"Subnet pool {id} could not be found."),
            InUse = (_, _) => SubnetPoolErrors.HasAllocations(),
        },
    };

    private const string DefaultIndex = "is_default";

    public ImmutableArray<Share> Shares { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    public int IpVersion => Prefixes[0].Version();

    public static PartitionKey PartitionOf(string id) => PartitionKey.Pool($"subnetpool/{id}");

    /// <summary>The pool that is the default of a version of IP; there is one at most.</summary>
    public static Stamped<SubnetPool>? DefaultOf(int ipVersion, DecideContext context)
    {
        foreach (var pool in context.List(Type, DefaultIndex, "true").Where(pool => pool.Value.IpVersion == ipVersion))
            return pool;
        return null;
    }
}

/// <summary>A block that a subnet has of a pool.</summary>
public sealed record PoolBlock(string SubnetId, string NetworkId, string ProjectId, IPNetwork Cidr);

/// <summary>
/// What is taken of a subnet pool, beside it: whoever takes or gives back changes this one resource, so that two of
/// them never do it at once, and the pool itself stays as it is.
/// </summary>
public sealed record SubnetPoolBlocks(string SubnetPoolId, ImmutableArray<PoolBlock> Blocks)
{
    public static readonly ResourceType<SubnetPoolBlocks> Type = new("subnetpool_blocks", "subnetpool_blocks")
    {
        Json = NetworkJson.Default.SubnetPoolBlocks,
        Id = blocks => blocks.SubnetPoolId,
        Partition = blocks => SubnetPool.PartitionOf(blocks.SubnetPoolId),
    };

    public BlockSet Taken => BlockSet.Of(Blocks.Select(block => block.Cidr));
}
