using System.Net;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Network.Subnets;

namespace Alcor.Reachability.Tests;

/// <summary>What a router makes of a packet, or why nothing.</summary>
/// <param name="NetworkId">Where it sends it.</param>
/// <param name="Probe">As it sends it; null: it does not.</param>
internal sealed record Routed(string NetworkId, Probe? Probe, string Reason = "");

/// <summary>What routers do: the longest prefix wins, among the subnets of their interfaces and their routes.</summary>
internal sealed class Routing(Cloud cloud)
{
    private readonly Translation _translation = new(cloud);

    /// <summary>A packet has come to an interface of a router, or to an address that it has outside.</summary>
    /// <param name="sender">The machine that sent it.</param>
    public Routed Forward(Router router, Port entry, Port sender, Probe probe, ref Conversations history)
    {
        if (probe.Content is not IpContent packet)
            return Ends("a router takes IP only");
        if (!router.AdminStateUp)
            return Ends($"router {router.Name} is administratively down and forwards nothing");
        var isFromOutside = router.Gateway?.NetworkId == entry.NetworkId;
        if (isFromOutside)
        {
            if (_translation.Enter(router, entry, packet, ref history) is not { } inside)
                return Ends(Verdict.Unclear);
            packet = inside;
        }
        if (IsOwn(router, packet, isFromOutside))
            return Echo(entry, probe, packet);
        if (packet.HopLimit <= 1)
            return Ends($"no hops are left at router {router.Name}");
        if (Choose(router, packet.Target) is not { } chosen)
            return Ends($"no route on router {router.Name} to {packet.Target}");
        packet = packet with { HopLimit = packet.HopLimit - 1 };
        if (chosen.Interface is { } way)
            return ToNextHop(router, PortOf(way), chosen.NextHop, packet);
        return isFromOutside
            ? Ends($"nothing is behind {packet.Target}, an address of router {router.Name} outside")
            : Leave(router, sender, chosen.NextHop, packet, ref history);

        Routed Ends(string reason) => new(entry.NetworkId, null, reason);
    }

    private Routed Leave(Router router, Port sender, IPAddress nextHop, IpContent packet, ref Conversations history)
    {
        var gateway = router.Gateway!;
        if (gateway.Host is null)
            return new Routed(gateway.NetworkId, null, $"no host has the gateway of router {router.Name}");
        var (outside, reason) = _translation.Leave(router, sender, packet, ref history);
        if (outside is null)
            return new Routed(gateway.NetworkId, null, reason);
        return cloud.OwnerOf(gateway.NetworkId, nextHop) is { } receiver
            ? new Routed(gateway.NetworkId, new Probe(
                _translation.MacOf(router, outside.Source), receiver.MacAddress, outside))
            : new Routed(gateway.NetworkId, null, $"nobody has {nextHop} outside of router {router.Name}");
    }

    private Routed ToNextHop(Router router, Port leaving, IPAddress nextHop, IpContent packet) =>
        cloud.OwnerOf(leaving.NetworkId, nextHop) is { } receiver
            ? new Routed(leaving.NetworkId, new Probe(leaving.MacAddress, receiver.MacAddress, packet))
            : new Routed(leaving.NetworkId, null, $"nobody has {nextHop}, the next hop of router {router.Name}");

    /// <summary>
    /// By the address of its gateway machines inside are known, too: what these say to one another goes out and comes
    /// in again.
    /// </summary>
    private bool IsOwn(Router router, IpContent packet, bool isFromOutside) =>
        Interfaces(router).SelectMany(one => Cloud.AnswersTo(PortOf(one))).Any(packet.Target.Equals)
        || (isFromOutside || packet.Transport is Icmp { Type: 8 })
            && router.Gateway is { } gateway && gateway.FixedIps.Any(ip => ip.IpAddress.Equals(packet.Target));

    /// <summary>A router answers echo requests to its own addresses (RFC 1812 section 4.3.3.6), and nothing
    /// else.</summary>
    private static Routed Echo(Port entry, Probe probe, IpContent packet) =>
        packet.Transport is Icmp { Type: 8 or 128 } && packet.Reply() is { } reply
            ? new Routed(entry.NetworkId, new Probe(probe.TargetMac, probe.SourceMac, reply))
            : new Routed(entry.NetworkId, null, "a router answers echo requests only");

    /// <summary>Those that lead somewhere.</summary>
    private IEnumerable<RouterInterface> Interfaces(Router router) => router.Interfaces
        .Where(one => cloud.Networks.Single(network => network.Id == one.NetworkId).AdminStateUp);

    private Port PortOf(RouterInterface one) => cloud.Ports.Single(port => port.Id == one.PortId);

    /// <summary>Without an interface: it leads out by the gateway.</summary>
    private (RouterInterface? Interface, IPAddress NextHop)? Choose(Router router, IPAddress target)
    {
        IEnumerable<(RouterInterface? Interface, Subnet Subnet)> sides =
        [
            .. from one in Interfaces(router)
               from ip in one.FixedIps
               select ((RouterInterface?)one, cloud.SubnetWith(ip.SubnetId)),
            .. from ip in router.Gateway?.FixedIps ?? []
               select ((RouterInterface?)null, cloud.SubnetWith(ip.SubnetId)),
        ];
        var connected = sides.Select(side => (side.Subnet.Cidr, side.Interface, NextHop: (IPAddress?)null));
        var told =
            from route in router.Routes
            from side in sides
            where side.Subnet.Cidr.Contains(route.Nexthop)
            select (Cidr: route.Destination, side.Interface, NextHop: (IPAddress?)route.Nexthop);
        var beyond =
            from side in sides
            where side.Interface is null && side.Subnet.GatewayIp is not null
            select (Cidr: IPNetwork.Parse(side.Subnet.IpVersion == 4 ? "0.0.0.0/0" : "::/0"), side.Interface,
                NextHop: side.Subnet.GatewayIp);
        return connected.Concat(told).Concat(beyond)
            .Where(route => route.Cidr.Contains(target))
            // Among equals, what is connected comes first.
            .OrderByDescending(route => route.Cidr.PrefixLength)
            .Select(route => ((RouterInterface?, IPAddress)?)(route.Interface, route.NextHop ?? target))
            .FirstOrDefault();
    }
}
