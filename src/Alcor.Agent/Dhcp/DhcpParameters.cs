using System.Buffers.Binary;
using System.Net;
using Alcor.Agent.Desired;

namespace Alcor.Agent.Dhcp;

/// <summary>The options of an answer, most important first (RFC 2132, RFC 3442).</summary>
internal static class DhcpParameters
{
    public static IEnumerable<DhcpOption> All(
        DhcpMessageType type, DhcpOffer offer, DhcpBinding binding, DhcpMessage request)
    {
        var subnet = offer.Subnet;
        yield return new(DhcpOptionCode.MessageType, new[] { (byte)type });
        yield return new(DhcpOptionCode.ServerIdentifier,
            (subnet.Gateway ?? DhcpResponder.NamelessServer).GetAddressBytes());
        if (request.MessageType != DhcpMessageType.Inform)
        {
            foreach (var time in Times((uint)binding.LeaseTime.TotalSeconds))
                yield return time;
        }
        yield return new(DhcpOptionCode.SubnetMask, Mask(subnet.Cidr));
        // Unasked too: a guest that assumes 1500 loses long packets without a word.
        yield return new(DhcpOptionCode.InterfaceMtu, Number(binding.Mtu));
        var wanted = request.Option(DhcpOptionCode.ParameterRequestList);
        bool Wants(byte code) => wanted is not { } list || list.Span.Contains(code);
        var routes = Routes(subnet);
        // A client that takes classless routes ignores the router option (RFC 3442), so both say the default route.
        if (routes.Length > 0 && Wants(DhcpOptionCode.ClasslessRoutes))
            yield return new(DhcpOptionCode.ClasslessRoutes, routes);
        if (routes.Length > 0 && wanted is { } named && named.Span.Contains(DhcpOptionCode.MicrosoftClasslessRoutes))
            yield return new(DhcpOptionCode.MicrosoftClasslessRoutes, routes);
        if (subnet.Gateway is { } gateway && Wants(DhcpOptionCode.Router))
            yield return new(DhcpOptionCode.Router, gateway.GetAddressBytes());
        if (subnet.NameServers.Count > 0 && Wants(DhcpOptionCode.DomainNameServer))
            yield return new(DhcpOptionCode.DomainNameServer,
                subnet.NameServers.SelectMany(server => server.GetAddressBytes()).ToArray());
        if (wanted is { } asked && asked.Span.Contains(DhcpOptionCode.BroadcastAddress))
            yield return new(DhcpOptionCode.BroadcastAddress, Broadcast(subnet.Cidr));
    }

    private static IEnumerable<DhcpOption> Times(uint seconds) =>
    [
        new(DhcpOptionCode.LeaseTime, Number(seconds)),
        // The proportions of RFC 2131 section 4.4.5.
        new(DhcpOptionCode.RenewalTime, Number(seconds / 2)),
        new(DhcpOptionCode.RebindingTime, Number((uint)(seconds * 7L / 8))),
    ];

    /// <summary>
    /// Width, significant bytes of the destination, next hop; the default route comes with the gateway.
    /// </summary>
    private static byte[] Routes(SubnetValue subnet)
    {
        var bytes = new List<byte>();
        var hasDefault = false;
        foreach (var route in subnet.Routes)
        {
            hasDefault |= route.Destination.PrefixLength == 0;
            Add(bytes, route.Destination, route.NextHop);
        }
        if (subnet.Gateway is { } gateway && !hasDefault)
            Add(bytes, new IPNetwork(IPAddress.Any, 0), gateway);
        return [.. bytes];
    }

    private static void Add(List<byte> bytes, IPNetwork destination, IPAddress nextHop)
    {
        bytes.Add((byte)destination.PrefixLength);
        bytes.AddRange(destination.BaseAddress.GetAddressBytes()[..((destination.PrefixLength + 7) / 8)]);
        bytes.AddRange(nextHop.GetAddressBytes());
    }

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
