using Alcor.Kernel.Resources;

namespace Alcor.Network.Flavors;

/// <summary>Errors of flavors and service profiles, with Neutron's names, status codes and messages.</summary>
public static class FlavorErrors
{
    internal static ApiError ProfileEmpty => new(
        400, "ServiceProfileEmpty", "Service Profile needs either a driver or metainfo.");

    internal static ApiError ProfileDisabled => new(
        503, "ServiceProfileDisabled", "Service Profile is not enabled.");

    /// <summary>The flavor has no such profile.</summary>
    /// <param name="profileId">Empty: it has none at all.</param>
    public static ApiError BindingNotFound(string profileId, string flavorId) => new(
        404,
        "FlavorServiceProfileBindingNotFound",
        $"Service Profile {profileId} is not associated with flavor {flavorId}.");

    internal static ApiError BindingExists(string profileId, string flavorId) => ApiError.Conflict(
        "FlavorServiceProfileBindingExists",
        $"Service Profile {profileId} is already associated with flavor {flavorId}.");

    internal static ApiError NotFound(string id) => new(404, "FlavorNotFound", $"Flavor {id} could not be found.");

    internal static ApiError InUse(string id) => ApiError.Conflict(
        "FlavorInUse", $"Flavor {id} is used by some service instance.");

    internal static ApiError ProfileNotFound(string id) => new(
        404, "ServiceProfileNotFound", $"Service Profile {id} could not be found.");

    internal static ApiError ProfileInUse(string id) => ApiError.Conflict(
        "ServiceProfileInUse", $"Service Profile {id} is used by some service instance.");

    internal static ApiError DriverNotFound(string driver) => new(
        404, "ServiceProfileDriverNotFound", $"Service Profile driver {driver} could not be found.");
}
