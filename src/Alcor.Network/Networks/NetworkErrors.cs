using Alcor.Kernel.Resources;

namespace Alcor.Network.Networks;

/// <summary>Errors of networks, with Neutron's names and status codes.</summary>
internal static class NetworkErrors
{
    public static ApiError InvalidSharedSetting(string name) => ApiError.Conflict(
        "InvalidSharedSetting",
        $"Unable to reconfigure sharing settings for network {name}. Multiple tenants are using it.");

    public static ApiError ExternalNetworkInUse(string id) => ApiError.Conflict(
        "ExternalNetworkInUse",
        $"External network {id} cannot be updated to be made non-external, since it has existing gateway ports.");

    public static ApiError DefaultExternalNetworkExists(string id) => ApiError.Conflict(
        "DefaultExternalNetworkExists", $"A default external network already exists: {id}.");

    public static ApiError VlanTransparencyDriverError() => new(
        400, "VlanTransparencyDriverError", "Backend does not support VLAN Transparency.");
}
