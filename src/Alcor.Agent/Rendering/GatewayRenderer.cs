using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

/// <summary>An address that a router has outside, on this host.</summary>
/// <param name="Network">The network outside.</param>
public sealed record OutsideAddress(Guid Network, IPAddress Address, MacAddress Mac);

/// <summary>Renders the ways of routers outside: gateways, floating IPs and port forwardings.</summary>
internal static class GatewayRenderer
{
    /// <summary>What a router's gateway adds to the router.</summary>
    public static EntryRendering Gateway(HostModel model, Guid router, RouterValue value, GatewayValue gateway)
    {
        var network = model.Network(gateway.NetworkId);
        if (network?.Value is not { } outside)
            return EntryRendering.Waiting($"network {gateway.NetworkId:D} has not arrived");
        var missing = gateway.Addresses.Where(ip => !network.Subnets.ContainsKey(ip.SubnetId)).ToList();
        if (missing.Count > 0)
            return EntryRendering.Waiting($"subnet {missing[0].SubnetId:D} has not arrived");
        var mtu = PathMtus.Into(model, value, outside);
        var routes = gateway.Addresses.SelectMany(ip => Routes(router, network.Subnets[ip.SubnetId], mtu))
            .Concat(value.Routes.Where(route => gateway.Addresses.Any(ip =>
                    network.Subnets[ip.SubnetId].Cidr.Contains(route.NextHop)))
                .Select(route => Routing.Outside(router, route.Destination, isConnected: false, route.NextHop, mtu)));
        if (gateway.TunnelAddress is null)
            return new([.. routes], EntryProblem.Waiting("no host has its gateway"));
        if (!gateway.TunnelAddress.Equals(model.Facts.TunnelAddress))
        {
            var inside = Inside(model, value).Select(network => network.Value!.Encapsulation).Distinct().ToList();
            var known = gateway.AllAddresses.SelectMany(ip => Elsewhere(model, outside, ip, gateway.Mac));
            return new(
                [
                    .. routes, .. known,
                    .. inside.Where(kind => model.Facts.Tunnels[kind] is not null).Select(kind =>
                        Gateways.Elsewhere(router, gateway.TunnelAddress, kind, model.Facts.Tunnels[kind]!.Value)),
                ],
                inside.Where(kind => model.Facts.Tunnels[kind] is null).Select(NetworkRenderer.NoTunnel)
                    .FirstOrDefault());
        }
        if (model.NumberOf(outside) is not { } number || model.CarrierOf(outside) is not { } carrier)
            return new([.. routes], EntryProblem.Failed(NoCarrier(outside)));
        var side = new GatewaySide(router, number, Gateways.ZoneOfRouter(gateway.Zone));
        var policy = OutsidePolicy.Of(model, router, gateway.Mac, gateway.QosPolicy);
        return new(
            [
                .. routes,
                .. policy.Count(
                [
                    Gateways.Enter(side, gateway.Mac),
                    .. Gateways.Here(side, gateway.Mac, gateway.EnableSnat ? Ipv4(gateway) : null)
                        .Watched(value.ConnectionTrackers),
                    .. Ipv6(model, side, value, outside),
                ]),
                .. PathMtu.Measure(number, gateway.Mac, PathMtus.FromOutside(model, value, outside)),
                .. ConnectionTrackers.Expect(side, Ipv4(gateway), value.ConnectionTrackers),
                .. gateway.AllAddresses.SelectMany(ip => OutsideAnswers.Has(number, carrier, ip, gateway.Mac)),
                .. gateway.AllAddresses.Select(ip => Routing.Refuse(router, ip, number)),
                .. Exits(model, value).SelectMany(exit =>
                    Gateways.FromOtherHosts(exit.Network, exit.Mac, router)),
            ], Unhelped(value) ?? policy.Problem) { Meters = policy.Meters };
    }

    public static EntryRendering FloatingIp(HostModel model, Guid router, FloatingIpValue value)
    {
        if (Side(model, router, value.IsOnGateway ? null : value.PortId) is not { } found)
            return Elsewhere(model, router, value.Address, value.Mac);
        var (side, carrier, key) = found;
        var policy = OutsidePolicy.Of(model, router, value.Mac, value.QosPolicy);
        return new(
            [
                .. policy.Count(
                [
                    .. Gateways.FloatingIp(side, value.Address, value.FixedAddress, value.Mac, key)
                        .Watched(HelpersOf(model, router)),
                ]),
                .. Measure(model, side, value.Mac, value.FixedAddress),
                .. OutsideAnswers.Has(side.Network, carrier, value.Address, value.Mac),
            ], policy.Problem) { Meters = policy.Meters };
    }

    /// <summary>For an address outside that is here.</summary>
    /// <param name="destination">Whom it leads to; null: more than one.</param>
    private static IEnumerable<Flow> Measure(
        HostModel model, GatewaySide side, MacAddress mac, IPAddress? destination = null) =>
        model.Router(side.Router) is { Gateway: { } gateway } router
            && model.Network(gateway.NetworkId)?.Value is { } outside
            ? PathMtu.Measure(side.Network, mac, PathMtus.FromOutside(model, router, outside, destination))
            : [];

    private static EntryRendering Elsewhere(HostModel model, Guid router, IPAddress address, MacAddress mac) =>
        model.Router(router) is { AdminStateUp: true, Gateway: { } gateway }
            && model.Network(gateway.NetworkId)?.Value is { } outside
            ? new([.. Elsewhere(model, outside, address, mac)], Problem: null)
            : EntryRendering.Nothing;

    /// <summary>
    /// Of an address that the router has on another host, whoever is behind it need not ask the network outside.
    /// </summary>
    private static IEnumerable<Flow> Elsewhere(
        HostModel model, NetworkValue outside, IPAddress address, MacAddress mac) =>
        outside is { AdminStateUp: true, PhysicalNetwork: not null } && model.NumberOf(outside) is { } number
            ? [Routing.Neighbor(number, address, mac)]
            : [];

    public static EntryRendering PortForwarding(HostModel model, Guid router, PortForwardingValue value)
    {
        if (Side(model, router, port: null) is not { } found)
            return Elsewhere(model, router, value.Address, value.Mac);
        var (side, carrier, _) = found;
        var isTcp = value.Protocol == Protocols.Tcp;
        var isOne = value.InternalPorts.First == value.InternalPorts.Last;
        var pairs = Enumerable.Range(0, value.ExternalPorts.Last - value.ExternalPorts.First + 1).Select(i =>
            (Outside: (ushort)(value.ExternalPorts.First + i),
                Inside: (ushort)(value.InternalPorts.First + (isOne ? 0 : i))));
        var flows = pairs.SelectMany(pair => Gateways.PortForwarding(
            side, value.Address,
            isTcp
                ? Match.Empty.EthType(EtherTypes.Ipv4).IpProto(Protocols.Tcp).TcpDst(pair.Outside)
                : Match.Empty.EthType(EtherTypes.Ipv4).IpProto(Protocols.Udp).UdpDst(pair.Outside),
            FlowAction.Nat.Destination(Ipv4Address.From(value.InternalAddress)) with
            {
                Ports = new NatRange<ushort>(pair.Inside, pair.Inside),
            },
            value.Mac));
        var policy = OutsidePolicy.Of(model, router, value.Mac, value.QosPolicy);
        return new(
            [
                .. policy.Count([Gateways.Enter(side, value.Mac), .. flows.Watched(HelpersOf(model, router))]),
                .. Measure(model, side, value.Mac),
                .. ConnectionTrackers.Expect(side, value.Address, HelpersOf(model, router)),
                .. OutsideAnswers.Has(side.Network, carrier, value.Address, value.Mac),
            ], policy.Problem) { Meters = policy.Meters };
    }

    /// <summary>The addresses outside that this host answers for, and from which it asks.</summary>
    public static IEnumerable<OutsideAddress> Addresses(HostModel model, EntryAddress address, IEntryValue value)
    {
        if (Partitions.RouterOf(address) is not { } router || model.Router(router)?.Gateway is not { } gateway)
            return [];
        return value switch
        {
            RouterValue when Side(model, router, port: null) is not null => gateway.AllAddresses
                .Select(ip => new OutsideAddress(gateway.NetworkId, ip, gateway.Mac)),
            FloatingIpValue ip when Side(model, router, ip.IsOnGateway ? null : ip.PortId) is not null =>
                [new OutsideAddress(gateway.NetworkId, ip.Address, ip.Mac)],
            PortForwardingValue forwarding when Side(model, router, port: null) is not null =>
                [new OutsideAddress(gateway.NetworkId, forwarding.Address, forwarding.Mac)],
            _ => [],
        };
    }

    /// <summary>Null: it is not on this host.</summary>
    /// <param name="port">The port whose host has it; null: the host of the gateway has it.</param>
    internal static (GatewaySide Side, Carrier Carrier, uint? Key)? Side(HostModel model, Guid router, Guid? port)
    {
        if (model.Router(router) is not { AdminStateUp: true, Gateway: { } gateway }
            || model.Network(gateway.NetworkId)?.Value is not { AdminStateUp: true } outside
            || model.NumberOf(outside) is not { } number || model.CarrierOf(outside) is not { } carrier)
        {
            return null;
        }
        if (port is null)
        {
            return model.Facts.TunnelAddress.Equals(gateway.TunnelAddress)
                ? (new GatewaySide(router, number, Gateways.ZoneOfRouter(gateway.Zone)), carrier, null)
                : null;
        }
        return model.KeyOf(port.Value) is { } key
            ? (new GatewaySide(router, number, Gateways.ZoneOfPort(key)), carrier, key)
            : null;
    }

    private static IEnumerable<Flow> Routes(Guid router, SubnetValue subnet, ushort? mtu)
    {
        yield return Routing.Outside(router, subnet.Cidr, isConnected: true, nextHop: null, mtu);
        if (subnet.Gateway is { } gateway)
        {
            var all = new IPNetwork(gateway.Alone().IsIpv4() ? IPAddress.Any : IPAddress.IPv6Any, 0);
            yield return Routing.Outside(router, all, isConnected: false, gateway, mtu);
        }
    }

    /// <summary>
    /// Without translation, only those networks have the way outside whose addresses mean the same there: of the same
    /// address scope, or both of none (Neutron's address scopes).
    /// </summary>
    private static IEnumerable<Flow> Ipv6(
        HostModel model, GatewaySide side, RouterValue router, NetworkValue outside)
    {
        if (router.Gateway!.Addresses.All(ip => ip.Address.Alone().IsIpv4()))
            return [];
        var networks = router.Interfaces.Select(one => model.Network(one.NetworkId)).OfType<NetworkModel>().Distinct()
            .Where(network => network.Value is { AdminStateUp: true } value && model.NumberOf(value) is not null)
            .ToLookup(network => network.Value!.Ipv6AddressScope == outside.Ipv6AddressScope);
        var strange = networks[false].SelectMany(network => network.Subnets.Values).Select(subnet => subnet.Cidr)
            .Where(cidr => cidr.IsIpv6()).ToList();
        var beyond = router.Routes.Where(route => strange.Any(cidr => cidr.Contains(route.NextHop)))
            .Select(route => route.Destination);
        return Gateways.HereIpv6(side, router.Gateway.Mac,
            networks[true].Select(network => model.NumberOf(network.Value!)!.Value), strange.Concat(beyond));
    }

    private static ValueList<ConnectionTrackerValue> HelpersOf(HostModel model, Guid router) =>
        model.Router(router)?.ConnectionTrackers ?? [];

    /// <summary>A helper that no switch has is no reason for the router to be without all else.</summary>
    private static EntryProblem? Unhelped(RouterValue router) =>
        router.ConnectionTrackers.Where(helper => !ConnectionTrackers.IsKnown(helper))
            .Select(helper => EntryProblem.Failed($"Open vSwitch has no conntrack helper {helper.Name} for "
                + (helper.Protocol == Protocols.Tcp ? "TCP" : "UDP"))).FirstOrDefault();

    private static IPAddress? Ipv4(GatewayValue gateway) =>
        gateway.Addresses.Select(ip => ip.Address).FirstOrDefault(ip => ip.Alone().IsIpv4());

    /// <summary>The networks behind a router that tunnels carry.</summary>
    private static IEnumerable<NetworkModel> Inside(HostModel model, RouterValue router) =>
        router.Interfaces.Select(one => one.NetworkId).Distinct().Select(model.Network).OfType<NetworkModel>()
            .Where(network => network.Value is { AdminStateUp: true, PhysicalNetwork: null });

    /// <summary>The router's ports there.</summary>
    private static IEnumerable<RouterExit> Exits(HostModel model, RouterValue router) =>
        from network in Inside(model, router)
        from port in network.RouterPorts
        where router.Interfaces.Any(one => one.NetworkId == network.Id && one.PortId == port.Key.Key.Id)
        select new RouterExit(model.NumberOf(network.Value!)!.Value, port.Value.Mac);

    private static string NoCarrier(NetworkValue network) =>
        network.PhysicalNetwork is { } physical
            ? $"this host has no bridge to physical network {physical}"
            : "its network outside is in no physical network";
}
