namespace Alcor.Network;

/// <summary>Protocols over IP by the names that routers and floating IPs know them by.</summary>
internal static class Protocols
{
    public const string Tcp = "tcp";

    public const string Udp = "udp";

    public static readonly string[] All = ["dccp", "icmp", "ipv6-icmp", "sctp", Tcp, Udp];
}
