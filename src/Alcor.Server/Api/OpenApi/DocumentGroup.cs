using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Alcor.Server.Api.OpenApi;

/// <summary>
/// Operations that the documentation shows together, in the order of <see cref="All"/>. A type that is part of another
/// is in the group of that one, unless it is named itself.
/// </summary>
/// <param name="Members">Names of resource types, and the tags of operations that belong to no collection.</param>
internal sealed record DocumentGroup(string Name, string Description, params ImmutableArray<string> Members)
{
    public const string Discovery = "discovery";

    public static readonly ImmutableArray<DocumentGroup> All =
    [
        new(
            "Networks",
            "The virtual private clouds of projects, what carries them, and how full they are.",
            "network", "segment", "network_segment_range", "network_ip_availability", "auto_allocated_topology"),
        new("Subnets", "Ranges of addresses in networks, and what DHCP says in them.", "subnet"),
        new(
            "Subnet pools",
            "Prefixes that subnets are taken from, and the scopes in which addresses are unique.",
            "subnetpool", "address_scope"),
        new(
            "Addresses",
            "Where MAC addresses come from, and which IP addresses somebody has.",
            "mac_range", "mac_pool", "ip_allocation"),
        new("Ports", "Where devices are plugged into networks, and the hosts that they are on.", "port"),
        new(
            "Security groups",
            "Which traffic ports let through, and the groups of addresses that rules name.",
            "security_group", "security_group_rule", "default_security_group_rule", "address_group"),
        new(
            "Network ACLs",
            "Which traffic may enter and leave subnets, by numbered rules.",
            "network_acl", "network_acl_rule"),
        new("Routers", "What connects subnets, and leads out of them.", "router", "ndp_proxy"),
        new(
            "Floating IPs",
            "Addresses of external networks that lead to ports.",
            "floatingip", "floatingip_pool", "local_ip"),
        new("Quality of service", "Policies of bandwidth and marking.", "qos_policy", "qos_rule_types"),
        new("Trunks", "Ports that carry several networks.", "trunk"),
        new(
            "Metering and logging",
            "Counting and writing down traffic.",
            "metering_label", "metering_label_rule", "log", "loggable_resource"),
        new("Sharing", "With which projects resources are shared.", "rbac_policy"),
        new("Quotas", "How many resources projects may have, and how many they have.", "quotas"),
        new(
            "Flavors",
            "What operators offer, and who provides it.",
            "flavor", "service_profile", "service_provider"),
        new(
            "Hosts",
            "The agents of the hosts, where they are, and what is scheduled to them.",
            "agent", "availability_zone", "node"),
        new("Discovery", "What there is, for clients that look before they ask.", Discovery),
    ];

    /// <summary>The group that a collection is in; its own, without a description, if none names it.</summary>
    public static string Of(ApiCollection collection) =>
        Find(collection.Type.Name)
        ?? (collection.Parent is { } parent ? Find(parent.Name) : null)
        ?? collection.Type.Collection;

    public static string Of(string tag) => Find(tag) ?? tag;

    /// <summary>The <c>tags</c> of a document: the groups that are used, then those that nobody described.</summary>
    public static JsonArray Describe(IEnumerable<string> used)
    {
        var names = used.ToHashSet();
        var described = All.Where(group => names.Remove(group.Name)).Select(group => new JsonObject
        {
            ["name"] = group.Name,
            ["description"] = group.Description,
        }).ToList();
        return [.. described, .. names.Select(name => new JsonObject { ["name"] = name })];
    }

    private static string? Find(string member) => All.FirstOrDefault(group => group.Members.Contains(member))?.Name;
}
