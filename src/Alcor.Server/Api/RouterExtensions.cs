using System.Collections.Immutable;

namespace Alcor.Server.Api;

/// <summary>The extensions of routers, floating IPs and what they have.</summary>
internal static class RouterExtensions
{
    public static readonly ImmutableArray<Extension> All =
    [
        new(
            "dvr",
            "Distributed Virtual Router",
            "Enables configuration of Distributed Virtual Routers.",
            "2014-06-1T10:00:00-00:00",
            "distributed of routers."),
        new(
            "expose-l3-conntrack-helper",
            "Expose CT target rules for conntrack helper",
            "Expose allow adding CT target rules for conntrack helper",
            "2019-04-04T10:00:00-00:00",
            "conntrack_helpers are shown with routers."),
        new(
            "expose-port-forwarding-in-fip",
            "Expose Floating IP port forwardings",
            "Expose port forwarding fields in floating IP response",
            "2018-06-28T16:00:00-00:00",
            "port_forwardings are shown with floating IPs."),
        new(
            "ext-gw-mode",
            "Neutron L3 Configurable external gateway mode",
            "Extension of the router abstraction for specifying whether SNAT should occur on the external "
            + "gateway",
            "2013-03-28T10:00:00-00:00",
            "enable_snat of external_gateway_info."),
        new(
            "extraroute",
            "Neutron Extra Route",
            "Extra routes configuration for L3 router",
            "2013-02-01T10:00:00-00:00",
            "routes of routers."),
        new(
            "extraroute-atomic",
            "Atomically add/remove extra routes",
            "Edit extra routes of a router on server side by atomically adding/removing extra routes",
            "2019-07-10T00:00:00+00:00",
            "add_extraroutes and remove_extraroutes of routers."),
        new(
            "fip-port-details",
            "Floating IP Port Details Extension",
            "Add port_details attribute to Floating IP resource",
            "2018-04-09T10:00:00-00:00",
            "port_details of floating IPs."),
        new(
            "floating-ip-port-forwarding",
            "Floating IP Port Forwarding",
            "Allow port forwarding from floating IP port to an internal port",
            "2018-01-19T10:00:00-00:00",
            "port_forwardings of floating IPs."),
        new(
            "floating-ip-port-forwarding-description",
            "Floating IP Port Forwarding new attribute description",
            "Add a description field to Port Forwarding rules",
            "2019-11-01T10:00:00-00:00",
            "description of port forwardings."),
        new(
            "floatingip-pools",
            "Floating IP Pools Extension",
            "Provides a floating IP pools API.",
            "2018-03-21T10:00:00-00:00",
            "The collection floatingip_pools."),
        new(
            "floating-ip-port-forwarding-detail",
            "Floating IP port forwarding detail",
            "Allow list floating ip return more port forwarding data, include'id' and 'internal_port_id'",
            "2022-05-06T10:00:00-00:00",
            "id and internal_port_id of the port forwardings shown with a floating IP."),
        new(
            "floating-ip-port-forwarding-port-ranges",
            "Floating IP Port Forwarding support port ranges",
            "Add suport to port ranges",
            "2020-07-01T10:00:00-00:00",
            "external_port_range and internal_port_range of port forwardings."),
        new(
            "l3-conntrack-helper",
            "L3 Conntrack helper",
            "Allow adding CT target rules for conntrack helper",
            "2019-04-04T10:00:00-00:00",
            "conntrack_helpers of routers."),
        new(
            "l3-ext-ndp-proxy",
            "Router support to enable NDP proxy",
            "Router extension to enable ndp proxy",
            "2020-08-25T00:00:00-00:00",
            "enable_ndp_proxy of routers."),
        new(
            "l3-flavors",
            "Router Flavor Extension",
            "Flavor support for routers.",
            "2016-05-17T00:00:00-00:00",
            "flavor_id of routers."),
        new(
            "l3-ha",
            "HA Router extension",
            "Adds HA capability to routers.",
            "2014-04-26T00:00:00-00:00",
            "ha of routers."),
        new(
            "l3-ndp-proxy",
            "L3 NDP Proxy",
            "Router support for L3 NDP proxy.",
            "2021-06-29T10:00:00-00:00",
            "The collection ndp-proxies."),
        new(
            "l3-port-ip-change-not-allowed",
            "Prevent L3 router ports IP address change extension",
            "Prevent change of IP address for some L3 router ports",
            "2018-10-09T10:00:00-00:00",
            "The IPv4 addresses of a router's ports change with the router alone."),
        new(
            "local_ip",
            "Local IP",
            "Support Node Local Virtual IP",
            "2021-07-26T10:00:00-00:00",
            "The collection local-ips, with the port_associations of each."),
        new(
            "qos-fip",
            "Floating IP QoS",
            "The floating IP Quality of Service extension",
            "2017-07-20T00:00:00-00:00",
            "qos_policy_id of floating IPs."),
        new(
            "qos-fip-network-policy",
            "QoS floating IP network policy ID",
            "Adds a the QoS network ID to the floating IP definition",
            "2021-11-15T10:00:00-00:00",
            "qos_network_policy_id of floating IPs."),
        new(
            "qos-gateway-ip",
            "Router gateway IP QoS",
            "The Router gateway IP Quality of Service extension",
            "2018-02-24T00:00:00-00:00",
            "qos_policy_id of external_gateway_info."),
        new(
            "router",
            "Neutron L3 Router",
            "Router abstraction for basic L3 forwarding between L2 Neutron networks and access to external "
            + "networks via a NAT gateway.",
            "2012-07-20T10:00:00-00:00",
            "routers with interfaces and gateways, floatingips."),
        new(
            "router-admin-state-down-before-update",
            "Enforce Router's Admin State Down Before Update Extension",
            "Ensure that the admin state of a router is DOWN (admin_state_up=False) before updating the "
            + "distributed attribute",
            "2019-07-02T15:56:00",
            "distributed changes only while a router is down."),
    ];
}
