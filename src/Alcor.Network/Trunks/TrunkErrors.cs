using Alcor.Kernel.Resources;

namespace Alcor.Network.Trunks;

/// <summary>What Neutron refuses of trunks.</summary>
internal static class TrunkErrors
{
    public static ApiError TrunkPortInUse(string portId) => ApiError.Conflict(
        "TrunkPortInUse", $"Port {portId} is in use by another trunk.");

    public static ApiError ParentPortInUse(string portId) => ApiError.Conflict(
        "ParentPortInUse",
        $"Port {portId} is currently in use and is not eligible for use as a parent port.");

    public static ApiError DuplicateSubPort(SubPort port, string trunkId) => ApiError.Conflict(
        "DuplicateSubPort",
        $"segmentation_type {port.SegmentationType} and segmentation_id {port.SegmentationId} already in use on trunk "
        + $"{trunkId}.");

    public static ApiError SubPortNotFound(string trunkId, string portId) => new(
        404, "SubPortNotFound", $"SubPort {portId} on trunk {trunkId} could not be found.");

    /// <param name="parentId">The port that carries; Neutron puts it where the trunk should be.</param>
    public static ApiError MtuTooLarge(string portId, int mtu, string parentId, int parentMtu) => ApiError.Conflict(
        "SubPortMtuGreaterThanTrunkPortMtu",
        $"MTU {mtu} of subport {portId} cannot be greater than MTU {parentMtu} of trunk {parentId}.");

    /// <summary>Neutron lets whoever may set the host of a subport set another one, which its agent undoes.</summary>
    public static ApiError HostOfSubPort(string portId, string trunkId) => Errors.InvalidInput(
        $"the host of subport {portId} is that of the parent port of trunk {trunkId}");

    public static ApiError TrunkInUse(string id) => ApiError.Conflict(
        "TrunkInUse", $"Trunk {id} is currently in use.");

    public static ApiError TrunkDisabled(string id) => ApiError.Conflict(
        "TrunkDisabled", $"Trunk {id} is currently disabled.");

    public static ApiError TrunkInErrorState(string id) => ApiError.Conflict(
        "TrunkInErrorState",
        $"Trunk {id} is in error state. Attempt to resolve the error condition before proceeding.");

    public static string MissingSegmentation(string subport) =>
        $"Invalid subport details '{subport}': missing segmentation information. Must specify both segmentation_id and "
        + "segmentation_type";
}
