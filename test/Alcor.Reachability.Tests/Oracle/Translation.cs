using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Network.FloatingIps;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Reachability.Tests;

/// <summary>
/// Whose address a packet has outside: what leaves by a router's gateway has the floating IP of its sender, else the
/// address of the gateway (enable_snat); what comes for a floating IP is for the address behind it, or for that behind
/// the port that is forwarded. Whatever answers goes the same way back.
/// </summary>
internal sealed class Translation(Cloud cloud)
{
    /// <summary>The packet as it is outside; null and a reason: it does not leave.</summary>
    public (IpContent? Packet, string Reason) Leave(
        Router router, Port sender, IpContent packet, ref Conversations history)
    {
        var floating = cloud.FloatingIps.FirstOrDefault(ip => ip.RouterId == router.Id
            && packet.Source.Equals(ip.FixedIpAddress) && (!ip.IsOnHost || ip.PortId == sender.Id));
        var (place, gateway) = (PlaceOf(router, floating), router.Gateway!);
        if (history.IsCrossing(place, packet))
            return (null, Verdict.Unclear);
        if (history.Translate(place, packet) is { } translated)
            return (translated, "");
        var source = floating?.Address ?? (gateway.EnableSnat ? Ipv4Of(gateway) : null);
        if (source is null)
            return (packet, "");
        if (!Conversations.MayBegin(packet))
            return (null, $"there is no conversation outside of router {router.Name} that this belongs to");
        var after = packet with { Source = source };
        if (history.IsTaken(place, after))
        {
            // Ports are exchanged for others, nobody says for which; what has none cannot be told apart.
            return (null, packet.Transport is Segment
                ? Verdict.Unclear
                : $"another conversation outside of router {router.Name} looks the same");
        }
        var cause = floating is null ? CauseOf(router) : CauseOf(floating);
        history = history.With(new TranslatedConversation(place, cause, Tuple.Of(packet), Tuple.Of(after)));
        return (after, "");
    }

    /// <summary>The packet as it is inside; null: that is not clear.</summary>
    /// <param name="entry">The port outside that it came to: of a gateway, or of a floating IP.</param>
    public IpContent? Enter(Router router, Port entry, IpContent packet, ref Conversations history)
    {
        var place = PlaceOf(router, cloud.FloatingIpAt(entry));
        if (history.IsCrossing(place, packet))
            return null;
        if (history.Translate(place, packet) is { } translated)
            return translated;
        if (!Conversations.MayBegin(packet) || BehindFloatingIp(router, packet) is not var (after, cause))
            return packet;
        history = history.With(new TranslatedConversation(place, cause, Tuple.Of(packet), Tuple.Of(after)));
        return after;
    }

    /// <summary>By which address a packet leaves, so by which it is answered.</summary>
    public MacAddress MacOf(Router router, IPAddress source) =>
        cloud.FloatingIps.FirstOrDefault(ip => ip.RouterId == router.Id && ip.Address.Equals(source))?.MacAddress
        ?? router.Gateway!.MacAddress;

    /// <summary>All that says of conversations that they are translated.</summary>
    public IReadOnlySet<string> Causes =>
        cloud.Routers.Where(router => router is { AdminStateUp: true, Gateway.EnableSnat: true }).Select(CauseOf)
            .Concat(cloud.FloatingIps.Where(ip => ip.FixedIpAddress is not null).Select(CauseOf))
            .Concat(cloud.PortForwardings.Select(forwarding => forwarding.Id)).ToHashSet();

    private static string CauseOf(Router router) => $"{router.Id} {Ipv4Of(router.Gateway!)} on {router.Gateway!.Host}";

    private static string CauseOf(FloatingIp ip) => $"{ip.Id} {ip.FixedIpAddress} {ip.PortId} {ip.RouterId}";

    private (IpContent Packet, string Cause)? BehindFloatingIp(Router router, IpContent packet)
    {
        if (cloud.FloatingIps.FirstOrDefault(ip => ip.RouterId == router.Id && ip.Address.Equals(packet.Target))
            is not { } floating)
            return null;
        if (floating.FixedIpAddress is { } address)
            return (packet with { Target = address }, CauseOf(floating));
        // Later fragments have no port by which to tell where they are for, before their conversation is known.
        if (packet is not { Transport: Segment segment, Fragments: null })
            return null;
        return cloud.PortForwardings.Where(one => one.FloatingIpId == floating.Id)
            .Where(one => one.Protocol == (segment.Protocol == Protocol.Tcp ? "tcp" : "udp")
                && one.ExternalPorts.First <= segment.TargetPort && segment.TargetPort <= one.ExternalPorts.Last)
            .Select(one => ((IpContent, string)?)(packet with
            {
                Target = one.InternalIpAddress,
                Transport = segment with { TargetPort = InnerPort(one, segment.TargetPort) },
            }, one.Id))
            .FirstOrDefault();
    }

    /// <summary>A range leads to one port, or to as many, one to one.</summary>
    private static int InnerPort(PortForwarding one, int port) => one.InternalPorts.First
        + (one.InternalPorts.First == one.InternalPorts.Last ? 0 : port - one.ExternalPorts.First);

    /// <summary>The host of a port that has a floating IP remembers its conversations, else the gateway does.</summary>
    private static string PlaceOf(Router router, FloatingIp? floating) =>
        floating is { IsOnHost: true, PortId: { } port } ? port : router.Id;

    private static IPAddress? Ipv4Of(RouterGateway gateway) =>
        gateway.FixedIps.Select(ip => ip.IpAddress).FirstOrDefault(address => address.Version() == 4);
}
