using System.Collections.Immutable;
using System.Globalization;

namespace Alcor.Network.Quotas;

/// <summary>How many resources of a type a project may have.</summary>
/// <param name="Type">Neutron's name of the quota, which is that of the type.</param>
/// <param name="Limit">Not negative, or <see cref="ProjectQuota.Unlimited"/>.</param>
public readonly record struct QuotaLimit(string Type, long Limit)
{
    /// <summary>Neutron's, in the order in which it shows them, and those of what only Alcor has.</summary>
    public static readonly ImmutableArray<QuotaLimit> Defaults =
    [
        new("network", 100),
        new("subnet", 100),
        new("subnetpool", ProjectQuota.Unlimited),
        new("port", 500),
        new("router", 10),
        new("floatingip", 50),
        new("rbac_policy", 10),
        new("security_group", 10),
        new("security_group_rule", 100),
        new("trunk", ProjectQuota.Unlimited),
        new("network_acl", 10),
        new("network_acl_rule", 100),
    ];

    /// <summary>The first ones, with the numbers that the second ones say; the last of them for a type holds.</summary>
    public static ImmutableArray<QuotaLimit> Override(
        ImmutableArray<QuotaLimit> limits, ImmutableArray<QuotaLimit> numbers) =>
        [.. limits.Select(limit => numbers.LastOrDefault(number => number.Type == limit.Type, limit))];

    /// <summary>Reads <c>network=200</c>.</summary>
    /// <exception cref="FormatException">There is no such type, or it is not a number from -1.</exception>
    public static QuotaLimit Parse(string text)
    {
        if (text.Split('=') is not [var type, var number] || Defaults.All(known => known.Type != type))
        {
            throw new FormatException(
                $"'{text}' is not type=number; the types are {string.Join(", ", Defaults.Select(d => d.Type))}");
        }
        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit)
            && limit is >= ProjectQuota.Unlimited and <= ProjectQuota.LimitMax
                ? new QuotaLimit(type, limit)
                : throw new FormatException(
                    $"'{number}' is not a number from {ProjectQuota.Unlimited} to {ProjectQuota.LimitMax}");
    }
}
