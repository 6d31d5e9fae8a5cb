using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Ports;

/// <summary>The names of ports, as Neutron makes them of dns_name and of the cloud's own domain.</summary>
internal static class PortNames
{
    /// <summary>The names that a port asks for: those of the request, or else what it has.</summary>
    /// <returns>Null where nothing but defaults is there to be kept.</returns>
    public static Result<PortDns?> Choose(Body body, PortDns? earlier, NetworkSettings settings)
    {
        var cloud = settings.QualifiedDnsDomain;
        // In a cloud without a domain of its own, Neutron takes names and forgets them.
        if (cloud is "" or PortDns.DefaultDomain)
            return cloud.Length > 0 ? (PortDns?)null : new PortDns(null, null, cloud);
        var name = body.Get(PortAttributes.DnsName, earlier?.Name ?? "");
        var domain = body.Get(PortAttributes.DnsDomain, earlier?.Domain ?? "");
        if (body.Has(PortAttributes.DnsName) && CheckName(name, cloud) is { } reason)
            return ApiError.InvalidInput(PortAttributes.DnsName.Name, reason);
        return new PortDns(NullIfEmpty(name), NullIfEmpty(domain), cloud);
    }

    public static ImmutableArray<DnsAssignment> Of(Port port)
    {
        if (port.FixedIps.IsDefaultOrEmpty)
            return [];
        var domain = port.Dns?.CloudDomain ?? PortDns.DefaultDomain;
        return [.. port.FixedIps.Select(ip => Assign(ip, port.Dns?.Name, domain))];
    }

    private static DnsAssignment Assign(FixedIp ip, string? name, string domain)
    {
        var host = name ?? $"host-{ip.IpAddress.ToString().Replace('.', '-').Replace(':', '-')}";
        return new DnsAssignment(
            host, ip.IpAddress, host.EndsWith('.') || domain.Length == 0 ? host : $"{host}.{domain}");
    }

    private static string? CheckName(string name, string cloud)
    {
        if (name.Length == 0)
            return null;
        var whole = $".{cloud}";
        if (name.EndsWith('.'))
        {
            return name.Length > whole.Length && name.EndsWith(whole, StringComparison.Ordinal)
                ? null
                : "The dns_name passed is a FQDN. Its higher level labels must be equal to the dns_domain option, "
                    + $"that has been set to '{cloud}'";
        }
        return name.Length + whole.Length > DnsSchemas.FqdnMax
            ? $"The dns_name passed is a PQDN and its size is '{name.Length}'. Together with the dns_domain {cloud} "
                + $"it exceeds the maximum size of '{DnsSchemas.FqdnMax}'"
            : null;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
