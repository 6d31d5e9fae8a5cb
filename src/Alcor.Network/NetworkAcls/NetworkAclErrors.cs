using Alcor.Kernel.Resources;

namespace Alcor.Network.NetworkAcls;

internal static class NetworkAclErrors
{
    public static ApiError SubnetHasAnother(string subnetId, string aclId) => ApiError.Conflict(
        "SubnetHasNetworkAcl", $"Subnet {subnetId} is associated with network ACL {aclId}; a subnet has at most one.");

    public static ApiError SubnetTwice(string subnetId) =>
        ApiError.InvalidInput("subnet_ids", $"subnet '{subnetId}' is named twice");

    public static ApiError SubnetOfOtherProject(string subnetId) => new(
        403,
        "AdminRequired",
        $"User does not have admin privileges: subnet {subnetId} is not of the project that the network ACL is of.");

    public static ApiError NumberInUse(NetworkAclRule rule) => ApiError.Conflict(
        "NetworkAclRuleNumberInUse",
        $"Network ACL {rule.NetworkAclId} has a rule number {rule.Number} of direction {rule.Direction} already.");
}
