using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Alcor.OpenFlow;

namespace Alcor.Agent.Services;

/// <summary>
/// Who is who in the service namespace of a host. Machines of different networks may have one address there is; here
/// each has another, which says its port and which of its addresses.
/// </summary>
public static class ServiceAddresses
{
    public const ushort MetadataPort = 80;
    public const ushort DnsPort = 53;

    /// <summary>Of one port; beside 14 bits of its key there is room for so many.</summary>
    public const int AddressesMax = 1 << NumberBits;

    private const int NumberBits = 8;

    /// <summary>
    /// Every machine asks for metadata there, whatever its network; in the namespace it is the only address (RFC 3927,
    /// Amazon EC2).
    /// </summary>
    public static readonly IPAddress Service = new([169, 254, 169, 254]);

    /// <summary>And there over IPv6 (Neutron's metadata over IPv6), where it asks for names as well.</summary>
    public static readonly IPAddress LinkLocalService = IPAddress.Parse("fe80::a9fe:a9fe");

    /// <summary>What the switch makes of <see cref="LinkLocalService"/>: in the namespace, IPv6 has this address alone
    /// (RFC 4193).</summary>
    public static readonly IPAddress Ipv6Service = IPAddress.Parse("fda1:c000:a9fe::a9fe");

    /// <summary>As <see cref="Clients"/>, of IPv6.</summary>
    public static readonly IPNetwork Ipv6Clients = IPNetwork.Parse("fda1:c000:a9fe:1::/64");

    /// <summary>As <see cref="Gateway"/>, of IPv6.</summary>
    public static readonly IPAddress Ipv6Gateway = IPAddress.Parse("fe80::1");

    /// <summary>Machines seem to be in it (RFC 6598); just as many as there are keys and numbers.</summary>
    public static readonly IPNetwork Clients = new(new IPAddress([100, 64, 0, 0]), 10);

    /// <summary>By which the namespace sends back. Nobody is there: the frame is for the switch.</summary>
    public static readonly IPAddress Gateway = new([169, 254, 0, 1]);

    public static readonly MacAddress ServiceMac = new(0xfe_a1_c0_00_00_50);

    public static readonly MacAddress GatewayMac = new(0xfe_a1_c0_00_00_01);

    /// <summary>Where a machine asks for metadata, over the same version of IP as an address of it.</summary>
    public static IPAddress MetadataFor(IPAddress client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.AddressFamily == AddressFamily.InterNetwork ? Service : LinkLocalService;
    }

    /// <summary>Where the namespace is asked, likewise.</summary>
    public static IPAddress ServiceFor(IPAddress client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.AddressFamily == AddressFamily.InterNetwork ? Service : Ipv6Service;
    }

    /// <summary>As <see cref="Client"/>, by the link-local IPv6 address that a port has.</summary>
    public static IPAddress LinkLocalClient(uint key)
    {
        var bytes = Ipv6Clients.BaseAddress.GetAddressBytes();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), key);
        return new IPAddress(bytes);
    }

    /// <summary>The address by which a machine is known in the namespace.</summary>
    /// <param name="key">Of its port, at most <see cref="Pipeline.PortKey.Max"/>.</param>
    /// <param name="number">Which of the addresses of the port, below <see cref="AddressesMax"/>.</param>
    public static IPAddress Client(uint key, int number)
    {
        var bytes = Clients.BaseAddress.GetAddressBytes();
        var first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, first | key << NumberBits | (uint)number);
        return new IPAddress(bytes);
    }
}
