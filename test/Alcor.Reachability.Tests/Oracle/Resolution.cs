using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Network.Ports;

namespace Alcor.Reachability.Tests;

/// <summary>
/// Who has an address, which the network answers in place of others: ARP and neighbour discovery go nowhere, but for
/// the addresses of allowed address pairs, of which only the machines know who has them.
/// </summary>
internal sealed class Resolution(Cloud cloud)
{
    /// <summary>That of the DHCP server, which is on every host: a client renews its lease there.</summary>
    private static readonly MacAddress DhcpServer = MacAddress.Parse("fe:a1:c0:00:00:43");

    private static readonly MacAddress AllNodes = MacAddress.Parse("33:33:00:00:00:01");

    /// <summary>What comes back; null and a reason: nothing; neither: it is for the machines of the network.</summary>
    public (Probe? Answer, string? Reason) Resolve(Port asker, Probe probe) => probe.Content switch
    {
        ArpRequest request => Resolve(asker, request.Sought, [request.Sender],
            (mac, _) => new Probe(mac, probe.SourceMac,
                new ArpReply(mac, request.Sought, request.SenderMac, request.Sender))),
        NeighborSolicitation request => Resolve(asker, request.Sought, [],
            (mac, isRouter) => Advertise(probe.SourceMac, request, mac, isRouter)),
        ArpReply reply => IsShared(asker, [reply.Sender, reply.Asker]) ? default : (null, "nobody has asked"),
        NeighborAdvertisement told => IsShared(asker, [told.Sought]) ? default : (null, "nobody has asked"),
        _ => throw new ArgumentException($"{probe} asks nothing", nameof(probe)),
    };

    private (Probe? Answer, string? Reason) Resolve(
        Port asker, IPAddress sought, IPAddress[] also, Func<MacAddress, bool, Probe> answer)
    {
        var owner = cloud.OwnerOf(asker.NetworkId, sought);
        if (Cloud.AnswersTo(asker).Any(sought.Equals))
            return (null, $"{asker.Name} asks for its own address");
        if (owner is not null && cloud.RouterBehind(owner) is { AdminStateUp: true })
            return (answer(owner.MacAddress, true), null);
        if (owner is not null && cloud.RouterOutside(owner) is { AdminStateUp: true })
            return (answer(owner.MacAddress, true), null);
        if (owner is { IsBound: true } && Cloud.IsMachine(owner))
            return (answer(owner.MacAddress, false), null);
        if (IsShared(asker, [sought, .. also]))
            return default;
        return StandsIn(asker, sought)
            ? (answer(DhcpServer, false), null)
            : (null, $"nobody in the network of {asker.Name} has {sought}");
    }

    /// <summary>Who has no address yet cannot be answered there: all nodes are told (RFC 4861 section 7.2.4).</summary>
    private static Probe Advertise(MacAddress asker, NeighborSolicitation request, MacAddress mac, bool isRouter)
    {
        var isProbe = request.Source.Equals(IPAddress.IPv6Any);
        return new Probe(mac, isProbe ? AllNodes : asker, new NeighborAdvertisement(
            request.Sought,
            isProbe ? IPAddress.Parse("ff02::1") : request.Source,
            request.Sought,
            request.LinkLayer is null ? null : mac)
        {
            IsRouter = isRouter,
            IsSolicited = !isProbe,
        });
    }

    private bool IsShared(Port asker, IEnumerable<IPAddress> addresses) =>
        cloud.PairsIn(asker.NetworkId).Any(pair => addresses.Any(Cloud.BlockOf(pair).Contains));

    /// <summary>A gateway that is nowhere is the DHCP server, for the ports of its subnet.</summary>
    private bool StandsIn(Port asker, IPAddress sought) =>
        asker.FixedIps.Select(ip => cloud.SubnetWith(ip.SubnetId))
            .Any(subnet => subnet is { IpVersion: 4, EnableDhcp: true } && sought.Equals(subnet.GatewayIp));
}
