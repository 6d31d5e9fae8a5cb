using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Services;
using Alcor.OpenFlow;

namespace Alcor.Agent.Dhcpv6;

/// <summary>All that an answer depends on, of the one port that the request came from.</summary>
/// <param name="Mac">Whoever calls itself otherwise gets no answer.</param>
/// <param name="Addresses">Those that it is given; empty where machines make their addresses themselves.</param>
/// <param name="LeaseTime">How long an address is granted. It stays the port's for as long as the port exists.</param>
public sealed record Dhcpv6Binding(
    MacAddress Mac, ushort Mtu, ValueList<IPAddress> Addresses, ValueList<IPAddress> NameServers, TimeSpan LeaseTime)
{
    /// <summary>What the port is told beyond what its subnets say, and instead of that.</summary>
    public ValueList<ExtraOption> Extra { get; init; }

    /// <summary>Where the machine looks for names without one; empty: nowhere.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The binding of a port, or null when none of its subnets has DHCPv6.</summary>
    /// <param name="services">What the host offers itself: the client is told of its names.</param>
    public static Dhcpv6Binding? Of(
        PortValue port, NetworkValue network, Func<Guid, SubnetValue?> subnet, TimeSpan leaseTime,
        HostServices services)
    {
        ArgumentNullException.ThrowIfNull(port);
        ArgumentNullException.ThrowIfNull(network);
        var served = port.Addresses
            .Where(address => address.Address.AddressFamily == AddressFamily.InterNetworkV6)
            .Select(address => (address.Address, Subnet: subnet(address.SubnetId)))
            .Where(pair => pair.Subnet is { } found && IsServed(found) && found.Cidr.Contains(pair.Address))
            .ToList();
        if (served.Count == 0)
            return null;
        var addresses = served.Where(pair => pair.Subnet!.AddressMode != Ipv6Mode.Stateless);
        var nameServers = served.SelectMany(pair => SubnetNameServers.Of(pair.Subnet!, services)).Distinct();
        return new Dhcpv6Binding(
            port.Mac, network.Mtu,
            [.. addresses.Select(pair => pair.Address).Take(AgentLimits.LeasedAddressesMax)], [.. nameServers],
            leaseTime)
        {
            Extra = ExtraOptions.Of(port, isIpv6: true),
            Domain = port.DnsDomain,
        };
    }

    /// <summary>A subnet with neither mode set has DHCPv6 as one of IPv4 has DHCP (Neutron, subnets).</summary>
    private static bool IsServed(SubnetValue subnet) => subnet.EnableDhcp
        && (subnet.AddressMode is Ipv6Mode.Stateful or Ipv6Mode.Stateless
            || (subnet.AddressMode == Ipv6Mode.None && subnet.RaMode == Ipv6Mode.None));
}
