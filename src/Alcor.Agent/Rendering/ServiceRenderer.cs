using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Services;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

/// <summary>Renders what leads a machine to the services of its host, and back.</summary>
internal static class ServiceRenderer
{
    /// <param name="key">Of the port.</param>
    public static IEnumerable<Flow> Render(HostModel model, EntryAddress address, PortValue port, uint key)
    {
        if (model.Facts.Services is not { } services || model.Network(port.NetworkId) is not { } network)
            return [];
        var flows = new List<Flow>();
        foreach (var client in model.ClientsOf(address))
        {
            var machine = new ServedMachine(key, port.Mac, client);
            if (services.Offers(HostServices.Metadata))
            {
                flows.Add(Neighbor(key, ServiceAddresses.MetadataFor(client.Address)));
                flows.AddRange(ServiceRedirection.Metadata(services, machine));
            }
            if (services.Offers(HostServices.Dns) && NameServerOf(client, port, network) is { } server)
            {
                flows.Add(Neighbor(key, server));
                flows.AddRange(ServiceRedirection.Dns(services, machine, server));
            }
        }
        return flows;
    }

    /// <summary>Whoever is asked is beside the machine, which may take all link-local addresses for neighbours,
    /// whatever DHCP said of that of IPv4.</summary>
    private static Flow Neighbor(uint key, IPAddress asked) => asked.Alone().IsIpv4()
        ? ArpResponder.DhcpServer(key, Ipv4Address.From(asked), cookie: 0)
        : NeighborDiscovery.Answer(Registers.From(key), asked, DhcpResponder.ServerMac, NeighborDiscovery.OfMachine);

    /// <summary>Whom the machine asks about names by an address that it has in a subnet, or by its link-local one for
    /// all that it has of IPv6; null: nobody here.</summary>
    private static IPAddress? NameServerOf(ServiceClient client, PortValue port, NetworkModel network) =>
        port.Addresses
            .Where(ip => ip.Address.Equals(client.Address)
                || (client.Address.IsIPv6LinkLocal && ip.Address.Alone().IsIpv6()))
            .Select(ip => (ip.Address, Subnet: network.Subnets.GetValueOrDefault(ip.SubnetId)))
            .Where(own => own.Subnet?.Cidr.Contains(own.Address) == true)
            .Select(own => SubnetNameServers.HostIn(own.Subnet!)).FirstOrDefault(server => server is not null);
}
