using System.Globalization;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.SecurityGroups;

/// <summary>The attributes of a security group rule in the Networking API v2.0.</summary>
public static class SecurityGroupRuleAttributes
{
    /// <summary>Characters of a UUID, which is all that Neutron asks of the id of a group.</summary>
    private const int GroupIdMax = 36;

    public static readonly Attribute<SecurityGroupRule, string> Id =
        new("id", Schemas.Uuid, "The UUID of the rule.") { Read = rule => rule.Value.Id };

    public static readonly Attribute<SecurityGroupRule, string> ProjectId =
        CommonAttributes.ProjectId<SecurityGroupRule>(r => r.ProjectId);

    public static readonly Attribute<SecurityGroupRule, string> SecurityGroupId =
        new("security_group_id", Schemas.Text(GroupIdMax), "The security group that it belongs to.")
        {
            Read = rule => rule.Value.SecurityGroupId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<SecurityGroupRule, string> EtherType =
        new("ethertype", SecurityGroupSchemas.EtherType, "IPv4 or IPv6.")
        {
            Read = rule => rule.Value.EtherType,
            InCreate = Presence.Optional,
            Default = SecurityGroupRule.Ipv4,
        };

    public static readonly Attribute<SecurityGroupRule, string> Direction =
        new(
            "direction",
            Schemas.OneOf(SecurityGroupRule.Ingress, SecurityGroupRule.Egress),
            "Whether it allows what a port receives or what it sends.")
        {
            Read = rule => rule.Value.Direction,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<SecurityGroupRule, string?> Protocol =
        Word("protocol", "The IP protocol, by name or number; null: any.", rule => rule.Protocol);

    public static readonly Attribute<SecurityGroupRule, string?> PortRangeMin =
        Port("port_range_min", "The lowest port, or the type of ICMP.", rule => rule.PortRangeMin);

    public static readonly Attribute<SecurityGroupRule, string?> PortRangeMax =
        Port("port_range_max", "The highest port, or the code of ICMP.", rule => rule.PortRangeMax);

    public static readonly Attribute<SecurityGroupRule, string?> RemoteIpPrefix =
        Word("remote_ip_prefix", "Where the other end is; null: anywhere.", rule => rule.RemoteIpPrefix);

    public static readonly Attribute<SecurityGroupRule, string?> RemoteAddressGroupId = Word(
        "remote_address_group_id",
        "The address group that the other end is in.",
        rule => rule.RemoteAddressGroupId);

    public static readonly Attribute<SecurityGroupRule, string?> RemoteGroupId =
        Word("remote_group_id", "The security group that the other end is in.", rule => rule.RemoteGroupId);

    public static readonly Attribute<SecurityGroupRule, string?> NormalizedCidr =
        new("normalized_cidr", SecurityGroupSchemas.Word, "The remote_ip_prefix with its host bits zero.")
        {
            Read = rule => rule.Value.RemoteIpPrefix is { } text && AddressPrefix.TryParse(text, out var prefix)
                ? prefix.Network.ToString()
                : null,
        };

    public static readonly Attribute<SecurityGroupRule, string?> Description =
        new("description", SecurityGroupSchemas.Description, "A description for people; null: the group came with it.")
        {
            Read = rule => rule.Value.Description,
            InCreate = Presence.Optional,
            Default = "",
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, CommonAttributes.TenantId<SecurityGroupRule>(r => r.ProjectId), SecurityGroupId, EtherType, Direction,
        Protocol, PortRangeMin, PortRangeMax, RemoteIpPrefix, RemoteAddressGroupId, NormalizedCidr, RemoteGroupId,
        Description,
        CommonAttributes.CreatedAt<SecurityGroupRule>(r => r.CreatedAt),
        CommonAttributes.UpdatedAt<SecurityGroupRule>(r => r.UpdatedAt),
        CommonAttributes.RevisionNumber<SecurityGroupRule>(),
        ProjectId,
    ];

    private static Attribute<SecurityGroupRule, string?> Word(
        string name, string description, Func<SecurityGroupRule, string?> read) =>
        new(name, SecurityGroupSchemas.Word, description)
        {
            Read = rule => read(rule.Value),
            InCreate = Presence.Optional,
        };

    private static Attribute<SecurityGroupRule, string?> Port(
        string name, string description, Func<SecurityGroupRule, int?> read) =>
        new(name, SecurityGroupSchemas.Number, description)
        {
            Read = rule => read(rule.Value)?.ToString(CultureInfo.InvariantCulture),
            InCreate = Presence.Optional,
        };
}
