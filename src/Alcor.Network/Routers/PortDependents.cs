using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.FloatingIps;
using Alcor.Network.LocalIps;
using Alcor.Network.NdpProxies;
using Alcor.Network.Logs;
using Alcor.Network.Ports;

namespace Alcor.Network.Routers;

/// <summary>What depends on a port beyond its network, and changes along with it.</summary>
internal static class PortDependents
{
    /// <summary>
    /// An error for a port that belongs to a router or a floating IP. One that only says so, and one without an
    /// address, is a leftover.
    /// </summary>
    public static ApiError? CheckDeletable(Port port, DecideContext context)
    {
        if (!DeviceOwner.IsLayer3(port.DeviceOwner) || port.FixedIps.IsEmpty)
            return null;
        var isOwned = port.DeviceOwner == DeviceOwner.FloatingIp
            ? context.Read(FloatingIp.Type, port.DeviceId) is not null
            : context.Read(Router.Type, port.DeviceId) is not null;
        return isOwned ? Errors.ServicePortInUse(port.Id, $"has device owner {port.DeviceOwner}") : null;
    }

    /// <summary>
    /// Floating IPs that lead to a port lead nowhere without it, local IPs do not mean it any longer, and its ND
    /// proxies and logs end.
    /// </summary>
    public static Decision ReleaseDependents(this Decision decision, Port deleted, DecideContext context)
    {
        foreach (var ip in LocalIpsOf(deleted, context))
            decision.Update(LocalIp.Type, ip.Value.Without(deleted.Id), ip);
        if (deleted.FixedIps.Any(ip => ip.IpAddress.Version() == 6))
        {
            foreach (var proxy in context.Referrers(Port.Type.Key(deleted.Id), NdpProxy.Type, int.MaxValue))
                decision.Delete(NdpProxy.Type, proxy);
        }
        return decision.Release(deleted, _ => true, context).DeleteLogsOf(Port.Type.Key(deleted.Id), context);
    }

    /// <summary>An error for a port whose address is a local IP.</summary>
    public static ApiError? CheckLocalIps(Port port, DecideContext context) =>
        LocalIpsOf(port, context).Any(ip => ip.Value.LocalPortId == port.Id)
            ? Errors.ServicePortInUse(port.Id, "still referenced by Local IPs")
            : null;

    private static IReadOnlyList<Stamped<LocalIp>> LocalIpsOf(Port port, DecideContext context) =>
        port.FixedIps.IsEmpty ? [] : context.Referrers(Port.Type.Key(port.Id), LocalIp.Type, int.MaxValue);

    /// <summary>
    /// With the addresses of a port, those of its router change, and port forwardings to what it has no longer end;
    /// with its host, floating IPs move that lead to it.
    /// </summary>
    public static Decision MoveDependents(this Decision decision, Port before, Port after, DecideContext context)
    {
        var keepsAddresses = before.FixedIps.SequenceEqual(after.FixedIps);
        var keepsMac = before.MacAddress == after.MacAddress;
        if (!(keepsAddresses && keepsMac) && DeviceOwner.IsRouter(after.DeviceOwner)
            && context.Read(Router.Type, after.DeviceId) is { } router)
            decision.Update(Router.Type, Follow(router.Value, after), router);
        if (!keepsMac && after.DeviceOwner == DeviceOwner.FloatingIp
            && context.Read(FloatingIp.Type, after.DeviceId) is { } held && held.Value.FloatingPortId == after.Id)
            decision.ChangeFloatingIp(held.Value with { MacAddress = after.MacAddress }, held);
        var left = after.FixedIps.Select(ip => ip.IpAddress).ToHashSet();
        if (!keepsAddresses)
            return decision.Release(after, address => !left.Contains(address), context);
        return before.HostId == after.HostId && before.IsBound == after.IsBound
            ? decision
            : decision.MoveFloatingIps(after, context);
    }

    private static Router Follow(Router router, Port port) => router with
    {
        Gateway = router.Gateway?.PortId == port.Id
            ? router.Gateway with { FixedIps = port.FixedIps, MacAddress = port.MacAddress }
            : router.Gateway,
        Interfaces =
        [
            .. router.Interfaces.Select(one => one.PortId == port.Id ? one with { FixedIps = port.FixedIps } : one),
        ],
    };

    /// <param name="isLost">Which addresses of the port are gone.</param>
    private static Decision Release(
        this Decision decision, Port port, Func<IPAddress, bool> isLost, DecideContext context)
    {
        var key = Port.Type.Key(port.Id);
        var forwardings = context.Referrers(key, PortForwarding.Type)
            .Select(found => new Stamped<PortForwarding>((PortForwarding)found.Value, found.Revision))
            .Where(forwarding => isLost(forwarding.Value.InternalIpAddress))
            .ToList();
        foreach (var forwarding in forwardings)
            decision.Delete(PortForwarding.Type, forwarding);
        foreach (var ofOne in forwardings.Select(found => found.Value).GroupBy(one => one.FloatingIpId))
        {
            if (context.Read(FloatingIp.Type, ofOne.Key) is { } ip)
                decision.ChangeFloatingIp(ip.Value.WithoutForwardings([.. ofOne.Select(one => one.Id)]), ip);
        }
        foreach (var ip in context.Referrers<FloatingIp>(key, FloatingIp.Type).Where(ip => ip.Value.PortId == port.Id))
        {
            if (isLost(ip.Value.FixedIpAddress!))
                decision.ChangeFloatingIp(ip.Value.Disassociated(), ip);
            else
                decision.MoveFloatingIp(ip, port, context);
        }
        return decision;
    }
}
