using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;

namespace Alcor.Agent.Services;

/// <summary>Whom the machines of a subnet ask about names, over either version of IP.</summary>
internal static class SubnetNameServers
{
    /// <summary>
    /// Those of the subnet, or else the host itself; 0.0.0.0 or :: in their place is nobody (Neutron API,
    /// dns_nameservers).
    /// </summary>
    public static IEnumerable<IPAddress> Of(SubnetValue subnet, HostServices offered)
    {
        IEnumerable<IPAddress> servers = subnet.NameServers.Count > 0 ? subnet.NameServers
            : offered.HasFlag(HostServices.Dns) && HostIn(subnet) is { } host ? [host]
            : [];
        return servers.Where(server => !server.Equals(IPAddress.Any) && !server.Equals(IPAddress.IPv6Any));
    }

    /// <summary>
    /// Where the host is asked: as the DHCP server, and over IPv6 where it has metadata too. Null: the subnet has no
    /// DHCP, or names its gateway as one of its own, as one outside may be.
    /// </summary>
    public static IPAddress? HostIn(SubnetValue subnet)
    {
        if (!subnet.EnableDhcp)
            return null;
        if (subnet.Cidr.IsIpv6())
            return ServiceAddresses.LinkLocalService;
        var server = DhcpResponder.ServerIn(subnet);
        return subnet.NameServers.Contains(server) ? null : server;
    }
}
