using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.AddressScopes;

/// <summary>What a subnet pool brings into its address scope.</summary>
public sealed record ScopedPool(string SubnetPoolId, ImmutableArray<IPNetwork> Prefixes);

/// <summary>Subnet pools whose addresses are unique among one another, so that they are routed without NAT.</summary>
/// <param name="Pools">
/// The pools in it with their prefixes; kept here so that two of them that would overlap cannot come in at once.
/// </param>
public sealed record AddressScope(
    string Id, string ProjectId, string Name, int IpVersion, ImmutableArray<ScopedPool> Pools)
{
    public static readonly ResourceType<AddressScope> Type = new("address_scope", "address_scopes")
    {
        Json = NetworkJson.Default.AddressScope,
        Id = scope => scope.Id,
        Partition = scope => PartitionOf(scope.Id),
        IndexedBy = [("name", scope => [scope.Name])],
        VisibleTo = scope => Sharing.Shares.VisibleTo(scope.ProjectId, scope.Shares),
        Attributes = AddressScopeAttributes.All,
        Api = new ApiNames("address-scopes", "address_scope", "address_scopes")
        {
            NotFound = id => new ApiError(404, "AddressScopeNotFound", $"Address scope {id} could not be found."),
            InUse = (id, _) => InUse(id),
        },
    };

    public ImmutableArray<Share> Shares { get; init; } = [];

    public static PartitionKey PartitionOf(string id) => PartitionKey.Pool($"address-scope/{id}");

    /// <summary>With another pool, or with other prefixes of one.</summary>
    public AddressScope With(ScopedPool pool) => Without(pool.SubnetPoolId) with
    {
        Pools = [.. Without(pool.SubnetPoolId).Pools, pool],
    };

    public AddressScope Without(string subnetPoolId) =>
        this with { Pools = Pools.RemoveAll(pool => pool.SubnetPoolId == subnetPoolId) };

    public static ApiError InUse(string id) => ApiError.Conflict(
        "AddressScopeInUse",
        $"Unable to complete operation on address scope {id}. "
        + "There are one or more subnet pools in use on the address scope.");
}
