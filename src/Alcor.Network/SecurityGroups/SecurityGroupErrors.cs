using Alcor.Kernel.Resources;

namespace Alcor.Network.SecurityGroups;

/// <summary>Errors of security groups and their rules, with Neutron's names, status codes and messages.</summary>
internal static class SecurityGroupErrors
{
    public static ApiError DefaultAlreadyExists => ApiError.Conflict(
        "SecurityGroupDefaultAlreadyExists", "Default security group already exists.");

    public static ApiError CannotUpdateDefault => ApiError.Conflict(
        "SecurityGroupCannotUpdateDefault", "Updating default security group not allowed.");

    public static ApiError CannotRemoveDefault => ApiError.Conflict(
        "SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.");

    public static ApiError NotSingleGroup => Invalid(
        "SecurityGroupNotSingleGroupRules", "Only allowed to update rules for one security profile at a time");

    public static ApiError NotSingleTenant => Invalid(
        "SecurityGroupRulesNotSingleTenant", "Multiple tenant_ids in bulk security group rule create not allowed");

    public static ApiError DuplicateInPost => ApiError.Conflict(
        "DuplicateSecurityGroupRuleInPost", "Duplicate Security Group Rule in POST.");

    public static ApiError MultipleRemotes => Invalid(
        "SecurityGroupMultipleRemoteEntites",
        "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.");

    public static ApiError ProtocolRequired => Invalid(
        "SecurityGroupProtocolRequiredWithPorts", "Must also specify protocol if port range is given.");

    public static ApiError InvalidPortRange => Invalid(
        "SecurityGroupInvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max");

    public static ApiError MixedState => ApiError.Conflict(
        "SecurityGroupConflict",
        "Error Cannot apply both stateful and stateless security groups on the same port at the same time while "
        + "attempting the operation.");

    public static ApiError InUse(string id) => ApiError.Conflict(
        "SecurityGroupInUse", $"Security Group {id} in use.");

    public static ApiError RuleExists(string id) => ApiError.Conflict(
        "SecurityGroupRuleExists", $"Security group rule already exists. Rule id is {id}.");

    public static ApiError InvalidProtocol(string protocol) => Invalid(
        "SecurityGroupRuleInvalidProtocol",
        $"Security group rule protocol {protocol} not supported. Only protocol values "
        + $"[None, {string.Join(", ", IpProtocols.Names.Select(name => $"'{name}'"))}] and integer representations "
        + "[0 to 255] are supported.");

    public static ApiError InvalidEtherType(string etherType) => Invalid(
        "SecurityGroupRuleInvalidEtherType",
        $"Security group rule for ethertype '{etherType}' not supported. Allowed values are ['IPv4', 'IPv6'].");

    public static ApiError EtherTypeConflict(string etherType, string protocol) => Invalid(
        "SecurityGroupEthertypeConflictWithProtocol", $"Invalid ethertype {etherType} for protocol {protocol}.");

    public static ApiError PrefixConflict(string etherType, string prefix) => Invalid(
        "SecurityGroupRuleParameterConflict", $"Conflicting value ethertype {etherType} for CIDR {prefix}");

    public static ApiError InvalidCidr(string prefix) => Invalid(
        "InvalidCIDR", $"Invalid CIDR {prefix} given as IP prefix.");

    public static ApiError InvalidPort(string port) => Invalid(
        "SecurityGroupInvalidPortValue", $"Invalid value for port {port}");

    public static ApiError InvalidIcmp(string field, string attribute, int value) => Invalid(
        "SecurityGroupInvalidIcmpValue",
        $"Invalid value for ICMP {field} ({attribute}) {value}. It must be 0 to 255.");

    public static ApiError MissingIcmpType(int code) => Invalid(
        "SecurityGroupMissingIcmpType",
        $"ICMP code (port-range-max) {code} is provided but ICMP type (port-range-min) is missing.");

    public static ApiError InvalidProtocolForPort(int protocol) => Invalid(
        "SecurityGroupInvalidProtocolForPort",
        $"Ports cannot be specified for protocol {protocol}. Ports are only supported for "
        + "DCCP, SCTP, TCP, UDP, UDPLITE.");

    private static ApiError Invalid(string type, string message) => new(400, type, message);
}
