using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.FloatingIps;

/// <summary>The ports that a request names, each alone or as a range; a range goes first.</summary>
internal readonly record struct ForwardedPorts(PortRange External, PortRange Internal)
{
    public static Result<ForwardedPorts> Read(Body body, PortForwarding? current = null)
    {
        var outside = body.Get(PortForwardingAttributes.ExternalPorts)
            ?? PortRange.Of(body.Get(PortForwardingAttributes.ExternalPort))
            ?? current?.ExternalPorts;
        var inside = body.Get(PortForwardingAttributes.InternalPorts)
            ?? PortRange.Of(body.Get(PortForwardingAttributes.InternalPort))
            ?? current?.InternalPorts;
        return outside is { } external && inside is { } within
            ? new ForwardedPorts(external, within)
            : FloatingIpErrors.BadForwarding(
                "external_port or external_port_range, and internal_port or internal_port_range, must be specified");
    }
}

/// <summary>What holds of port forwardings among each other, and of where they lead.</summary>
internal sealed record ForwardingRules(Caller Caller, PartitionView View)
{
    private DecideContext Context => View.Context;

    public ApiError? CheckRanges(PortForwarding forwarding)
    {
        var (inside, outside) = (forwarding.InternalPorts, forwarding.ExternalPorts);
        return inside.Last > inside.First && inside.Last - inside.First != outside.Last - outside.First
            ? FloatingIpErrors.BadForwarding(
                "Invalid ranges of internal and/or external ports. The relation between internal and external ports "
                + "must be N-N or 1-N")
            : null;
    }

    /// <summary>No port is forwarded twice, nor is one forwarded to twice.</summary>
    public ApiError? CheckCollisions(FloatingIp ip, PortForwarding forwarding)
    {
        var inside = Context.Referrers(Port.Type.Key(forwarding.InternalPortId), PortForwarding.Type)
            .Select(found => (PortForwarding)found.Value)
            .Concat(ip.PortForwardings.Where(one => one.InternalPortId == forwarding.InternalPortId))
            .Where(one => one.InternalIpAddress.Equals(forwarding.InternalIpAddress));
        return Collision(inside, forwarding, "internal_port_range", one => one.InternalPorts)
            ?? Collision(ip.PortForwardings, forwarding, "external_port_range", one => one.ExternalPorts);
    }

    /// <summary>Another floating IP must not lead to the whole port already.</summary>
    public ApiError? CheckFloatingIpOf(PortForwarding forwarding) =>
        Context.Referrers(Port.Type.Key(forwarding.InternalPortId), FloatingIp.Type)
            .Select(found => (FloatingIp)found.Value)
            .FirstOrDefault(ip => ip.PortId == forwarding.InternalPortId) is { } bound
            ? FloatingIpErrors.PortHasFloatingIp(bound, forwarding.InternalPortId, forwarding.InternalIpAddress)
            : null;

    /// <summary>The id of the router that it leads through, which is that of the floating IP if it has one.</summary>
    public Result<string> FindRouter(Decision decision, FloatingIp ip, PortForwarding forwarding)
    {
        if (Context.Read(Port.Type, forwarding.InternalPortId) is not { } port
            || !Caller.Sees(Port.Type, port.Value))
            return Port.Type.Api.NotFound(forwarding.InternalPortId);
        var target = TargetOf(port.Value, forwarding);
        if (target.Error is { } wrong)
            return wrong;
        var router = new Association(Caller, View).FindRouter(ip.NetworkId, port.Value, target.Value);
        if (router.Error is not null)
        {
            return FloatingIpErrors.BadForwarding(
                $"External network {ip.NetworkId} is not reachable from subnet {target.Value.SubnetId}. Cannot set "
                + $"Port forwarding for port {port.Value.Id} with Floating IP {ip.Id}");
        }
        if (ip.RouterId is { } other && other != router.Value.Value.Id)
        {
            return FloatingIpErrors.BadForwarding(
                $"The Floating IP {ip.Id} had been set on router {other}, the internal Neutron port {port.Value.Id} "
                + "can not reach it");
        }
        decision.DependsOn(router.Value).DependsOn(port);
        return router.Value.Value.Id;
    }

    /// <summary>After an update, Neutron looks for equal ports before it looks for overlapping ones.</summary>
    public static ApiError? CheckEqual(FloatingIp ip, PortForwarding updated)
    {
        var others = ip.PortForwardings.Where(one => one.Id != updated.Id && one.Protocol == updated.Protocol);
        foreach (var other in others)
        {
            if (other.ExternalPorts == updated.ExternalPorts)
            {
                return Equal(
                    $"{{'floating_ip_address': '{ip.Address}', 'external_port': {other.ExternalPorts.Single}}}");
            }
            if (other.InternalPortId == updated.InternalPortId
                && other.InternalIpAddress.Equals(updated.InternalIpAddress)
                && other.InternalPorts == updated.InternalPorts)
            {
                return Equal(
                    $"{{'internal_port_id': '{other.InternalPortId}', 'internal_ip_address': "
                    + $"'{other.InternalIpAddress}', 'internal_port': {other.InternalPorts.Single}}}");
            }
        }
        return null;
    }

    private static Result<FixedIp> TargetOf(Port port, PortForwarding forwarding)
    {
        var candidates = port.FixedIps.Where(ip => ip.IpAddress.Version() == 4).ToList();
        if (candidates.Count == 0)
        {
            return FloatingIpErrors.BadForwarding(
                $"Requested internal port {port.Id} must allocate an IPv4 address at least.");
        }
        foreach (var ip in candidates.Where(ip => ip.IpAddress.Equals(forwarding.InternalIpAddress)))
            return ip;
        return FloatingIpErrors.BadForwarding(
            $"Requested internal IP address {forwarding.InternalIpAddress} is not suitable for internal neutron port "
            + $"{port.Id}, as its fixed_ips are {Print(candidates)}");
    }

    private static ApiError Equal(string values) => FloatingIpErrors.BadForwarding(
        $"Another port forwarding entry with the same attributes already exists, conflicting values are {values}");

    private static ApiError? Collision(
        IEnumerable<PortForwarding> others,
        PortForwarding forwarding,
        string name,
        Func<PortForwarding, PortRange> ports)
    {
        var wanted = ports(forwarding);
        var other = others.FirstOrDefault(one =>
            one.Id != forwarding.Id && one.Protocol == forwarding.Protocol && ports(one).Overlaps(wanted));
        return other is null
            ? null
            : FloatingIpErrors.BadForwarding(
                $"There is a port collision with the {name}. The following ranges collides: {ports(other)} and "
                + $"{wanted}");
    }

    public static string Print(IEnumerable<FixedIp> ips) =>
        $"[{string.Join(", ", ips.Select(ip => $"{{'subnet_id': '{ip.SubnetId}', 'ip_address': '{ip.IpAddress}'}}"))}]";
}
