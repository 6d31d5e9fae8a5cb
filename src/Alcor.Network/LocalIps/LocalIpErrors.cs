using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.LocalIps;

/// <summary>Errors of local IPs, with Neutron's names and status codes.</summary>
internal static class LocalIpErrors
{
    public static ApiError Bad(string message) => Errors.BadRequest("local_ip", message);

    public static ApiError PortOrNetworkRequired => new(
        400,
        "LocalIPPortOrNetworkRequired",
        "Either Port ID or Network ID must be specified for Local IP create.");

    public static ApiError InUse(string id) => ApiError.Conflict(
        "LocalIPInUse", $"Local IP {id} is still associated with one or more ports.");

    public static ApiError NoIp(string portId) => new(
        400, "LocalIPNoIP", $"Specified Port {portId} has no fixed IPs configured.");

    public static ApiError NoRequestedIp(string portId) => new(
        400,
        "LocalIPNoRequestedIP",
        $"Specified Port {portId} has several IPs, should specify exact IP address to use for Local IP.");

    public static ApiError RequestedIpNotFound(string portId, IPAddress address) => new(
        400,
        "LocalIPRequestedIPNotFound",
        $"Specified Port {portId} does not have requested IP address: {address}.");

    public static ApiError AssociationNotFound(string id, string portId) => new(
        404,
        "LocalIPAssociationNotFound",
        $"Local IP {id} association with port {portId} could not be found.");

    /// <summary>Neutron fails here, with a 500.</summary>
    public static ApiError AssociationExists(string id, string portId) => ApiError.Conflict(
        "LocalIPAssociationExists", $"Local IP {id} is associated with port {portId} already.");
}
