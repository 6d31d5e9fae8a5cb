using System.Collections.Immutable;

namespace Alcor.Server.Api;

/// <summary>What Neutron offers of subnets, segments, pools and address scopes, where all of it is there.</summary>
internal static class SubnetExtensions
{
    public static readonly ImmutableArray<Extension> All =
    [
        new(
            "address-scope",
            "Address scope",
            "Address scopes extension.",
            "2015-07-26T10:00:00-00:00",
            "The collection address-scopes, and address_scope_id of subnet pools."),
        new(
            "default-subnetpools",
            "Default Subnetpools",
            "Provides ability to mark and use a subnetpool as the default.",
            "2016-02-18T18:00:00-00:00",
            "is_default of subnet pools and use_default_subnetpool of subnets."),
        new(
            "rbac-address-scope",
            "Add address_scope type to RBAC",
            "Add address_scope type to RBAC",
            "2020-02-12T00:00:00-00:00",
            "RBAC policies of address scopes."),
        new(
            "rbac-subnetpool",
            "Add subnetpool type to RBAC",
            "Add subnetpool type to RBAC",
            "2020-02-05T00:00:00-00:00",
            "RBAC policies of subnet pools."),
        new(
            "segment",
            "Segment",
            "Segments extension.",
            "2016-02-24T17:00:00-00:00",
            "The collection segments, segment_id of subnets, and which hosts reach them."),
        new(
            "segments-peer-subnet-host-routes",
            "Segments peer-subnet host routes",
            "Add host routes to subnets on a routed network (segments)",
            "2018-06-12T10:00:00-00:00",
            "host_routes of subnets on segments lead to the subnets on the other ones."),
        new(
            "standard-attr-segment",
            "Standard Attribute Segment Extension",
            "Add standard attributes to Segment resource",
            "2018-04-09T10:00:00-00:00",
            "description, created_at, updated_at and revision_number of segments."),
        new(
            "subnet-service-types",
            "Subnet service types",
            "Provides ability to set the subnet service_types field",
            "2016-03-15T18:00:00-00:00",
            "service_types of subnets, which allocation of addresses respects."),
        new(
            "subnet-dns-publish-fixed-ip",
            "Subnet DNS publish fixed IP",
            "Support choosing to publish DNS records for IPs from a subnet",
            "2019-05-24T10:00:00-00:00",
            "dns_publish_fixed_ip of subnets."),
        new(
            "subnet-segmentid-writable",
            "Subnet SegmentID (writable)",
            "Provides a writable segment_id attribute for a subnet resource.",
            "2018-03-12T00:00:00-00:00",
            "segment_id of subnets, in POST and PUT."),
        new(
            "subnet_allocation",
            "Subnet Allocation",
            "Enables allocation of subnets from a subnet pool",
            "2015-03-30T10:00:00-00:00",
            "The collection subnetpools; subnetpool_id and prefixlen of subnets."),
        new(
            "subnet_onboard",
            "Subnet Onboard",
            "Provides support for onboarding subnets into subnet pools",
            "2018-12-18T09:00:00-00:00",
            "onboard_network_subnets of subnet pools."),
        new(
            "subnetpool-prefix-ops",
            "Subnet Pool Prefix Operations",
            "Provides support for adjusting the prefix list of subnet pools",
            "2019-02-08T10:00:00-00:00",
            "add_prefixes and remove_prefixes of subnet pools."),
    ];
}
