using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

/// <summary>Renders what the host of a port does for it.</summary>
internal static class PortRenderer
{
    public static EntryRendering Render(HostModel model, EntryAddress address, PortValue port)
    {
        var network = model.Network(port.NetworkId);
        if (EntryRenderer.Obstacle(model, network, port.NetworkId) is { } obstacle)
            return new([], obstacle);
        if (!model.Facts.Interfaces.TryGetValue(address.Key.Id, out var ofPort))
            return EntryRendering.Waiting($"interface of port {address.Key.Id:D} is not plugged");
        if (!port.AdminStateUp || network?.Value is not { AdminStateUp: true } value)
            return EntryRendering.Nothing;
        var (cookie, number) = (Cookies.Of(address.Key), model.NumberOf(value)!.Value);
        var flows = new List<Flow>
        {
            Classify.FromPort(ofPort, number, port.IsUnprotected, cookie),
            Forwarding.Local(number, port.Mac, ofPort, cookie),
        };
        flows.AddRange(Protect(model.Security, port, ofPort, cookie));
        var isOutside = value.PhysicalNetwork is not null;
        flows.AddRange(EntryRenderer.AddressesOf(port.Mac, [.. port.Addresses.Select(ip => ip.Address)])
            .Select(ip => OwnAddress(ofPort, ip, isOutside) with { Cookie = cookie }));
        if (RouterAdvertisements.Of(model, network).Any())
            flows.Add(RouterDiscovery.Punt(ofPort, cookie));
        if (DhcpBinding.Of(port, value, network.Subnets.GetValueOrDefault, TimeSpan.Zero) is { } binding)
        {
            flows.Add(DhcpPunt.Ipv4(ofPort, cookie));
            flows.AddRange(binding.Servers
                .Select(server => ArpResponder.DhcpServer(ofPort, Ipv4Address.From(server), cookie)));
        }
        if (Dhcpv6Binding.Of(port, value, network.Subnets.GetValueOrDefault, TimeSpan.Zero) is not null)
            flows.Add(DhcpPunt.Ipv6(ofPort, cookie));
        return new(flows, NotTold(port) ?? Missing(model.Security, port));
    }

    private static IEnumerable<Flow> Protect(SecurityModel model, PortValue port, uint ofPort, ulong cookie)
    {
        var protection = model.ProtectionOf(port);
        var flows = Conntrack.FromPort(ofPort, protection, cookie).Concat(Conntrack.ToPort(ofPort, protection, cookie));
        return protection == Protection.None
            ? flows
            : flows.Concat(AntiSpoof.Of(ofPort, port, cookie))
                .Concat(SecurityGroups.Ask(ofPort, port.SecurityGroups, cookie));
    }

    private static Flow OwnAddress(uint ofPort, IPAddress address, bool isOutside) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? ArpResponder.OwnAddress(ofPort, Ipv4Address.From(address), isOutside)
            : NeighborDiscovery.OwnAddress(ofPort, address, isOutside);

    /// <summary>The port has all else.</summary>
    private static EntryProblem? NotTold(PortValue port) =>
        ExtraOptions.Problem(port) is { } reason ? EntryProblem.Failed(reason) : null;

    /// <summary>Until all of its groups are known, the port is held to those that are.</summary>
    private static EntryProblem? Missing(SecurityModel model, PortValue port) =>
        !port.IsUnprotected && model.MissingGroup(port) is { } group
            ? EntryProblem.Waiting($"security group {group:D} has not arrived")
            : null;
}
