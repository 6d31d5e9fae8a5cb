using System.Net;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Reachability.Tests;

/// <summary>What a router makes of a packet, or why nothing.</summary>
/// <param name="NetworkId">Where it sends it.</param>
/// <param name="Probe">As it sends it; null: it does not.</param>
internal sealed record Routed(string NetworkId, Probe? Probe, string Reason = "");

/// <summary>What routers do: the longest prefix wins, among the subnets of their interfaces and their routes.</summary>
internal sealed class Routing(Cloud cloud)
{
    /// <summary>A packet has come to an interface.</summary>
    public Routed Forward(Port entry, Probe probe)
    {
        var router = cloud.RouterBehind(entry)!;
        if (probe.Content is not IpContent packet)
            return Ends("a router takes IP only");
        if (!router.AdminStateUp)
            return Ends($"router {router.Name} is administratively down and forwards nothing");
        if (Interfaces(router).Any(one => Cloud.AnswersTo(PortOf(one)).Any(packet.Target.Equals)))
            return Echo(entry, probe, packet);
        if (packet.HopLimit <= 1)
            return Ends($"no hops are left at router {router.Name}");
        if (Choose(router, packet.Target) is not { } chosen)
            return Ends($"no route on router {router.Name} to {packet.Target}");
        var leaving = PortOf(chosen.Interface);
        return cloud.OwnerOf(leaving.NetworkId, chosen.NextHop) is { } receiver
            ? new Routed(leaving.NetworkId, new Probe(leaving.MacAddress, receiver.MacAddress,
                packet with { HopLimit = packet.HopLimit - 1 }))
            : Ends($"nobody has {chosen.NextHop}, the next hop of router {router.Name}");

        Routed Ends(string reason) => new(entry.NetworkId, null, reason);
    }

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

    private (RouterInterface Interface, IPAddress NextHop)? Choose(Router router, IPAddress target)
    {
        var connected =
            from one in Interfaces(router)
            from ip in one.FixedIps
            select (cloud.SubnetWith(ip.SubnetId).Cidr, Interface: one, NextHop: (IPAddress?)null);
        var told =
            from route in router.Routes
            from one in Interfaces(router)
            where one.FixedIps.Any(ip => cloud.SubnetWith(ip.SubnetId).Cidr.Contains(route.Nexthop))
            select (Cidr: route.Destination, Interface: one, NextHop: (IPAddress?)route.Nexthop);
        return connected.Concat(told)
            .Where(route => route.Cidr.Contains(target))
            // Among equals, what is connected comes first.
            .OrderByDescending(route => route.Cidr.PrefixLength)
            .Select(route => ((RouterInterface, IPAddress)?)(route.Interface, route.NextHop ?? target))
            .FirstOrDefault();
    }
}
