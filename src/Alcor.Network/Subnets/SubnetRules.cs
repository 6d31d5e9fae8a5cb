using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Subnets;

/// <summary>What must hold of a subnet alone, whatever else there is.</summary>
internal static class SubnetRules
{
    private const int NameserversMax = 5;

    private const int HostRoutesMax = 20;

    /// <summary>
    /// What owners of ports begin with. Neutron takes the letters of "compute:" one by one, and clients have come to
    /// use owners like "test:web".
    /// </summary>
    private static readonly string[] OwnerPrefixes =
        ["network:", "neutron:", .. "compute:".Select(letter => letter.ToString())];

    /// <summary>The prefix length that addresses made of MAC addresses need (RFC 4862 section 5.5.3).</summary>
    private const int AutoAddressPrefix = 64;

    /// <param name="ipVersion">What the request says it is.</param>
    public static ApiError? CheckNew(Subnet subnet, int ipVersion, Body body)
    {
        if (subnet.Cidr.Version() != ipVersion)
            return OtherVersion("cidr", subnet.Cidr, ipVersion);
        if (subnet.EnableDhcp && SubnetPlan.CheckDhcp(subnet.Cidr) is { } noDhcp)
            return noDhcp;
        if (!body.Has(SubnetAttributes.GatewayIp) && subnet.GatewayIp is { } chosen
            && SubnetPlan.CheckGateway(subnet.Cidr, chosen) is not null)
            return Errors.GatewayCannotBeAllocated(chosen, subnet.Cidr);
        return CheckServiceTypes(subnet)
            ?? CheckGateway(subnet.Cidr, subnet.GatewayIp)
            ?? CheckHandedOut(subnet, "new subnet", routes: subnet.HostRoutes.Length)
            ?? CheckModes(subnet)
            ?? CheckPools(subnet, body);
    }

    public static ApiError? CheckUpdate(Subnet updated, Subnet earlier, Body body)
    {
        if (updated.EnableDhcp && !earlier.EnableDhcp && SubnetPlan.CheckDhcp(updated.Cidr) is { } noDhcp)
            return noDhcp;
        var gateway = body.Has(SubnetAttributes.GatewayIp) ? updated.GatewayIp : null;
        return CheckServiceTypes(updated)
            ?? CheckGateway(updated.Cidr, gateway)
            // Routes between segments, which nobody asked for, are not counted.
            ?? CheckHandedOut(updated, updated.Id, body.Get(SubnetAttributes.HostRoutes).Length)
            ?? CheckStillDhcp(updated, body)
            ?? CheckPools(updated, body);
    }

    private static ApiError? CheckServiceTypes(Subnet subnet)
    {
        foreach (var type in subnet.ServiceTypes.Where(type => !OwnerPrefixes.Any(type.StartsWith)))
        {
            return new ApiError(
                400,
                "InvalidSubnetServiceType",
                $"Subnet service type {type} does not correspond to a valid device owner.");
        }
        return null;
    }

    private static ApiError? CheckGateway(IPNetwork cidr, IPAddress? gateway)
    {
        if (gateway is null)
            return null;
        return gateway.Version() != cidr.Version()
            ? OtherVersion("gateway_ip", gateway, cidr.Version())
            : SubnetPlan.CheckGateway(cidr, gateway);
    }

    /// <param name="routes">How many routes the request names.</param>
    private static ApiError? CheckHandedOut(Subnet subnet, string called, int routes)
    {
        if (subnet.DnsNameservers.Length > NameserversMax)
            return Errors.DnsNameserversExhausted(called, NameserversMax);
        var version = subnet.IpVersion;
        foreach (var server in subnet.DnsNameservers.Where(server => server.Version() != version))
            return OtherVersion("dns_nameserver", server, version);
        if (routes > HostRoutesMax)
            return Errors.HostRoutesExhausted(called, HostRoutesMax);
        foreach (var route in subnet.HostRoutes)
        {
            if (route.Nexthop.Version() != version)
                return OtherVersion("nexthop", route.Nexthop, version);
            if (route.Destination.Version() != version)
                return OtherVersion("destination", route.Destination, version);
        }
        return null;
    }

    private static ApiError? CheckModes(Subnet subnet)
    {
        var (routers, addresses) = (subnet.Ipv6RaMode, subnet.Ipv6AddressMode);
        if (routers is null && addresses is null)
            return null;
        if (subnet.IpVersion == 4)
            return Errors.InvalidInput(
                $"{(routers is null ? "ipv6_address_mode" : "ipv6_ra_mode")} is not valid when ip_version is 4");
        if (!subnet.EnableDhcp)
            return Errors.InvalidInput(
                "ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False");
        if (routers is not null && addresses is not null && routers != addresses)
            return Errors.InvalidInput(
                $"ipv6_ra_mode set to '{routers}' with ipv6_address_mode set to '{addresses}' is not valid. "
                + "If both attributes are set, they must be the same value");
        return subnet.IsAutoAddress && subnet.Cidr.PrefixLength != AutoAddressPrefix
            ? Errors.InvalidInput(
                $"Invalid CIDR {subnet.Cidr} for IPv6 address mode. OpenStack uses the EUI-64 address format, "
                + "which requires the prefix to be /64")
            : null;
    }

    private static ApiError? CheckStillDhcp(Subnet updated, Body body) =>
        body.Has(SubnetAttributes.EnableDhcp) && !updated.EnableDhcp
        && (updated.Ipv6RaMode is not null || updated.Ipv6AddressMode is not null)
            ? Errors.InvalidInput("Cannot disable enable_dhcp with ipv6 attributes set")
            : null;

    /// <summary>Pools that nobody named follow from the block and the gateway, and need no check.</summary>
    private static ApiError? CheckPools(Subnet subnet, Body body)
    {
        if (!body.Has(SubnetAttributes.AllocationPools) && !body.Has(SubnetAttributes.GatewayIp))
            return null;
        return SubnetPlan.CheckPools(subnet.Cidr, subnet.AllocationPools)
            ?? SubnetPlan.CheckOutside(subnet.GatewayIp, subnet.AllocationPools);
    }

    private static ApiError OtherVersion<T>(string name, T value, int ipVersion) =>
        Errors.InvalidInput($"{name} '{value}' does not match the ip_version '{ipVersion}'");
}
