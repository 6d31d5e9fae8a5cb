using System.Collections.Immutable;

namespace Alcor.Server.Api;

/// <summary>The extensions of ports.</summary>
internal static class PortExtensions
{
    public static readonly ImmutableArray<Extension> All =
    [
        new(
            "allowed-address-pairs",
            "Allowed Address Pairs",
            "Provides allowed address pairs",
            "2013-07-23T10:00:00-00:00",
            "allowed_address_pairs of ports."),
        new(
            "binding-extended",
            "Port Bindings Extended",
            "Expose port bindings of a virtual port to external application",
            "2017-07-17T10:00:00-00:00",
            "The bindings of a port, and their activation."),
        new(
            "data-plane-status",
            "Port data plane status extension",
            "Expose status of underlying data plane",
            "2017-01-24T10:00:00-00:00",
            "data_plane_status of ports."),
        new(
            "dns-domain-ports",
            "dns_domain for ports",
            "Allows the DNS domain to be specified for a network port.",
            "2017-04-24T10:00:00-00:00",
            "dns_domain of ports."),
        new(
            "dns-integration",
            "DNS Integration",
            "Provides integration with DNS.",
            "2015-08-15T18:00:00-00:00",
            "dns_name of ports and floating IPs, dns_domain of networks and floating IPs, dns_assignment of ports; no "
            + "external DNS service is told."),
        new(
            "extra_dhcp_opt",
            "Neutron Extra DHCP options",
            "Extra options configuration for DHCP. For example PXE boot options to DHCP clients "
            + "can be specified (e.g. tftp-server, server-ip-address, bootfile-name)",
            "2013-03-17T12:00:00-00:00",
            "extra_dhcp_opts of ports."),
        new(
            "ip_allocation",
            "IP Allocation",
            "IP allocation extension.",
            "2016-06-10T23:00:00-00:00",
            "ip_allocation of ports."),
        new(
            "port-device-profile",
            "Port device profile",
            "Expose the port device profile (Cyborg)",
            "2020-12-17T10:00:00-00:00",
            "device_profile of ports."),
        new(
            "port-mac-address-regenerate",
            "Neutron Port MAC address regenerate",
            "Network port MAC address regenerate",
            "2018-05-03T10:00:00-00:00",
            "A PUT of a null mac_address."),
        new(
            "port-mac-override",
            "Neutron Port MAC address override",
            "Allow overriding the MAC address of a direct-physical Port via the active binding profile",
            "2022-03-18T10:00:00-00:00",
            "device_mac_address of the binding:profile of direct-physical ports."),
        new(
            "port-numa-affinity-policy",
            "Port NUMA affinity policy",
            "Expose the port NUMA affinity policy",
            "2020-07-08T10:00:00-00:00",
            "numa_affinity_policy of ports."),
        new(
            "port-resource-request",
            "Port Resource Request",
            "Expose resource request to Port",
            "2018-05-08T10:00:00-00:00",
            "resource_request of ports."),
        new(
            "port-resource-request-groups",
            "Port Resource Request Groups",
            "Support requesting multiple groups of resources and traits from the same RP subtree in "
            + "resource_request",
            "2021-08-02T10:00:00-00:00",
            "request_groups and same_subtree of resource_request."),
        new(
            "port-security",
            "Port Security",
            "Provides port security",
            "2012-07-23T10:00:00-00:00",
            "port_security_enabled of networks and ports."),
        new(
            "port-security-groups-filtering",
            "Port filtering on security groups",
            "Provides security groups filtering when listing ports",
            "2018-01-09T09:00:00-00:00",
            "The filter security_groups of ports."),
        new(
            "tag-ports-during-bulk-creation",
            "Tag Ports During Bulk Creation",
            "Allow to tag ports during bulk creation",
            "2019-12-29T19:00:00-00:00",
            "tags in a POST of ports."),
        new(
            "uplink-status-propagation",
            "Uplink status propagation extension",
            "Provides ability to propagate port uplink status.",
            "2018-05-31T18:00:00-00:00",
            "propagate_uplink_status of ports."),
    ];
}
