using Alcor.Kernel.Resources;
using Alcor.Network.Segments;

namespace Alcor.Network.Subnets;

/// <summary>Either all subnets of a network belong to segments of it, or none does.</summary>
internal static class SegmentRules
{
    /// <summary>Subnets of this kind carry routes between segments, and are on none.</summary>
    private const string Routed = "network:routed";

    /// <param name="others">The network's other subnets.</param>
    public static ApiError? CheckNew(
        Subnet subnet, Networks.Network network, IEnumerable<Subnet> others, DecideContext context)
    {
        if (FindSegment(subnet, network, context) is { } unknown)
            return unknown;
        var counted = others.Append(subnet).Where(IsCounted).ToList();
        return counted.Any(one => one.SegmentId is null) && counted.Any(one => one.SegmentId is not null)
            ? NotAll(network.Id)
            : null;
    }

    public static ApiError? CheckUpdate(
        Subnet updated, Subnet earlier, Networks.Network network, IEnumerable<Subnet> all, DecideContext context)
    {
        if (updated.SegmentId == earlier.SegmentId)
            return null;
        if (all.Count(IsCounted) > 1)
            return NotAll(network.Id);
        if (earlier.SegmentId is not null)
        {
            return new ApiError(
                400,
                "SubnetSegmentAssociationChangeNotAllowed",
                "A subnet that is already associated with a segment cannot have its segment association changed.");
        }
        return network.Segments.Length > 1
            ? new ApiError(
                400,
                "NoUpdateSubnetWhenMultipleSegmentsOnNetwork",
                $"The network '{network.Id}' has multiple segments, it is only possible to associate an existing "
                + "subnet with a segment on networks with a single segment.")
            : FindSegment(updated, network, context);
    }

    private static bool IsCounted(Subnet subnet) => !subnet.ServiceTypes.Contains(Routed);

    private static ApiError? FindSegment(Subnet subnet, Networks.Network network, DecideContext context)
    {
        if (subnet.SegmentId is not { } id || network.Segments.Any(segment => segment.Id == id))
            return null;
        return context.Read(Segment.Type, id) is null
            ? Segment.Type.Api.NotFound(id)
            : new ApiError(
                400,
                "NetworkIdsDontMatch",
                $"The subnet's network id, '{network.Id}', doesn't match the network_id of segment '{id}'");
    }

    private static ApiError NotAll(string networkId) => new(
        400,
        "SubnetsNotAllAssociatedWithSegments",
        $"All of the subnets on network '{networkId}' must either all be associated with segments or all not "
        + "associated with any segment.");
}
