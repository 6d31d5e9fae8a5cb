using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.SecurityGroups;

namespace Alcor.Network.NetworkAcls;

/// <summary>Makes a rule of what a request says of it, or says what is wrong; looks at nothing else.</summary>
internal static class NetworkAclRulePlan
{
    public static Result<NetworkAclRule> Build(string id, NetworkAcl acl, Body body, DateTimeOffset now) =>
        Change(
            new NetworkAclRule(
                id,
                acl.Id,
                acl.ProjectId,
                Number: 0,
                body.Get(NetworkAclRuleAttributes.Direction),
                Action: "",
                NetworkAclRuleAttributes.EtherType.Default,
                Protocol: null,
                Cidr: null,
                PortRangeMin: null,
                PortRangeMax: null,
                IcmpType: null,
                IcmpCode: null,
                Description: "",
                now,
                now),
            body,
            now);

    /// <summary>The rule with what a request names; the rest stays, and all of it has to fit.</summary>
    public static Result<NetworkAclRule> Change(NetworkAclRule rule, Body body, DateTimeOffset now)
    {
        var changed = rule with
        {
            Number = (int)body.Get(NetworkAclRuleAttributes.Number, rule.Number),
            Action = body.Get(NetworkAclRuleAttributes.Action, rule.Action),
            EtherType = body.Get(NetworkAclRuleAttributes.EtherType, rule.EtherType),
            Protocol = body.Get(NetworkAclRuleAttributes.Protocol, rule.Protocol),
            Cidr = body.Get(NetworkAclRuleAttributes.Cidr, rule.Cidr),
            PortRangeMin = (int?)body.Get(NetworkAclRuleAttributes.PortRangeMin, rule.PortRangeMin),
            PortRangeMax = (int?)body.Get(NetworkAclRuleAttributes.PortRangeMax, rule.PortRangeMax),
            IcmpType = (int?)body.Get(NetworkAclRuleAttributes.IcmpType, rule.IcmpType),
            IcmpCode = (int?)body.Get(NetworkAclRuleAttributes.IcmpCode, rule.IcmpCode),
            Description = body.Get(NetworkAclRuleAttributes.Description, rule.Description),
            UpdatedAt = now,
        };
        var named = WithProtocol(changed);
        if (named.Error is not null)
            return named;
        var placed = WithCidr(named.Value);
        if (placed.Error is not null)
            return placed;
        return (CheckPorts(placed.Value) ?? CheckIcmp(placed.Value)) is { } wrong ? wrong : placed;
    }

    public static bool IsNumberTaken(NetworkAclRule rule, Snapshot partition) =>
        partition.Claimed(NetworkAclRule.Space(rule.NetworkAclId, rule.Direction)).Contains((UInt128)rule.Number);

    private static Result<NetworkAclRule> WithProtocol(NetworkAclRule rule)
    {
        if (rule.Protocol is not { } text)
            return rule;
        if (IpProtocols.Normalise(text) is not { } protocol)
            return ApiError.InvalidInput("protocol", $"'{text}' is neither the name nor the number of a protocol");
        if (rule.EtherType == NetworkAclRule.Ipv6)
            return rule with { Protocol = IpProtocols.OfIpv6(protocol) };
        return IpProtocols.IsOfIpv6Only(IpProtocols.NumberOf(protocol))
            ? ApiError.InvalidInput("protocol", $"'{text}' is a protocol of IPv6, and ethertype is {rule.EtherType}")
            : rule with { Protocol = protocol };
    }

    private static Result<NetworkAclRule> WithCidr(NetworkAclRule rule)
    {
        if (rule.Cidr is not { } text)
            return rule;
        if (!AddressText.TryParseBlock(text, out var block))
            return ApiError.InvalidInput("cidr", $"'{text}' is not a block of addresses");
        return block.Version() == (rule.EtherType == NetworkAclRule.Ipv4 ? 4 : 6)
            ? rule with { Cidr = block.ToString() }
            : ApiError.InvalidInput("cidr", $"'{text}' is not {rule.EtherType}, which ethertype says");
    }

    private static ApiError? CheckPorts(NetworkAclRule rule)
    {
        var (lowest, highest) = (rule.PortRangeMin, rule.PortRangeMax);
        if (lowest is null && highest is null)
            return null;
        if (rule.Protocol is not { } protocol || !IpProtocols.HasPorts(IpProtocols.NumberOf(protocol)))
            return ApiError.InvalidInput("port_range_min", $"protocol {rule.Protocol ?? "null"} has no ports");
        if (lowest is null || highest is null)
        {
            return ApiError.InvalidInput(
                lowest is null ? "port_range_min" : "port_range_max", "both ends of a range of ports are needed");
        }
        return lowest <= highest
            ? null
            : ApiError.InvalidInput("port_range_max", $"'{highest}' is below port_range_min, '{lowest}'");
    }

    private static ApiError? CheckIcmp(NetworkAclRule rule)
    {
        if (rule.IcmpType is null && rule.IcmpCode is null)
            return null;
        if (rule.IcmpType is null)
            return ApiError.InvalidInput("icmp_code", "a code is one of a type, and icmp_type is not given");
        return rule.Protocol is { } protocol && IpProtocols.IsIcmp(IpProtocols.NumberOf(protocol))
            ? null
            : ApiError.InvalidInput("icmp_type", $"protocol {rule.Protocol ?? "null"} is not ICMP");
    }
}
