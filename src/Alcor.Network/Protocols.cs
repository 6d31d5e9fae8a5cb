using Alcor.Kernel.Resources;
using Alcor.Network.SecurityGroups;

namespace Alcor.Network;

/// <summary>Protocols over IP by the names that routers and floating IPs know them by.</summary>
internal static class Protocols
{
    public const string Tcp = "tcp";

    public const string Udp = "udp";

    public static readonly string[] All = ["dccp", "icmp", "ipv6-icmp", "sctp", Tcp, Udp];

    /// <summary>One of them; what is no protocol at all is another error than what is another one.</summary>
    public static readonly Schema<string> Schema = Schemas.OneOf(All).Converted(json =>
        IpProtocols.Normalise(Schemas.Print(json)) is not null
            ? null
            : $"IP protocol '{Schemas.Print(json)}' is not supported. Only protocol names and their integer "
                + "representation (0 to 255) are supported");
}
