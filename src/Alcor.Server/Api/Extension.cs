using System.Collections.Immutable;
using System.Text.Json;

namespace Alcor.Server.Api;

/// <summary>
/// An extension of the Networking API that is wholly there. Clients look for the alias before they use it.
/// </summary>
/// <param name="Updated">When Neutron last changed what the extension is.</param>
/// <param name="Reason">What of ours it stands for.</param>
internal sealed record Extension(string Alias, string Name, string Description, string Updated, string Reason)
{
    /// <summary>What is not whole is not here, since clients count on it; docs/api-coverage.md says why.</summary>
    public static readonly ImmutableArray<Extension> All =
    [
        new(
            "address-group",
            "Address group",
            "Support address group",
            "2020-07-15T10:00:00-00:00",
            "The collection address_groups, add_addresses and remove_addresses."),
        new(
            "auto-allocated-topology",
            "Auto Allocated Topology Services",
            "Auto Allocated Topology Services.",
            "2016-01-01T00:00:00-00:00",
            "auto-allocated-topology, made and deleted in one commit; is_default of networks."),
        new(
            "binding",
            "Port Binding",
            "Expose port bindings of a virtual port to external application",
            "2014-02-03T10:00:00-00:00",
            "binding:host_id, vnic_type, profile, vif_type and vif_details of ports."),
        new(
            "empty-string-filtering",
            "Empty String Filtering Extension",
            "Allow filtering by attributes with empty string value",
            "2018-05-09T10:00:00-00:00",
            "A filter without a value selects empty and null attributes."),
        new(
            "external-net",
            "Neutron external network",
            "Adds external network attribute to network resource.",
            "2013-01-14T10:00:00-00:00",
            "router:external of networks, with its RBAC policies."),
        new(
            "filter-validation",
            "Filter parameters validation",
            "Provides validation on filter parameters.",
            "2018-03-21T10:00:00-00:00",
            "An unknown filter is a 400, never ignored."),
        new(
            "multi-provider",
            "Multi Provider Network",
            "Expose mapping of virtual networks to multiple physical networks",
            "2013-06-27T10:00:00-00:00",
            "segments of networks."),
        new(
            "ip-substring-filtering",
            "IP address substring filtering",
            "Provides IP address substring filtering when listing ports",
            "2017-11-28T09:00:00-00:00",
            "fixed_ips=ip_address_substr= selects ports by a part of an address."),
        new(
            "flavors",
            "Neutron Service Flavors",
            "Flavor specification for Neutron advanced services.",
            "2015-09-17T10:00:00-00:00",
            "The collections flavors and service_profiles, and which of these make up those."),
        new(
            "logging",
            "Logging API Extension",
            "Provides a logging API for resources such as security group and firewall.",
            "2017-01-01T10:00:00-00:00",
            "The collection logs, and loggable-resources. Stored; hosts do not log yet."),
        new(
            "l2_adjacency",
            "L2 Adjacency",
            "Display L2 Adjacency for Neutron Networks.",
            "2016-04-12T16:00:00-00:00",
            "l2_adjacency of networks."),
        new(
            "net-mtu",
            "Network MTU",
            "Provides MTU attribute for a network resource.",
            "2015-03-25T10:00:00-00:00",
            "mtu of networks."),
        new(
            "net-mtu-writable",
            "Network MTU (writable)",
            "Provides a writable MTU attribute for a network resource.",
            "2017-07-12T00:00:00-00:00",
            "mtu may be in POST and PUT."),
        new(
            "network-ip-availability",
            "Network IP Availability",
            "Provides IP availability data for each network and subnet.",
            "2015-09-24T00:00:00-00:00",
            "The collection network-ip-availabilities."),
        new(
            "network-segment-range",
            "Neutron Network Segment Range",
            "Provides support for the network segment range management",
            "2018-11-29T00:00:00-00:00",
            "The collection network_segment_ranges, which governs how ids are given out."),
        new(
            "pagination",
            "Pagination support",
            "Extension that indicates that pagination is enabled.",
            "2016-06-12T00:00:00-00:00",
            "limit, marker and page_reverse of every collection."),
        new(
            "project-id",
            "project_id field enabled",
            "Extension that indicates that project_id field is enabled.",
            "2016-09-09T09:09:09-09:09",
            "project_id beside tenant_id."),
        new(
            "provider",
            "Provider Network",
            "Expose mapping of virtual networks to physical networks",
            "2012-09-07T10:00:00-00:00",
            "provider:network_type, segmentation_id and physical_network of networks."),
        new(
            "quota-check-limit",
            "Quota engine limit check",
            "Support for checking the resource usage before applying a new quota limit",
            "2021-09-08T16:00:00-00:00",
            "check_limit in PUT of quotas."),
        new(
            "quota_details",
            "Quota details management support",
            "Expose functions for quotas usage statistics per project",
            "2017-02-10T10:00:00-00:00",
            "What is used of a quota."),
        new(
            "quotas",
            "Quota management support",
            "Expose functions for quotas management per project",
            "2012-07-29T10:00:00-00:00",
            "The quotas of projects, held to in the commit that creates."),
        new(
            "rbac-address-group",
            "Add address_group type to RBAC",
            "Add address_group type to network RBAC",
            "2021-01-20T00:00:00-00:00",
            "RBAC policies of address groups."),
        new(
            "rbac-policies",
            "RBAC Policies",
            "Allows creation and modification of policies that control tenant access to resources.",
            "2015-06-17T12:15:12-00:00",
            "The collection rbac_policies."),
        new(
            "rbac-security-groups",
            "Add security_group type to network RBAC",
            "Add security_group type to network RBAC",
            "2019-02-14T00:00:00-00:00",
            "RBAC policies of security groups."),
        new(
            "revision-if-match",
            "If-Match constraints based on revision_number",
            "Extension indicating that If-Match based on revision_number is supported.",
            "2016-12-11T00:00:00-00:00",
            "If-Match: revision_number=N on PUT and DELETE; 412 otherwise."),
        new(
            "security-group",
            "security-group",
            "The security groups extension.",
            "2012-10-05T10:00:00-00:00",
            "The collections security_groups and security_group_rules, and security_groups of ports."),
        new(
            "security-groups-normalized-cidr",
            "Normalized CIDR field for security group rules",
            "Add new field with normalized remote_ip_prefix cidr in SG rule",
            "2020-07-28T10:00:00-00:00",
            "normalized_cidr of security group rules."),
        new(
            "security-groups-remote-address-group",
            "Remote address group id field for security group rules",
            "Add new field of remote address group id in SG rules",
            "2020-08-25T10:00:00-00:00",
            "remote_address_group_id of security group rules."),
        new(
            "security-groups-shared-filtering",
            "Security group filtering on the shared field",
            "Support filtering security groups on the shared field",
            "2021-10-05T09:00:00-00:00",
            "The filter shared of security groups."),
        new(
            "sorting",
            "Sorting support",
            "Extension that indicates that sorting is enabled.",
            "2016-06-12T00:00:00-00:00",
            "sort_key and sort_dir of every collection."),
        new(
            "standard-attr-description",
            "standard-attr-description",
            "Extension to add descriptions to standard attributes",
            "2016-02-10T10:00:00-00:00",
            "description of networks, subnets and ports."),
        new(
            "standard-attr-revisions",
            "standard-attr-revisions",
            "This extension will display the revision number of neutron resources.",
            "2016-04-11T10:00:00-00:00",
            "revision_number of networks, subnets and ports."),
        new(
            "standard-attr-tag",
            "Tag support for resources with standard attributes",
            "Enables to set tag on resources with standard attribute.",
            "2017-01-01T00:00:00-00:00",
            "Tags of all types that have standard attributes, one by one and together."),
        new(
            "standard-attr-timestamp",
            "standard-attr-timestamp",
            "Adds created_at and updated_at fields to all Neutron resources that have Neutron standard attributes.",
            "2016-09-12T10:00:00-00:00",
            "created_at and updated_at of networks, subnets and ports, and the filter changed_since."),
        new(
            "stateful-security-group",
            "Stateful security group",
            "Indicates if the security group is stateful or not",
            "2019-11-26T09:00:00-00:00",
            "stateful of security groups."),
        .. PortExtensions.All,
        .. SubnetExtensions.All,
        .. QosExtensions.All,
        .. RouterExtensions.All,
        new(
            "metering",
            "Neutron Metering",
            "Neutron Metering extension.",
            "2013-06-12T10:00:00-00:00",
            "metering/metering-labels and metering/metering-label-rules."),
        new(
            "metering_source_and_destination_fields",
            "Neutron Metering with source and destination filtering",
            "Neutron Metering extension that enables the use of source and destination IP prefixes to create "
            + "metering label rules.",
            "2020-08-21T08:12:00-00:00",
            "source_ip_prefix and destination_ip_prefix of metering label rules."),
        .. TrunkExtensions.All,
        new(
            "vlan-transparent",
            "Vlantransparent",
            "Provides Vlan Transparent Networks",
            "2015-03-23T09:00:00-00:00",
            "vlan_transparent of networks."),
        .. AgentExtensions.All,
    ];

    public static Extension? Find(string alias) => All.FirstOrDefault(extension => extension.Alias == alias);
}

internal static class Extensions
{
    public static Task WriteAllAsync(HttpContext http) => ApiResponse.WriteAsync(
        http,
        StatusCodes.Status200OK,
        json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("extensions");
            foreach (var extension in Extension.All)
                Write(json, extension);
            json.WriteEndArray();
            json.WriteEndObject();
        });

    public static Task WriteOneAsync(HttpContext http, Extension extension) => ApiResponse.WriteAsync(
        http,
        StatusCodes.Status200OK,
        json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("extension");
            Write(json, extension);
            json.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter json, Extension extension)
    {
        json.WriteStartObject();
        json.WriteString("alias", extension.Alias);
        json.WriteString("name", extension.Name);
        json.WriteString("description", extension.Description);
        json.WriteString("updated", extension.Updated);
        json.WriteStartArray("links");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
