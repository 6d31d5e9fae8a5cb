using System.Collections.Immutable;

namespace Alcor.Server.Api;

/// <summary>The extensions of quality of service.</summary>
internal static class QosExtensions
{
    /// <summary>Not in it: what is about routers, qos-fip and others, and port-resource-request.</summary>
    public static readonly ImmutableArray<Extension> All =
    [
        new(
            "qos",
            "Quality of Service",
            "The Quality of Service extension.",
            "2015-06-08T10:00:00-00:00",
            "qos/policies with their rules, and qos_policy_id of networks and ports."),
        new(
            "qos-bw-limit-direction",
            "Direction for QoS bandwidth limit rule",
            "Allow to configure QoS bandwidth limit rule with specific direction: ingress or egress",
            "2017-04-10T10:00:00-00:00",
            "direction of bandwidth limit rules."),
        new(
            "qos-bw-minimum-ingress",
            "Ingress direction for QoS minimum bandwidth rule",
            "Allow to configure QoS minumum bandwidth rule with ingress direction.",
            "2018-07-09T10:00:00-00:00",
            "direction of minimum bandwidth rules."),
        new(
            "qos-default",
            "QoS default policy",
            "Expose the QoS default policy per project",
            "2017-041-06T10:00:00-00:00",
            "is_default of policies: new networks of the project get it."),
        new(
            "qos-port-network-policy",
            "QoS port network policy ID",
            "Adds a the QoS network ID to the port definition",
            "2019-11-01T10:00:00-00:00",
            "qos_network_policy_id of ports."),
        new(
            "qos-pps",
            "QoS Rule Type Packet per Second Extension",
            "Add QoS Rule Type Packet per Second",
            "2021-05-12T10:00:00-00:00",
            "packet_rate_limit_rules of policies."),
        new(
            "qos-pps-minimum",
            "QoS minimum packet rate rule",
            "Allow to configure QoS minimum packet rate rule.",
            "2021-07-14T10:00:00-00:00",
            "minimum_packet_rate_rules of policies."),
        new(
            "qos-pps-minimum-rule-alias",
            "QoS minimum packet rate rule alias",
            "API to enable GET, PUT and DELETE operations on QoS minimum packet rate rule without specifying policy ID",
            "2021-10-22T10:00:00-00:00",
            "alias_minimum_packet_rate_rules."),
        new(
            "qos-rule-type-details",
            "Details of QoS rule types",
            "Expose details about QoS rule types supported by loaded backend drivers",
            "2017-06-22T10:00:00-00:00",
            "GET of one of the rule-types."),
        new(
            "qos-rule-type-filter",
            "Allow to filter the list of QoS rule types",
            "Allows to filter the QoS rule type list adding two new flags. \"all_rules\" prints all implemented QoS "
            + "rule types.\"all_supported\" prints all supported QoS rule types by the loaded mechanism drivers",
            "2022-02-02T10:00:00-00:00",
            "all_rules and all_supported of rule-types: what is there is supported."),
        new(
            "qos-rules-alias",
            "Quality of Service rules alias API",
            "API to enable GET, PUT and DELETE operations on QoS policy rules without specifying policy ID",
            "2018-10-07T10:00:00-00:00",
            "alias_bandwidth_limit_rules, alias_dscp_marking_rules and alias_minimum_bandwidth_rules."),
    ];
}
