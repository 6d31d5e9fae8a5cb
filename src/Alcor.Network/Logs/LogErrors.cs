using Alcor.Kernel.Resources;

namespace Alcor.Network.Logs;

/// <summary>Errors of logs, with Neutron's names, status codes and messages.</summary>
internal static class LogErrors
{
    public static ApiError NotFound(string id) => new(
        404, "LogResourceNotFound", $"Log resource {id} could not be found.");

    public static ApiError InvalidType(string type) => new(
        400, "InvalidLogResourceType", $"Invalid log resource_type: {type}.");

    public static ApiError ResourceNotFound(string id) => new(
        404, "ResourceNotFound", $"Resource {id} could not be found.");

    public static ApiError TargetNotFound(string id) => new(
        404, "TargetResourceNotFound", $"Target resource {id} could not be found.");

    public static ApiError TypeNotSupported(string type, string portId) => ApiError.Conflict(
        "LoggingTypeNotSupported", $"Logging type {type} is not supported on port {portId}.");

    public static ApiError NotInGroup(string groupId, string portId) => new(
        400,
        "InvalidResourceConstraint",
        $"Invalid resource constraint between resource (security_group {groupId}) and target resource (port "
        + $"{portId}).");
}
