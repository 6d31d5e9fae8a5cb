using Alcor.Agent.Desired;
using Alcor.Agent.Services;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

internal sealed partial class HostModel
{
    // What each port is known by, to be taken back when it is another.
    private readonly Dictionary<EntryAddress, List<ServiceClient>> _clients = [];

    /// <summary>Whom this host serves, and by which names machines know each other. Names only where it answers for
    /// them: a large network has many.</summary>
    public ServiceDirectory Services { get; private set; } = ServiceDirectory.Empty;

    /// <summary>The machine of a port as services know it, by each of its addresses; none while it is not up and
    /// plugged.</summary>
    public IEnumerable<ServiceClient> ClientsOf(EntryAddress address) =>
        Facts.Services is not null && TryGetPort(address, out var port) && port.AdminStateUp
            && Network(port.NetworkId) is { Value.AdminStateUp: true } network && SegmentOwner(network) is null
            && KeyOf(address.Key.Id) is { } key
            ? ServiceClient.Of(address.Key.Id, port, network, key)
            : [];

    /// <summary>Takes over who the clients of these entries are.</summary>
    public void Serve(IEnumerable<EntryAddress> affected)
    {
        foreach (var address in affected.Where(address => address.Key.Kind == EntryKind.Port))
        {
            var before = _clients.GetValueOrDefault(address, []);
            var now = ClientsOf(address).ToList();
            Services = Services.With(address, before, now);
            if (now.Count > 0)
                _clients[address] = now;
            else
                _clients.Remove(address);
        }
    }

    private void Name(NetworkModel network, EntryAddress port, PortNames? before, PortNames? now)
    {
        if (IsNaming(Facts))
            Services = Services.With(network.Id, Services.NamesOf(network.Id).With(port, before, now));
    }

    /// <summary>The host answers for names from now on, or no more.</summary>
    private void NameAgain()
    {
        foreach (var network in _networks.Values)
        {
            var names = NetworkNames.Empty;
            if (IsNaming(Facts))
            {
                foreach (var (address, neighbor) in network.Neighbors)
                    names = names.With(address, null, NamesOf(neighbor));
                foreach (var (address, port) in network.RouterPorts)
                    names = names.With(address, null, NamesOf(port));
            }
            Services = Services.With(network.Id, names);
        }
    }

    private static bool IsNaming(SwitchFacts facts) => facts.Services?.Offers(HostServices.Dns) == true;

    private static PortNames? NamesOf(NeighborValue? neighbor) =>
        neighbor is null ? null : new(neighbor.DnsName, neighbor.DnsDomain, neighbor.Addresses);

    /// <summary>Nobody gives the port of a router a name.</summary>
    private static PortNames? NamesOf(RouterPortValue? port) =>
        port is null ? null : new("", Domain: null, port.Addresses);
}
