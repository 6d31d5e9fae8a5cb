using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Reachability.Tests;

/// <summary>
/// Few numbers of each kind, so that rules and packets often meet, and often miss each other by one.
/// </summary>
internal static class Pools
{
    public static readonly int[] ServicePorts = [22, 80, 81, 443, 1000, 1023, 1024, 65535];
    public static readonly int[] ClientPorts = [22, 1024, 40000, 40001];
    public static readonly int[] OtherProtocols = [47, 50, 112];
    public static readonly int[] IcmpTypes = [8, 8, 8, 0, 13];

    /// <summary>Solicitation, advertisement, redirect (RFC 4861).</summary>
    public static readonly int[] RouterTypes = [133, 134, 137];

    public static readonly int[] Icmpv6Types = [128, 128, 128, 129];

    /// <summary>
    /// Networks that a cloud may have; the first two share their addresses and, of two encapsulations, their VNI.
    /// </summary>
    public static readonly int[] Networks = [0, 1, 2, 3];

    public static string TypeOf(int network) => network % 2 == 0 ? "vxlan" : "geneve";

    public static int VniOf(int network) => 100 + network / 2;

    public static string Ipv4Cidr(int network) => $"10.0.{Math.Max(1, network)}.0/24";

    public static string Ipv6Cidr(int network) => $"2001:db8:0:{Math.Max(1, network)}::/64";

    public static string SecondCidr(int network) => $"10.1.{Math.Max(1, network)}.0/24";

    public static IPAddress SecondOf(int network, int number) =>
        IPNetwork.Parse(SecondCidr(network)).BaseAddress.Plus(number);

    public static IPAddress Ipv4Of(int network, int number) =>
        IPNetwork.Parse(Ipv4Cidr(network)).BaseAddress.Plus(number);

    public static IPAddress Ipv6Of(int network, int number) =>
        IPNetwork.Parse(Ipv6Cidr(network)).BaseAddress.Plus(number);

    /// <summary>What the API makes the gateway of a subnet whose owner names none.</summary>
    public static IPAddress GatewayOf(int network, int version) =>
        version == 4 ? Ipv4Of(network, 1) : Ipv6Of(network, 0);

    public static MacAddress MacOf(int port) => new(0xfa_16_3e_00_00_00UL + (ulong)port);

    public static T Pick<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>Of no port: of allowed address pairs, or of nobody.</summary>
    public static readonly MacAddress[] OtherMacs =
        [MacOf(0xff0050), MacOf(0xff0051), MacOf(0xff0052), MacOf(0xff0099)];

    public static bool Chance(this Random random, int percent) => random.Next(100) < percent;

    private static IPAddress Plus(this IPAddress address, int number) =>
        (address.ToNumber() + (UInt128)number).ToAddress(address.AddressFamily);
}
