using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network;

/// <summary>Errors with Neutron's names and status codes: clients match on them.</summary>
internal static class Errors
{
    /// <summary>How many of the ports that are in the way an error names.</summary>
    private const int PortsNamedMax = 10;

    public static ApiError InvalidInput(string message) =>
        new(400, "InvalidInput", $"Invalid input for operation: {message}.");

    /// <summary>Neutron's BadRequest: of a plugin, where HTTPBadRequest is of the API.</summary>
    public static ApiError BadRequest(string resource, string message) =>
        new(400, "BadRequest", $"Bad {resource} request: {message}.");

    public static ApiError RevisionNumberConstraintFailed(string id, long expected) =>
        new(412, "RevisionNumberConstraintFailed", $"Constrained to {expected}, but {id} is at another revision.");

    public static ApiError NetworkInUse(string networkId, IEnumerable<Port> ports) => ApiError.Conflict(
        "NetworkInUse",
        $"Unable to complete operation on network {networkId}. There are one or more ports still in use on the "
        + $"network, id for these ports is: {Name(ports)}.");

    public static ApiError SubnetInUse(string subnetId, IEnumerable<Port> ports) => ApiError.Conflict(
        "SubnetInUse",
        $"Unable to complete operation on subnet {subnetId}: One or more ports have an IP allocation from this subnet: "
        + $"{Name(ports)}.");

    public static ApiError DeviceIdNotOwnedByTenant(string deviceId) => ApiError.Conflict(
        "DeviceIDNotOwnedByTenant",
        $"The following device_id {deviceId} is not owned by your tenant or matches another tenants router.");

    public static ApiError DnsNameserversExhausted(string subnet, int limit) => new(
        400,
        "DNSNameServersExhausted",
        $"Unable to complete operation for {subnet}. The number of DNS nameservers exceeds the limit {limit}.");

    public static ApiError HostRoutesExhausted(string subnet, int limit) => new(
        400,
        "HostRoutesExhausted",
        $"Unable to complete operation for {subnet}. The number of host routes exceeds the limit {limit}.");

    public static ApiError InvalidAllocationPool(string pool) => new(
        400, "InvalidAllocationPool", $"The allocation pool {pool} is not valid.");

    public static ApiError GatewayIpInUse(IPAddress gateway, string portId) => ApiError.Conflict(
        "GatewayIpInUse", $"Current gateway ip {gateway} already in use by port {portId}. Unable to update.");

    public static ApiError GatewayCannotBeAllocated(IPAddress gateway, IPNetwork cidr) => ApiError.Conflict(
        "IpamValueInvalid", $"Gateway IP {gateway} cannot be allocated in CIDR {cidr}");

    public static ApiError OutOfBoundsAllocationPool(string pool, IPNetwork cidr) => new(
        400, "OutOfBoundsAllocationPool", $"The allocation pool {pool} spans beyond the subnet cidr {cidr}.");

    public static ApiError OverlappingAllocationPools(string first, string second, IPNetwork cidr) => ApiError.Conflict(
        "OverlappingAllocationPools", $"Found overlapping allocation pools: {first} {second} for subnet {cidr}.");

    public static ApiError GatewayConflictWithAllocationPools(IPAddress gateway, string pool) => ApiError.Conflict(
        "GatewayConflictWithAllocationPools", $"Gateway ip {gateway} conflicts with allocation pool {pool}.");

    public static ApiError IpAddressAlreadyAllocated(IPAddress address, string subnetId) => ApiError.Conflict(
        "IpAddressAlreadyAllocated", $"IP address {address} already allocated in subnet {subnetId}");

    public static ApiError IpAddressGenerationFailure(string networkId) => ApiError.Conflict(
        "IpAddressGenerationFailure", $"No more IP addresses available on network {networkId}.");

    public static ApiError IpAddressGenerationFailureNoMatchingSubnet(string networkId, string owner) =>
        ApiError.Conflict(
            "IpAddressGenerationFailureNoMatchingSubnet",
            $"No valid service subnet for the given device owner, network {networkId}, service type {owner}.");

    public static ApiError IpAddressChangeNotAllowed(string portId) => new(
        400, "IPAddressChangeNotAllowed", $"IP updates for port {portId} are not allowed");

    public static ApiError AllocationOnAutoAddressSubnet(IPAddress address, string subnetId) => new(
        400,
        "AllocationOnAutoAddressSubnet",
        $"IPv6 address {address} cannot be directly assigned to a port on subnet {subnetId} as the subnet is "
        + "configured for automatic addresses");

    public static ApiError FixedIpsSubnetsNotOnSameSegment() => new(
        400, "FixedIpsSubnetsNotOnSameSegment", "Cannot allocate addresses from different segments.");

    public static ApiError HostConnectedToMultipleSegments(string host, string networkId) => ApiError.Conflict(
        "HostConnectedToMultipleSegments",
        $"Host {host} is connected to multiple segments on routed provider network '{networkId}'.  It should be "
        + "connected to one.");

    public static ApiError HostNotConnectedToAnySegment(string host, string networkId) => ApiError.Conflict(
        "HostNotConnectedToAnySegment",
        $"Host {host} is not connected to any segments on routed provider network '{networkId}'.  It should be "
        + "connected to one.");

    public static ApiError HostNotCompatibleWithFixedIps(string host, string portId) => ApiError.Conflict(
        "HostNotCompatibleWithFixedIps",
        $"Host {host} is not connected to a segment where the existing fixed_ips on port {portId} will function given "
        + "the routed network topology.");

    public static ApiError InvalidIpForNetwork(IPAddress address) => new(
        400,
        "InvalidIpForNetwork",
        $"IP address {address} is not a valid IP for any of the subnets on the specified network.");

    public static ApiError InvalidIpForSubnet(IPAddress address) => new(
        400, "InvalidIpForSubnet", $"IP address {address} is not a valid IP for the specified subnet.");

    public static ApiError MacAddressInUse(string networkId, MacAddress mac) => ApiError.Conflict(
        "MacAddressInUse",
        $"Unable to complete operation for network {networkId}. The mac address {mac} is in use.");

    public static ApiError MacAddressGenerationFailure(string networkId) => new(
        503, "MacAddressGenerationFailure", $"Unable to generate unique mac on network {networkId}.");

    public static ApiError AllowedAddressPairExhausted(int limit) => new(
        400, "AllowedAddressPairExhausted", $"The number of allowed address pair exceeds the maximum {limit}.");

    public static ApiError AllowedAddressPairsMissingIp() => new(
        400, "AllowedAddressPairsMissingIP", "AllowedAddressPair must contain ip_address");

    public static ApiError DuplicateAddressPairInRequest(string mac, string address) => new(
        400,
        "DuplicateAddressPairInRequest",
        $"Request contains duplicate address pair: mac_address {mac} ip_address {address}.");

    public static ApiError AddressPairAndPortSecurityRequired() => ApiError.Conflict(
        "AddressPairAndPortSecurityRequired",
        "Port Security must be enabled in order to have allowed address pairs on a port.");

    public static ApiError PortSecurityAndIpRequiredForSecurityGroups() => new(
        400,
        "PortSecurityAndIPRequiredForSecurityGroups",
        "Port security must be enabled and port must have an IP address in order to use security groups.");

    public static ApiError PortSecurityPortHasSecurityGroup() => ApiError.Conflict(
        "PortSecurityPortHasSecurityGroup",
        "Port has security group associated. Cannot disable port security or IP address until security group is "
        + "removed.");

    public static ApiError PortBoundNumaAffinityPolicy(string portId, string host, string? policy) => ApiError.Conflict(
        "PortBoundNUMAAffinityPolicy",
        $"Unable to complete operation on port {portId}, port is already bound to host {host}, "
        + $"numa_affinity_policy value given {policy ?? "None"}.");

    public static ApiError ServicePortInUse(string portId, string reason) => ApiError.Conflict(
        "ServicePortInUse", $"Port {portId} cannot be deleted directly via the port API: {reason}.");

    public static ApiError PortInUse(Port port) => ApiError.Conflict(
        "PortInUse",
        $"Unable to complete operation on port {port.Id} for network {port.NetworkId}. Port already has an attached "
        + $"device {port.DeviceId}.");

    public static ApiError PortInUseAsTrunkParent(string portId, string trunkId) => ApiError.Conflict(
        "PortInUseAsTrunkParent", $"Port {portId} is currently a parent port for trunk {trunkId}.");

    public static ApiError PortInUseAsSubPort(string portId, string trunkId) => ApiError.Conflict(
        "PortInUseAsSubPort", $"Port {portId} is currently a subport for trunk {trunkId}.");

    public static ApiError PortBindingNotFound(string portId, string host) => new(
        404, "PortBindingNotFound", $"Binding for port {portId} for host {host} could not be found.");

    public static ApiError PortBindingAlreadyExists(string portId, string host) => ApiError.Conflict(
        "PortBindingAlreadyExists", $"Binding for port {portId} on host {host} already exists.");

    public static ApiError PortBindingAlreadyActive(string portId, string host) => ApiError.Conflict(
        "PortBindingAlreadyActive", $"Binding for port {portId} on host {host} is already active.");

    /// <summary>The host is not known, or cannot carry the network; Neutron calls it its own fault.</summary>
    public static ApiError PortBindingError(string portId, string host) => new(
        500, "PortBindingError", $"Binding for port {portId} on host {host} could not be created or updated.");

    public static ApiError NotComputePort(string portId) => new(
        400, "BadRequest", $"Bad port request: Invalid port {portId}. Operation only valid on compute ports.");

    public static ApiError PortBound(string portId, MacAddress earlier, MacAddress wanted) => ApiError.Conflict(
        "PortBound",
        $"Unable to complete operation on port {portId}, port is already bound, port type: ovs, "
        + $"old_mac {earlier}, new_mac {wanted}.");

    private static string Name(IEnumerable<Port> ports) =>
        string.Join(",", ports.Select(port => port.Id).Order().Take(PortsNamedMax));
}
