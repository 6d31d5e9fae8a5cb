using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Ports;

/// <summary>
/// Chooses the addresses of one port on a snapshot of its network: first free within the allocation pools, or exactly
/// what was asked for.
/// </summary>
/// <param name="Earlier">What the port has already; these addresses are free for it, and kept where they fit.</param>
internal sealed record AddressAllocation(
    Snapshot Snapshot, string NetworkId, ImmutableArray<FixedIp> Earlier, NetworkSettings Settings)
{
    /// <summary>
    /// One address of the network's first subnet that has one left; none when the network has no subnet.
    /// </summary>
    public Result<ImmutableArray<FixedIp>> ChooseAny()
    {
        var subnets = SubnetsInOrder();
        foreach (var subnet in subnets)
        {
            if (FirstFree(subnet, []) is { } address)
                return ImmutableArray.Create(new FixedIp(subnet.Id, address));
        }
        return subnets.Count == 0 ? ImmutableArray<FixedIp>.Empty : Errors.IpAddressGenerationFailure(NetworkId);
    }

    /// <summary>One address for each request, in the order of the requests.</summary>
    public Result<ImmutableArray<FixedIp>> Choose(ImmutableArray<FixedIpRequest> requests)
    {
        if (requests.Length > Settings.FixedIpsMax)
            return Errors.InvalidInput(
                $"fixed_ips: Exceeded maximum amount of fixed ips per port ({Settings.FixedIpsMax})");
        var chosen = new FixedIp?[requests.Length];
        // Explicit addresses first, so that an allocation never takes what the same request names.
        for (var i = 0; i < requests.Length; i++)
        {
            if (requests[i].IpAddress is not { } address)
                continue;
            var explicitly = Explicit(requests[i].SubnetId, address, Present(chosen));
            if (explicitly.Error is { } error)
                return error;
            chosen[i] = explicitly.Value;
        }
        for (var i = 0; i < requests.Length; i++)
        {
            if (chosen[i] is not null)
                continue;
            var allocated = Allocated(requests[i].SubnetId!, Present(chosen));
            if (allocated.Error is { } error)
                return error;
            chosen[i] = allocated.Value;
        }
        return Present(chosen);
    }

    private static ImmutableArray<FixedIp> Present(FixedIp?[] chosen) =>
        [.. chosen.Where(ip => ip is not null).Select(ip => ip!.Value)];

    private Result<FixedIp> Explicit(string? subnetId, IPAddress address, ImmutableArray<FixedIp> chosen)
    {
        Subnet? subnet;
        if (subnetId is null)
        {
            subnet = SubnetsInOrder().FirstOrDefault(candidate => candidate.Cidr.Contains(address));
            if (subnet is null)
                return Errors.InvalidIpForNetwork(address);
        }
        else if ((subnet = FindSubnet(subnetId)) is null)
        {
            return NotOfNetwork(subnetId);
        }
        if (!subnet.Cidr.Contains(address) || !SubnetPlan.IsUsable(subnet.Cidr, address))
            return Errors.InvalidIpForSubnet(address);
        var fixedIp = new FixedIp(subnet.Id, address);
        if (chosen.Contains(fixedIp))
            return Errors.InvalidInput($"fixed_ips: Duplicate IP address '{address}'");
        var taken = Snapshot.Claimed(Subnet.Space(subnet.Id)).Contains(address.ToNumber());
        return taken && !Earlier.Contains(fixedIp)
            ? Errors.IpAddressAlreadyAllocated(address, subnet.Id)
            : fixedIp;
    }

    private Result<FixedIp> Allocated(string subnetId, ImmutableArray<FixedIp> chosen)
    {
        if (FindSubnet(subnetId) is not { } subnet)
            return NotOfNetwork(subnetId);
        foreach (var kept in Earlier.Where(ip => ip.SubnetId == subnetId && !chosen.Contains(ip)))
            return kept;
        return FirstFree(subnet, chosen) is { } address
            ? new FixedIp(subnetId, address)
            : Errors.IpAddressGenerationFailure(NetworkId);
    }

    private IPAddress? FirstFree(Subnet subnet, ImmutableArray<FixedIp> chosen)
    {
        var taken = Snapshot.Claimed(Subnet.Space(subnet.Id));
        foreach (var ip in chosen.Where(ip => ip.SubnetId == subnet.Id))
            taken = taken.Add(ip.IpAddress.ToNumber());
        foreach (var pool in subnet.AllocationPools)
        {
            if (taken.FirstAbsent(pool.Start.ToNumber(), pool.End.ToNumber()) is { } free)
                return subnet.Cidr.AddressAt(free);
        }
        return null;
    }

    private List<Subnet> SubnetsInOrder() =>
        [.. Snapshot.Find(Networks.Network.Type, NetworkId)!.Value.Value.SubnetIds.Select(id => FindSubnet(id)!)];

    private Subnet? FindSubnet(string subnetId) => Snapshot.Find(Subnet.Type, subnetId)?.Value;

    private ApiError NotOfNetwork(string subnetId) => Errors.InvalidInput(
        $"fixed_ips: Failed to create port on network {NetworkId}, "
        + $"because fixed_ips included invalid subnet {subnetId}");
}
