using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Services;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

/// <summary>Renders what the host of a port does for it.</summary>
internal static class PortRenderer
{
    public static EntryRendering Render(HostModel model, EntryAddress address, PortValue port)
    {
        var served = Serve(model, address, port);
        if (port.SubPort is not { ParentId: var parent } || model.ParentAt(parent) is not { } number)
            return served;
        // Served or not, what is in its VLAN is not its parent's.
        var apart = SubPorts.KeepApart(number).Select(flow => flow with { Cookie = Cookies.Of(address.Key) });
        return served with { Flows = [.. served.Flows, .. apart] };
    }

    private static EntryRendering Serve(HostModel model, EntryAddress address, PortValue port)
    {
        var network = model.Network(port.NetworkId);
        if (EntryRenderer.Obstacle(model, network, port.NetworkId) is { } obstacle)
            return new([], obstacle);
        var (attached, detached) = model.Attach(address, port);
        if (attached is not { Key: var key } attachment)
            return new([], detached);
        if (!port.AdminStateUp || network?.Value is not { AdminStateUp: true } value)
            return EntryRendering.Nothing;
        var (cookie, number) = (Cookies.Of(address.Key), model.NumberOf(value)!.Value);
        var (policy, first) = (model.Qos.PolicyOf(port), FirstOf(port));
        var flows = new List<Flow>
        {
            Classify.FromPort(attachment, number, Limits.First(policy, first), cookie),
            Forwarding.Local(number, port.Mac, key, cookie),
        };
        if (attachment.Vlan != 0)
            flows.AddRange(SubPorts.Output(attachment, cookie));
        flows.AddRange(Protect(model.Security, port, key, cookie));
        var isOutside = value.PhysicalNetwork is not null;
        flows.AddRange(EntryRenderer.AddressesOf(port.Mac, [.. port.Addresses.Select(ip => ip.Address)])
            .Select(ip => OwnAddress(key, ip, isOutside) with { Cookie = cookie }));
        if (RouterAdvertisements.Of(model, network, port.DnsDomain, HostServices.None).Any())
            flows.Add(RouterDiscovery.Punt(key, cookie));
        Func<Guid, SubnetValue?> subnets = network.Subnets.GetValueOrDefault;
        if (DhcpBinding.Of(port, value, subnets, TimeSpan.Zero, HostServices.None) is { } binding)
        {
            flows.Add(DhcpPunt.Ipv4(key, cookie));
            flows.AddRange(binding.Servers
                .Select(server => ArpResponder.DhcpServer(key, Ipv4Address.From(server), cookie)));
        }
        if (Dhcpv6Binding.Of(port, value, subnets, TimeSpan.Zero, HostServices.None) is not null)
            flows.Add(DhcpPunt.Ipv6(key, cookie));
        flows.AddRange(NetworkAcls.Ask(key, model.BoundariesOf(port), cookie));
        flows.AddRange(policy is null ? [] : Serve(key, policy, first, cookie));
        flows.AddRange(ServiceRenderer.Render(model, address, port, key).Select(flow => flow with { Cookie = cookie }));
        var problem = NotTold(port) ?? NetworkRenderer.MissingTunnel(model, value) ?? Missing(model, port)
            ?? NetworkAclRenderer.Problem(model, port);
        return new([.. flows.DistinctBy(flow => flow.Key)], problem)
        {
            Meters = policy is null ? [] : [.. Limits.Meters(key, policy)],
        };
    }

    /// <summary>
    /// What a machine sends passes the tables that answer it before it is forwarded; before those, if port security is
    /// enabled, the one that looks where it says it comes from.
    /// </summary>
    private static byte FirstOf(PortValue port) => port.IsUnprotected ? Tables.Arp : Tables.AntiSpoof;

    private static IEnumerable<Flow> Serve(uint key, QosPolicyValue policy, byte first, ulong cookie) =>
        Limits.Of(key, policy, first, cookie).Concat(policy.Dscp is { } mark ? Marking.Of(key, mark, cookie) : []);

    private static IEnumerable<Flow> Protect(SecurityModel model, PortValue port, uint key, ulong cookie)
    {
        var protection = model.ProtectionOf(port);
        var flows = Conntrack.FromPort(key, protection, cookie).Concat(Conntrack.ToPort(key, protection, cookie));
        return protection == Protection.None
            ? flows
            : flows.Concat(AntiSpoof.Of(key, port, cookie))
                .Concat(SecurityGroups.Ask(key, port.SecurityGroups, cookie));
    }

    private static Flow OwnAddress(uint key, IPAddress address, bool isOutside) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? ArpResponder.OwnAddress(key, Ipv4Address.From(address), isOutside)
            : NeighborDiscovery.OwnAddress(key, address, isOutside);

    /// <summary>The port has all else.</summary>
    private static EntryProblem? NotTold(PortValue port) =>
        ExtraOptions.Problem(port) is { } reason ? EntryProblem.Failed(reason) : null;

    /// <summary>
    /// Until all of its groups are known, the port is held to those that are; and until its policy is, to none.
    /// </summary>
    private static EntryProblem? Missing(HostModel model, PortValue port)
    {
        if (!port.IsUnprotected && model.Security.MissingGroup(port) is { } group)
            return EntryProblem.Waiting($"security group {group:D} has not arrived");
        return port.QosPolicy is { } policy && model.Qos.PolicyOf(port) is null
            ? EntryProblem.Waiting($"QoS policy {policy:D} has not arrived")
            : null;
    }
}
