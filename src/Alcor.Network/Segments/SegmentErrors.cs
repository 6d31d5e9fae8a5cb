using Alcor.Kernel.Resources;

namespace Alcor.Network.Segments;

/// <summary>Errors of segments and of where their ids come from, with Neutron's names and status codes.</summary>
internal static class SegmentErrors
{
    public static ApiError TunnelIdInUse(uint segmentationId) => ApiError.Conflict(
        "TunnelIdInUse", $"Unable to create the network. The tunnel ID {segmentationId} is in use.");

    public static ApiError VlanIdInUse(uint segmentationId, string physicalNetwork) => ApiError.Conflict(
        "VlanIdInUse",
        $"Unable to create the network. The VLAN {segmentationId} on physical network {physicalNetwork} is in use.");

    public static ApiError FlatNetworkInUse(string physicalNetwork) => ApiError.Conflict(
        "FlatNetworkInUse",
        $"Unable to create the flat network. Physical network {physicalNetwork} is in use.");

    public static ApiError NoNetworkAvailable() => new(
        503, "NoNetworkAvailable", "Unable to create the network. No tenant network is available for allocation.");

    public static ApiError SegmentInUse(string id, string subnets) => ApiError.Conflict(
        "SegmentInUse",
        $"Segment '{id}' cannot be deleted: The segment is still associated with subnet(s) {subnets}.");

    public static ApiError SegmentBound(string id, int ports) => ApiError.Conflict(
        "SegmentInUse", $"Segment '{id}' cannot be deleted: The segment is still bound with {ports} port(s).");

    public static ApiError SegmentsAndProviders() => new(
        400, "SegmentsSetInConjunctionWithProviders", "Segments and provider values cannot both be set.");

    public static ApiError DuplicateSegments() => new(
        400, "SegmentsContainDuplicateEntry", "Duplicate segment entry in request.");

    public static ApiError RangeOverlaps(IEnumerable<string> ids) => ApiError.Conflict(
        "NetworkSegmentRangeOverlaps",
        $"Network segment range overlaps with range(s) with id {string.Join(", ", ids)}");

    public static ApiError RangeIsDefault(string id) => new(
        400,
        "NetworkSegmentRangeDefaultReadOnly",
        $"Network Segment Range {id} is a default segment range which could not be updated or deleted.");

    public static ApiError RangeReferenced(string id) => ApiError.Conflict(
        "NetworkSegmentRangeReferencedByProject",
        $"Network Segment Range {id} is referenced by one or more tenant networks.");
}
