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
        var machines = model.ClientsOf(address).Select(client => new ServedMachine(key, port.Mac, client)).ToList();
        var flows = new List<Flow>();
        if (services.Offers(HostServices.Metadata))
        {
            flows.AddRange(machines.Select(machine => machine.Client.Address.Alone().IsIpv4()).Distinct()
                .Select(isIpv4 => Neighbor(key, isIpv4)));
            flows.AddRange(machines.SelectMany(machine => ServiceRedirection.Metadata(services, machine)));
        }
        if (services.Offers(HostServices.Dns))
        {
            flows.AddRange(
                from machine in machines
                let server = NameServerOf(machine.Client, port, network)
                where server is not null
                from flow in ServiceRedirection.Dns(services, machine, server)
                select flow);
        }
        return flows;
    }

    /// <summary>The metadata service is beside the machine, which may take all link-local addresses for neighbours,
    /// whatever DHCP said of that of IPv4.</summary>
    private static Flow Neighbor(uint key, bool isIpv4) => isIpv4
        ? ArpResponder.DhcpServer(key, Ipv4Address.From(ServiceAddresses.Service), cookie: 0)
        : NeighborDiscovery.Answer(Registers.From(key), ServiceAddresses.LinkLocalService, DhcpResponder.ServerMac,
            NeighborDiscovery.OfMachine);

    /// <summary>Whom the machine asks about names: its DHCP server, unless the subnet names that as one of its own, as
    /// a gateway outside may be.</summary>
    private static IPAddress? NameServerOf(ServiceClient client, PortValue port, NetworkModel network)
    {
        var subnet = port.Addresses.Where(ip => ip.Address.Equals(client.Address))
            .Select(ip => network.Subnets.GetValueOrDefault(ip.SubnetId)).FirstOrDefault();
        if (subnet is not { EnableDhcp: true } || !subnet.Cidr.Contains(client.Address))
            return null;
        var server = DhcpResponder.Server(new DhcpOffer(client.Address, subnet));
        return subnet.NameServers.Contains(server) ? null : server;
    }
}
