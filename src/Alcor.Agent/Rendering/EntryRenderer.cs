using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

/// <summary>What one entry contributes to the switch, and what stands in its way.</summary>
internal sealed record EntryRendering(IReadOnlyList<Flow> Flows, EntryProblem? Problem)
{
    public static readonly EntryRendering Nothing = new([], Problem: null);

    public IReadOnlyList<Meter> Meters { get; init; } = [];

    /// <summary>The entry whose problem is this one's, which has nothing of its own; null: none.</summary>
    public EntryAddress? RestsOn { get; init; }

    public static EntryRendering Waiting(string reason) => new([], EntryProblem.Waiting(reason));

    public static EntryRendering Failed(string reason) => new([], EntryProblem.Failed(reason));
}

/// <summary>
/// Renders a single entry. Each flow has one owner, so what an entry renders to is replaced as a whole when something
/// that it depends on changes.
/// </summary>
internal static class EntryRenderer
{
    public static EntryRendering Render(HostModel model, EntryAddress address)
    {
        if (model.MalformedReason(address) is { } malformed)
            return EntryRendering.Failed(malformed);
        return address.Key.Kind switch
        {
            EntryKind.Network when model.NetworkOf(address) is { Value: { } value } network =>
                NetworkRenderer.Render(model, address, network, value),
            EntryKind.Neighbor when model.NetworkOf(address) is { } network
                && network.Neighbors.TryGetValue(address, out var neighbor) =>
                Neighbor(model, address, network, neighbor),
            EntryKind.Port when model.TryGetPort(address, out var port) => PortRenderer.Render(model, address, port),
            EntryKind.RouterPort when model.NetworkOf(address) is { } network
                && network.RouterPorts.TryGetValue(address, out var routerPort) =>
                RouterRenderer.Port(model, address, network, routerPort),
            EntryKind.RouterGateway when model.GatewayHere(address) is { } gateway =>
                RouterRenderer.GatewayHere(model, gateway.RouterId),
            EntryKind.FloatingIp or EntryKind.PortForwarding => RouterRenderer.Outside(model, address),
            EntryKind.Router when model.Router(address.Key.Id) is { } router =>
                RouterRenderer.Router(model, address, router),
            EntryKind.SecurityGroup or EntryKind.SecurityGroupRule or EntryKind.SecurityGroupMember
                or EntryKind.AddressGroup => SecurityRenderer.Render(model.Security, address),
            EntryKind.NetworkAclRule => NetworkAclRenderer.Rule(model.Acls, address),
            _ => EntryRendering.Nothing,
        };
    }

    private static EntryRendering Neighbor(
        HostModel model, EntryAddress address, NetworkModel network, NeighborValue neighbor)
    {
        if (Obstacle(model, network, network.Id) is { } obstacle)
            return new([], obstacle);
        if (network.Value is not { AdminStateUp: true } value)
            return EntryRendering.Nothing;
        var (cookie, number) = (Cookies.Of(address.Key), model.NumberOf(value)!.Value);
        var flows = Answers(number, neighbor)
            .Concat(network.RouterPorts.Count > 0 ? NextHops(number, neighbor) : [])
            .Select(flow => flow with { Cookie = cookie }).ToList();
        // A neighbour on this host is forwarded to by the flow of its port, once that is plugged; outside, whatever is
        // not here goes where the network is.
        if (neighbor.TunnelAddress.Equals(model.Facts.TunnelAddress) || value.PhysicalNetwork is not null)
            return new(flows, Problem: null);
        if (model.TunnelOf(value) is not { } tunnel)
            return new(flows, NetworkRenderer.MissingTunnel(model, value));
        var own = model.Facts.TunnelAddress;
        if (neighbor.TunnelAddress.AddressFamily != own.AddressFamily)
            return EntryRendering.Failed($"no tunnel leads from {own} to {neighbor.TunnelAddress}");
        flows.Add(Forwarding.Remote(number, neighbor.Mac, neighbor.TunnelAddress, tunnel, cookie));
        return new(flows, Problem: null);
    }

    private static IEnumerable<Flow> NextHops(uint network, NeighborValue neighbor) =>
        AddressesOf(neighbor.Mac, neighbor.Addresses).Select(ip => Routing.Neighbor(network, ip, neighbor.Mac));

    private static IEnumerable<Flow> Answers(uint network, NeighborValue neighbor)
    {
        var here = Match.Empty.Register(Registers.Network, network);
        return AddressesOf(neighbor.Mac, neighbor.Addresses)
            .Select(ip => Answer(here, ip, neighbor.Mac, NeighborDiscovery.OfMachine))
            .Concat(neighbor.AddressPairs.SelectMany(pair => Shared(network, pair.Cidr)))
            .Concat(neighbor.AddressPairs.Select(pair => pair.Mac).Where(mac => mac != neighbor.Mac).Distinct()
                .Select(mac => Forwarding.Shared(network, mac)))
            .DistinctBy(flow => flow.Key);
    }

    private static IEnumerable<Flow> Shared(uint network, IPNetwork cidr) =>
        cidr.IsIpv4() ? ArpResponder.Shared(network, cidr) : NeighborDiscovery.Shared(network, cidr);

    /// <summary>The switch answers whoever asks for the MAC address of an IP address.</summary>
    /// <param name="flags">Of an answer to a neighbour solicitation.</param>
    public static Flow Answer(Match network, IPAddress address, MacAddress mac, uint flags) =>
        address.Alone().IsIpv4()
            ? ArpResponder.Answer(network, Ipv4Address.From(address), mac)
            : NeighborDiscovery.Answer(network, address, mac, flags);

    /// <summary>Whoever has an IPv6 address has a link-local one besides.</summary>
    public static IEnumerable<IPAddress> AddressesOf(MacAddress mac, IReadOnlyCollection<IPAddress> addresses) =>
        addresses.Concat(addresses.All(ip => ip.Alone().IsIpv4()) ? [] : [mac.LinkLocalAddress()]).Distinct();

    public static EntryProblem? Obstacle(HostModel model, NetworkModel? network, Guid id)
    {
        if (network?.Value is null)
            return EntryProblem.Waiting($"network {id:D} has not arrived");
        if (model.SegmentOwner(network) is { } other)
            return EntryProblem.Failed($"its network has the segmentation id of network {other:D}");
        return model.NumberOf(network.Value) is null
            ? EntryProblem.Waiting($"this host has no bridge to physical network {network.Value.PhysicalNetwork}")
            : null;
    }
}
