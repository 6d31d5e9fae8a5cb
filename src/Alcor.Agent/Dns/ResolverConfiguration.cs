using System.Net;

namespace Alcor.Agent.Dns;

/// <summary>The resolvers of the host, as resolv.conf(5) names them.</summary>
public static class ResolverConfiguration
{
    public const string Path = "/etc/resolv.conf";

    /// <summary>Every address behind the word "nameserver"; a line that makes no sense is none.</summary>
    public static IReadOnlyList<IPEndPoint> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
        [
            .. text.Split('\n')
                .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Select(words => words is ["nameserver", var address, ..] ? address : "")
                .Select(address => IPAddress.TryParse(address, out var parsed) ? parsed : null)
                .OfType<IPAddress>()
                .Select(address => new IPEndPoint(address, Services.ServiceAddresses.DnsPort)),
        ];
    }
}
