using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.OpenFlow;

namespace Alcor.Agent.Services;

/// <summary>A machine that may ask this host, by one of its IPv4 addresses or its link-local IPv6 address.</summary>
/// <param name="Known">The address by which the service namespace knows it.</param>
public sealed record ServiceClient(Guid PortId, IPAddress Known, IPAddress Address, Guid NetworkId)
{
    /// <summary>As the orchestrator calls it; empty: it knows no such machine.</summary>
    public string MachineId { get; init; } = "";

    public string ProjectId { get; init; } = "";

    /// <summary>Of its network: what is longer it cannot receive in one piece.</summary>
    public ushort Mtu { get; init; }

    /// <summary>Where the names of the cloud are, without a dot at the end; empty: in no domain.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Of its network.</summary>
    public ValueList<IPNetwork> Subnets { get; init; }

    /// <summary>A port by each of its IPv4 addresses, as far as there are numbers, and by its link-local address if it
    /// has any of IPv6.</summary>
    internal static IEnumerable<ServiceClient> Of(Guid id, PortValue port, NetworkModel network, uint key)
    {
        var addresses = port.Addresses.Select(ip => ip.Address).ToLookup(address => address.AddressFamily);
        var known = addresses[AddressFamily.InterNetwork].Take(ServiceAddresses.AddressesMax)
            .Select((address, number) => (Known: ServiceAddresses.Client(key, number), Address: address));
        if (addresses[AddressFamily.InterNetworkV6].Any())
            known = known.Append((ServiceAddresses.LinkLocalClient(key), port.Mac.LinkLocalAddress()));
        return known.Select(client => new ServiceClient(id, client.Known, client.Address, port.NetworkId)
        {
            MachineId = port.MachineId,
            ProjectId = port.ProjectId,
            Mtu = network.Value?.Mtu ?? 0,
            Subnets = [.. network.Subnets.Values.Select(subnet => subnet.Cidr).OrderBy(cidr => $"{cidr}")],
            Domain = port.DnsDomain.TrimEnd('.'),
        });
    }
}
