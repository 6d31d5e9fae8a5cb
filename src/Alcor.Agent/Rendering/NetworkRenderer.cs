using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

/// <summary>Renders what belongs to a network as a whole.</summary>
internal static class NetworkRenderer
{
    public static EntryRendering Render(
        HostModel model, EntryAddress address, NetworkModel network, NetworkValue value)
    {
        if (model.SegmentOwner(network) is { } other)
            return EntryRendering.Failed($"network {other:D} has segmentation id {value.SegmentationId} too");
        if (!value.AdminStateUp)
            return EntryRendering.Nothing;
        var cookie = Cookies.Of(address.Key);
        var keys = network.Ports.Select(port => Plugged(model, port)).OfType<uint>().ToList();
        if (value.PhysicalNetwork is not null)
            return Outside(model, network, keys, cookie);
        var (number, tunnel) = (model.NumberOf(value)!.Value, model.TunnelOf(value));
        var hosts = tunnel is null ? [] : RemoteHosts(model, network);
        var flows = new List<Flow>();
        if (tunnel is { } way)
            flows.Add(Classify.FromTunnel(way, number, cookie));
        if (keys.Count > 0)
        {
            flows.AddRange(Flooding.FromPort(number, keys, hosts, tunnel, cookie));
            flows.Add(Flooding.FromOutside(number, keys, cookie));
        }
        return new(flows, MissingTunnel(model, value));
    }

    /// <summary>The switch has no port for the tunnels of the network; null: it has, or needs none.</summary>
    public static EntryProblem? MissingTunnel(HostModel model, NetworkValue value) =>
        value.PhysicalNetwork is null && model.TunnelOf(value) is null ? NoTunnel(value.Encapsulation) : null;

    public static EntryProblem NoTunnel(Encapsulation encapsulation) =>
        EntryProblem.Waiting($"the switch has no {encapsulation} tunnel port");

    private static EntryRendering Outside(
        HostModel model, NetworkModel network, IReadOnlyCollection<uint> keys, ulong cookie)
    {
        var value = network.Value!;
        // Where the physical network is not, no port of the network is either: there is nothing to wait for.
        if (model.NumberOf(value) is not { } number || model.CarrierOf(value) is not { } carrier)
            return EntryRendering.Nothing;
        IEnumerable<Flow> flows =
        [
            PhysicalNetworks.Enter(carrier, number),
            PhysicalNetworks.Forward(carrier, number),
            .. PhysicalNetworks.Tag(carrier, number),
            ArpResponder.Lenient(number),
            .. NeighborDiscovery.Lenient(number),
            Flooding.FromPort(number, keys, carrier),
            Flooding.FromOutside(number, keys, cookie),
            .. model.Facts.OutsideNeighbors.Where(known => known.Key.Network == network.Id)
                .Select(known => Routing.Neighbor(number, known.Key.Address, known.Value)),
        ];
        return new([.. flows.Select(flow => flow with { Cookie = cookie })], Problem: null);
    }

    /// <summary>The key of a port that gets what is for all.</summary>
    private static uint? Plugged(HostModel model, EntryAddress address) =>
        model.TryGetPort(address, out var port) && port.AdminStateUp ? model.KeyOf(address) : null;

    private static List<IPAddress> RemoteHosts(HostModel model, NetworkModel network)
    {
        var own = model.Facts.TunnelAddress;
        return [.. network.Hosts.Where(host => !host.Equals(own) && host.AddressFamily == own.AddressFamily)];
    }
}
