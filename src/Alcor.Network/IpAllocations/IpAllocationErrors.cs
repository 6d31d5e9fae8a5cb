using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.IpAllocations;

internal static class IpAllocationErrors
{
    /// <summary>How many of the addresses that are in the way an error names.</summary>
    private const int AddressesNamedMax = 10;

    public static ApiError IsOfPort(IpAllocation allocation) => ApiError.Conflict(
        "IpAllocationInUse",
        $"IP allocation {allocation.Id} is of port {allocation.PortId}: it ends with the port, or with its fixed_ips.");

    public static ApiError IsGateway(IPAddress address, Subnet subnet) =>
        ApiError.InvalidInput("ip_address", $"'{address}' is the gateway of subnet {subnet.Id}");

    public static ApiError KeepsSubnet(string subnetId, IEnumerable<IpAllocation> reserved) => ApiError.Conflict(
        "SubnetInUse",
        $"Unable to complete operation on subnet {subnetId}: Addresses of it are reserved: {Name(reserved)}.");

    public static ApiError KeepsNetwork(string networkId, IEnumerable<IpAllocation> reserved) => ApiError.Conflict(
        "NetworkInUse",
        $"Unable to complete operation on network {networkId}. Addresses of its subnets are reserved: "
        + $"{Name(reserved)}.");

    private static string Name(IEnumerable<IpAllocation> reserved) => string.Join(
        ", ", reserved.Select(one => one.IpAddress.ToString()).Order(StringComparer.Ordinal).Take(AddressesNamedMax));
}
