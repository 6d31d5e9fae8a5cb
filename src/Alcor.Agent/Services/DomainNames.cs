using System.Net;

namespace Alcor.Agent.Services;

/// <summary>Names of the domain name system as text: whole, in lower case, without a dot at the end.</summary>
internal static class DomainNames
{
    private const string Prefix = "host-";

    /// <param name="name">Relative or, with a dot at its end, whole.</param>
    /// <param name="domain">Empty: none.</param>
    public static string Whole(string name, string domain) => Lower(
        name.EndsWith('.') || domain.Trim('.').Length == 0 ? name.TrimEnd('.') : $"{name}.{domain.TrimEnd('.')}");

    /// <summary>What Neutron calls an address whose port has no name.</summary>
    public static string Of(IPAddress address) =>
        Prefix + address.ToString().Replace('.', '-').Replace(':', '-');

    /// <summary>The address that is in the first label of a name, if one is.</summary>
    public static IPAddress? AddressIn(string name)
    {
        var label = name.Split('.', 2)[0];
        if (!label.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var text = label[Prefix.Length..];
        var isIpv4 = text.Count(one => one == '-') == 3 && !text.Contains("--", StringComparison.Ordinal);
        // Another way to write the address is another name, which nobody has.
        return IPAddress.TryParse(text.Replace('-', isIpv4 ? '.' : ':'), out var address) && Of(address) == label
            ? address
            : null;
    }

    /// <summary>Whether a name is a domain or in it.</summary>
    public static bool IsWithin(string name, string domain) => domain.Length > 0
        && name.EndsWith(domain, StringComparison.Ordinal)
        && (name.Length == domain.Length || name[^(domain.Length + 1)] == '.');

    public static string Lower(string name)
    {
#pragma warning disable CA1308 // Names are compared without case, and shown in lower case.
        return name.ToLowerInvariant();
#pragma warning restore CA1308
    }
}
