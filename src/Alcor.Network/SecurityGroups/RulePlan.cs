using System.Globalization;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.SecurityGroups;

/// <summary>Makes a rule of what a request says of it, or says what is wrong; looks at nothing else.</summary>
internal static class RulePlan
{
    private static readonly string[] EveryAddress = ["0.0.0.0/0", "::/0"];

    public static Result<SecurityGroupRule> Build(NewResource item, string groupProjectId, DateTimeOffset now)
    {
        var body = item.Body;
        var rule = new SecurityGroupRule(
            item.Id,
            body.Get(SecurityGroupRuleAttributes.SecurityGroupId),
            item.ProjectId,
            groupProjectId,
            body.Get(SecurityGroupRuleAttributes.Description),
            body.Get(SecurityGroupRuleAttributes.Direction),
            EtherType: "",
            Protocol: null,
            PortRangeMin: null,
            PortRangeMax: null,
            RemoteIpPrefix: null,
            Named(body.Get(SecurityGroupRuleAttributes.RemoteGroupId)),
            Named(body.Get(SecurityGroupRuleAttributes.RemoteAddressGroupId)),
            now,
            now);
        return Then(
            rule,
            one => WithEtherType(one, body.Get(SecurityGroupRuleAttributes.EtherType)),
            one => WithProtocol(one, body.Get(SecurityGroupRuleAttributes.Protocol)),
            one => WithPorts(one, body),
            one => WithPrefix(one, Named(body.Get(SecurityGroupRuleAttributes.RemoteIpPrefix))),
            one => Check(one) is { } error ? error : one);
    }

    /// <summary>
    /// What makes two rules of a group the same: the protocol's name or its number, all addresses or none named, are no
    /// difference.
    /// </summary>
    public static object Identity(SecurityGroupRule rule) => (
        rule.Direction,
        rule.EtherType,
        rule.Protocol is { } protocol ? IpProtocols.Canonical(protocol) : null,
        rule.PortRangeMin,
        rule.PortRangeMax,
        EveryAddress.Contains(rule.RemoteIpPrefix) ? null : rule.RemoteIpPrefix,
        (rule.RemoteGroupId, rule.RemoteAddressGroupId));

    private static Result<SecurityGroupRule> Then(
        SecurityGroupRule rule, params ReadOnlySpan<Func<SecurityGroupRule, Result<SecurityGroupRule>>> steps)
    {
        foreach (var step in steps)
        {
            var next = step(rule);
            if (next.Error is not null)
                return next;
            rule = next.Value;
        }
        return rule;
    }

    private static string? Named(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Result<SecurityGroupRule> WithEtherType(SecurityGroupRule rule, string text)
    {
        foreach (var known in (ReadOnlySpan<string>)[SecurityGroupRule.Ipv4, SecurityGroupRule.Ipv6])
        {
            if (text.Equals(known, StringComparison.OrdinalIgnoreCase))
                return rule with { EtherType = known };
        }
        return SecurityGroupErrors.InvalidEtherType(text);
    }

    private static Result<SecurityGroupRule> WithProtocol(SecurityGroupRule rule, string? text)
    {
        if (text is null)
            return rule;
        if (IpProtocols.Normalise(text) is not { } protocol)
            return SecurityGroupErrors.InvalidProtocol(text);
        return rule with
        {
            Protocol = rule.EtherType == SecurityGroupRule.Ipv6 ? IpProtocols.OfIpv6(protocol) : protocol,
        };
    }

    private static Result<SecurityGroupRule> WithPorts(SecurityGroupRule rule, Body body)
    {
        var lowest = ReadPort(body.Get(SecurityGroupRuleAttributes.PortRangeMin));
        if (lowest.Error is { } wrongLowest)
            return wrongLowest;
        var highest = ReadPort(body.Get(SecurityGroupRuleAttributes.PortRangeMax));
        if (highest.Error is { } wrongHighest)
            return wrongHighest;
        // All ports are the same as none named.
        if ((lowest.Value, highest.Value) is (1, ushort.MaxValue))
            return rule;
        var ported = rule with { PortRangeMin = lowest.Value, PortRangeMax = highest.Value };
        return CheckPorts(ported) is { } error ? error : ported;
    }

    private static Result<int?> ReadPort(string? text)
    {
        if (text is null)
            return (int?)null;
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (int?)port
            : SecurityGroupErrors.InvalidPort(text);
    }

    private static ApiError? CheckPorts(SecurityGroupRule rule)
    {
        var (lowest, highest) = (rule.PortRangeMin, rule.PortRangeMax);
        if (lowest is null && highest is null)
            return null;
        if (rule.Protocol is null)
            return SecurityGroupErrors.ProtocolRequired;
        var protocol = IpProtocols.NumberOf(rule.Protocol);
        if (IpProtocols.IsIcmp(protocol))
            return CheckIcmp(lowest, highest);
        if (!IpProtocols.HasPorts(protocol))
            return SecurityGroupErrors.InvalidProtocolForPort(protocol);
        if (lowest == 0 || highest == 0)
            return SecurityGroupErrors.InvalidPort("0");
        return lowest <= highest ? null : SecurityGroupErrors.InvalidPortRange;
    }

    private static ApiError? CheckIcmp(int? type, int? code)
    {
        if (type > byte.MaxValue)
            return SecurityGroupErrors.InvalidIcmp("type", "port_range_min", type.Value);
        if (code > byte.MaxValue)
            return SecurityGroupErrors.InvalidIcmp("code", "port_range_max", code.Value);
        return type is null && code is { } alone ? SecurityGroupErrors.MissingIcmpType(alone) : null;
    }

    private static Result<SecurityGroupRule> WithPrefix(SecurityGroupRule rule, string? text)
    {
        if (text is null)
            return rule;
        if (!AddressPrefix.TryParse(text, out var prefix))
            return SecurityGroupErrors.InvalidCidr(text);
        return prefix.IsIpv4 == (rule.EtherType == SecurityGroupRule.Ipv4)
            ? rule with { RemoteIpPrefix = prefix.ToString() }
            : SecurityGroupErrors.PrefixConflict(rule.EtherType, prefix.ToString());
    }

    private static ApiError? Check(SecurityGroupRule rule)
    {
        if (rule is { EtherType: SecurityGroupRule.Ipv4, Protocol: { } protocol }
            && IpProtocols.IsOfIpv6Only(IpProtocols.NumberOf(protocol)))
            return SecurityGroupErrors.EtherTypeConflict(rule.EtherType, protocol);
        var remotes = new[] { rule.RemoteIpPrefix, rule.RemoteGroupId, rule.RemoteAddressGroupId };
        return remotes.Count(remote => remote is not null) > 1 ? SecurityGroupErrors.MultipleRemotes : null;
    }
}
