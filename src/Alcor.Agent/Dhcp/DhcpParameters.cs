using System.Buffers.Binary;
using System.Net;
using System.Text;
using Alcor.Agent.Desired;
using Alcor.Agent.Services;

namespace Alcor.Agent.Dhcp;

/// <summary>The options of an answer, most important first (RFC 2132, RFC 3442).</summary>
internal static class DhcpParameters
{
    private static readonly IPNetwork Service = new(ServiceAddresses.Service, 32);

    /// <summary>As the next hop of a classless route: the destination is on the link (RFC 3442).</summary>
    private static readonly IPAddress OnLink = IPAddress.Any;

    /// <param name="extra">What the port is told of its own, and instead of what its subnet says.</param>
    public static IEnumerable<DhcpOption> All(
        DhcpMessageType type, DhcpOffer offer, DhcpBinding binding, DhcpMessage request,
        IReadOnlyDictionary<ushort, ReadOnlyMemory<byte>> extra)
    {
        yield return new(DhcpOptionCode.MessageType, new[] { (byte)type });
        yield return new(DhcpOptionCode.ServerIdentifier, offer.Server.GetAddressBytes());
        if (request.MessageType != DhcpMessageType.Inform)
            yield return new(DhcpOptionCode.LeaseTime, Number((uint)binding.LeaseTime.TotalSeconds));
        yield return new(DhcpOptionCode.SubnetMask, Mask(offer.Subnet.Cidr));
        foreach (var option in OfSubnet(offer, binding, request).Where(option => !extra.ContainsKey(option.Code)))
            yield return option;
        // Unasked too: somebody wants this very machine to have it.
        foreach (var (code, value) in extra.OrderBy(option => option.Key))
        {
            if (code < OptionNames.NextServer && !value.IsEmpty)
                yield return new((byte)code, value);
        }
    }

    /// <summary>What the port may be told otherwise.</summary>
    private static IEnumerable<DhcpOption> OfSubnet(DhcpOffer offer, DhcpBinding binding, DhcpMessage request)
    {
        var subnet = offer.Subnet;
        if (request.MessageType != DhcpMessageType.Inform)
        {
            foreach (var time in Times((uint)binding.LeaseTime.TotalSeconds))
                yield return time;
        }
        // Unasked too: a guest that assumes 1500 loses long packets without a word.
        yield return new(DhcpOptionCode.InterfaceMtu, Number(binding.Mtu));
        var wanted = request.Option(DhcpOptionCode.ParameterRequestList);
        bool Asks(byte code) => wanted is { } list && list.Span.Contains(code);
        bool Wants(byte code) => wanted is null || Asks(code);
        var routes = Routes(offer, binding);
        // A client that takes classless routes ignores the router option (RFC 3442), so both say the default route.
        if (routes.Length > 0 && Wants(DhcpOptionCode.ClasslessRoutes))
            yield return new(DhcpOptionCode.ClasslessRoutes, routes);
        if (routes.Length > 0 && Asks(DhcpOptionCode.MicrosoftClasslessRoutes))
            yield return new(DhcpOptionCode.MicrosoftClasslessRoutes, routes);
        if (subnet.Gateway is { } gateway && Wants(DhcpOptionCode.Router))
            yield return new(DhcpOptionCode.Router, gateway.GetAddressBytes());
        var servers = SubnetNameServers.Of(subnet, binding.Services)
            .SelectMany(server => server.GetAddressBytes()).ToArray();
        if (servers.Length > 0 && Wants(DhcpOptionCode.DomainNameServer))
            yield return new(DhcpOptionCode.DomainNameServer, servers);
        if (binding.Domain.Length > 0 && Wants(DhcpOptionCode.DomainName))
            yield return new(DhcpOptionCode.DomainName, Encoding.UTF8.GetBytes(binding.Domain));
        if (binding.Domain.Length > 0 && Asks(DhcpOptionCode.HostName))
            yield return new(DhcpOptionCode.HostName, Encoding.UTF8.GetBytes(HostName(offer, binding)));
        if (Asks(DhcpOptionCode.BroadcastAddress))
            yield return new(DhcpOptionCode.BroadcastAddress, Broadcast(subnet.Cidr));
    }

    /// <summary>A machine has the name of its port, or one that its address makes (Neutron, dns_assignment).</summary>
    private static string HostName(DhcpOffer offer, DhcpBinding binding) => binding.Name.Length > 0
        ? binding.Name.Split('.')[0]
        : $"host-{offer.Address.ToString().Replace('.', '-')}";

    private static IEnumerable<DhcpOption> Times(uint seconds) =>
    [
        // The proportions of RFC 2131 section 4.4.5.
        new(DhcpOptionCode.RenewalTime, Number(seconds / 2)),
        new(DhcpOptionCode.RebindingTime, Number((uint)(seconds * 7L / 8))),
    ];

    /// <summary>Whether the machine is to reach the host by its own address: for metadata, or because the DHCP server
    /// has no other.</summary>
    private static bool NeedsService(DhcpOffer offer, DhcpBinding binding) =>
        binding.Services.HasFlag(HostServices.Metadata)
            || (binding.Services.HasFlag(HostServices.Dns) && offer.Subnet is { Gateway: null, NameServers.Count: 0 });

    /// <summary>
    /// Width, significant bytes of the destination, next hop; the default route comes with the gateway.
    /// </summary>
    private static byte[] Routes(DhcpOffer offer, DhcpBinding binding)
    {
        var subnet = offer.Subnet;
        var routes = subnet.Routes.AsEnumerable();
        if (NeedsService(offer, binding) && !subnet.Routes.Any(route => route.Destination.Equals(Service)))
            routes = routes.Append(new Route(Service, subnet.Gateway ?? OnLink));
        if (subnet.Gateway is { } gateway && routes.All(route => route.Destination.PrefixLength > 0))
            routes = routes.Append(new Route(new IPNetwork(IPAddress.Any, 0), gateway));
        return [.. routes.SelectMany(route => Route(route.Destination, route.NextHop))];
    }

    public static byte[] Route(IPNetwork destination, IPAddress nextHop) =>
    [
        (byte)destination.PrefixLength,
        .. destination.BaseAddress.GetAddressBytes().AsSpan(0, (destination.PrefixLength + 7) / 8),
        .. nextHop.GetAddressBytes(),
    ];

    private static byte[] Mask(IPNetwork cidr) => Number(MaskBits(cidr));

    private static byte[] Broadcast(IPNetwork cidr) =>
        Number(BinaryPrimitives.ReadUInt32BigEndian(cidr.BaseAddress.GetAddressBytes()) | ~MaskBits(cidr));

    private static uint MaskBits(IPNetwork cidr) =>
        cidr.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - cidr.PrefixLength);

    private static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];
}
