using System.Net;
using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

internal sealed partial class HostModel
{
    private readonly Dictionary<Guid, RouterValue> _routers = [];

    /// <summary>Null until the router's own entry has come and made sense.</summary>
    public RouterValue? Router(Guid id) => _routers.GetValueOrDefault(id);

    /// <summary>Every address that a router has.</summary>
    public ValueList<IPAddress> AddressesOf(Guid router) =>
        [.. Router(router)?.Interfaces.SelectMany(one => one.Addresses).Select(ip => ip.Address) ?? []];

    private void SetRouter(Guid id, RouterValue? value, HashSet<EntryAddress> affected)
    {
        foreach (var left in NetworksOf(Router(id)))
        {
            var network = Open(left);
            network.Routers.Remove(id);
            Close(network);
        }
        if (value is null)
            _routers.Remove(id);
        else
            _routers[id] = value;
        foreach (var entered in NetworksOf(value))
            Open(entered).Routers.Add(id);
        // A port may have come before its router, and be in a network that the router does not name.
        affected.UnionWith(_networks.Values.SelectMany(network => network.RouterPorts)
            .Where(port => port.Value.RouterId == id).Select(port => port.Key));
    }

    private void SetRouterPort(EntryAddress address, RouterPortValue? value, HashSet<EntryAddress> affected)
    {
        var network = Open(address);
        var hadRouters = network.RouterPorts.Count > 0;
        network.RouterPorts.Remove(address);
        if (value is not null)
            network.RouterPorts[address] = value;
        affected.UnionWith(network.Routers.Select(Partitions.OfRouter));
        // Which of them is the first may be another now.
        affected.UnionWith(network.RouterPorts.Keys);
        if (hadRouters != network.RouterPorts.Count > 0)
            affected.UnionWith(network.Neighbors.Keys);
        Close(network);
    }

    private static IEnumerable<Guid> NetworksOf(RouterValue? router) =>
        router is null ? [] : router.Interfaces.Select(one => one.NetworkId).Distinct();
}
