using Alcor.Kernel.Resources;

namespace Alcor.Network.MacRanges;

internal static class MacRangeErrors
{
    public static ApiError Overlaps(MacRange range, MacRange other) => ApiError.Conflict(
        "MacRangeOverlaps", $"The MAC range {range.First} to {range.Last} overlaps with {other.Id}, {other.First} to "
        + $"{other.Last}.");

    public static ApiError InUse(string id) => ApiError.Conflict(
        "MacRangeInUse",
        $"Ports have addresses of MAC range {id}: it can grow or become inactive, but neither shrink nor be deleted.");
}
