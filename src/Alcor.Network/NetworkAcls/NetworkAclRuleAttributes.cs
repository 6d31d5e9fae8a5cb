using Alcor.Kernel.Resources;

namespace Alcor.Network.NetworkAcls;

/// <summary>The attributes of a rule of a network ACL in Alcor's own API.</summary>
public static class NetworkAclRuleAttributes
{
    /// <summary>Characters of a protocol or a block of addresses: longer than the longest.</summary>
    private const int WordMax = 64;

    public static readonly Attribute<NetworkAclRule, string> Id =
        new("id", Schemas.Uuid, "The UUID of the rule.") { Read = rule => rule.Value.Id };

    public static readonly Attribute<NetworkAclRule, string> NetworkAclId =
        new("network_acl_id", Schemas.Uuid, "The network ACL that it belongs to.")
        {
            Read = rule => rule.Value.NetworkAclId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<NetworkAclRule, string> ProjectId =
        new("project_id", Schemas.Text(CommonAttributes.TextMax), "The project that owns the network ACL.")
        {
            Read = rule => rule.Value.ProjectId,
        };

    public static readonly Attribute<NetworkAclRule, long> Number =
        new(
            "number",
            Schemas.Integer(1, NetworkAclRule.NumberMax),
            "Its place: of the rules of a direction that match, the one with the lowest number decides. Each number is "
            + "there at most once in a network ACL and direction.")
        {
            Read = rule => rule.Value.Number,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly Attribute<NetworkAclRule, string> Direction =
        new(
            "direction",
            Schemas.OneOf(NetworkAclRule.Ingress, NetworkAclRule.Egress),
            "Whether it decides on what enters the subnets or on what leaves them.")
        {
            Read = rule => rule.Value.Direction,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<NetworkAclRule, string> Action =
        new(
            "action",
            Schemas.OneOf(NetworkAclRule.Allow, NetworkAclRule.Deny),
            "What happens to traffic that it matches.")
        {
            Read = rule => rule.Value.Action,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly Attribute<NetworkAclRule, string> EtherType =
        new("ethertype", Schemas.OneOf(NetworkAclRule.Ipv4, NetworkAclRule.Ipv6), "The version of IP that it matches.")
        {
            Read = rule => rule.Value.EtherType,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = NetworkAclRule.Ipv4,
        };

    public static readonly Attribute<NetworkAclRule, string?> Protocol =
        Word("protocol", "The IP protocol, by name or number; null: any.", rule => rule.Protocol);

    public static readonly Attribute<NetworkAclRule, string?> Cidr = Word(
        "cidr", "Where traffic comes from (ingress) or goes to (egress); null: anywhere.", rule => rule.Cidr);

    public static readonly Attribute<NetworkAclRule, long?> PortRangeMin = Optional(
        "port_range_min",
        "The lowest destination port, of a protocol that has ports; null, as the highest: any.",
        (1, ushort.MaxValue),
        rule => rule.PortRangeMin);

    public static readonly Attribute<NetworkAclRule, long?> PortRangeMax = Optional(
        "port_range_max", "The highest destination port.", (1, ushort.MaxValue), rule => rule.PortRangeMax);

    public static readonly Attribute<NetworkAclRule, long?> IcmpType = Optional(
        "icmp_type", "The type, of ICMP and ICMPv6; null: any.", (0, byte.MaxValue), rule => rule.IcmpType);

    public static readonly Attribute<NetworkAclRule, long?> IcmpCode = Optional(
        "icmp_code", "The code of the type; null: any.", (0, byte.MaxValue), rule => rule.IcmpCode);

    public static readonly Attribute<NetworkAclRule, string> Description =
        CommonAttributes.Description<NetworkAclRule>(rule => rule.Description);

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, NetworkAclId, ProjectId, Number, Direction, Action, EtherType, Protocol, Cidr, PortRangeMin, PortRangeMax,
        IcmpType, IcmpCode, Description,
        CommonAttributes.CreatedAt<NetworkAclRule>(rule => rule.CreatedAt),
        CommonAttributes.UpdatedAt<NetworkAclRule>(rule => rule.UpdatedAt),
        CommonAttributes.RevisionNumber<NetworkAclRule>(),
    ];

    private static Attribute<NetworkAclRule, string?> Word(
        string name, string description, Func<NetworkAclRule, string?> read) =>
        new(name, Schemas.Nullable(Schemas.Text(WordMax)), description)
        {
            Read = rule => read(rule.Value),
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    private static Attribute<NetworkAclRule, long?> Optional(
        string name, string description, (long Minimum, long Maximum) bounds, Func<NetworkAclRule, int?> read) =>
        new(name, Schemas.NullableValue(Schemas.Integer(bounds.Minimum, bounds.Maximum)), description)
        {
            Read = rule => read(rule.Value),
            InCreate = Presence.Optional,
            InUpdate = true,
        };
}
