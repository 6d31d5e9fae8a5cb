using Alcor.Kernel.Resources;

namespace Alcor.Network.SubnetPools;

/// <summary>Errors of subnet pools, with Neutron's names and words.</summary>
internal static class SubnetPoolErrors
{
    public static ApiError HasAllocations() => new(
        400, "SubnetPoolDeleteError", "Unable to delete subnet pool: Subnet pool has existing allocations.");

    public static ApiError NoPrefixes() => new(400, "EmptySubnetPoolPrefixList", "Empty subnet pool prefix list.");

    public static ApiError MixedVersions() => new(
        400, "PrefixVersionMismatch", "Cannot mix IPv4 and IPv6 prefixes in a subnet pool.");

    public static ApiError PrefixBounds(string name, long value, string against, long bound) => new(
        400, "IllegalSubnetPoolPrefixBounds", $"Illegal prefix bounds: {name}={value}, {against}={bound}.");

    public static ApiError PrefixUpdate(string reason) => new(
        400, "IllegalSubnetPoolPrefixUpdate", $"Illegal update to prefixes: {reason}.");

    public static ApiError Update(string reason) => new(
        400, "IllegalSubnetPoolUpdate", $"Illegal subnetpool update : {reason}.");

    public static ApiError ScopeOfOtherVersion(string poolId, string scopeId, int scopeVersion) => new(
        400,
        "IllegalSubnetPoolIpVersionAssociationToAddressScope",
        $"Illegal subnetpool association: subnetpool {poolId} cannot associate with address scope {scopeId} "
        + $"because subnetpool ip_version is not {scopeVersion}.");

    public static ApiError ScopePrefixConflict() => ApiError.Conflict(
        "AddressScopePrefixConflict",
        "Failed to associate address scope: subnetpools within an address scope must have unique prefixes.");

    public static ApiError ScopeAffinity() => new(
        400,
        "NetworkAddressScopeAffinityError",
        "Subnets of the same address family hosted on the same network must all participate in the same address "
        + "scope.");

    public static ApiError PoolAffinity() => new(
        400,
        "NetworkSubnetPoolAffinityError",
        "Subnets hosted on the same network must be allocated from the same subnet pool.");

    public static ApiError DefaultExists() => Errors.InvalidInput(
        "A default subnetpool for this IP family has already been set. Only one default may exist per IP family");

    public static ApiError QuotaExceeded() => ApiError.Conflict(
        "SubnetPoolQuotaExceeded", "Per-tenant subnet pool prefix quota exceeded.");

    public static ApiError TooLong(int prefixLength, int maximum) => new(
        400,
        "MaxPrefixSubnetAllocationError",
        $"Unable to allocate subnet with prefix length {prefixLength}, maximum allowed prefix is {maximum}.");

    public static ApiError TooShort(int prefixLength, int minimum) => new(
        400,
        "MinPrefixSubnetAllocationError",
        $"Unable to allocate subnet with prefix length {prefixLength}, minimum allowed prefix is {minimum}.");

    /// <summary>Neutron answers 500 here, which says of itself that it is broken; the pool is merely used up.</summary>
    public static ApiError NotAllocated(string reason) => ApiError.Conflict(
        "SubnetAllocationError", $"Failed to allocate subnet: {reason}.");
}
