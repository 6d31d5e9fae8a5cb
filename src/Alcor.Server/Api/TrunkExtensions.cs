using System.Collections.Immutable;

namespace Alcor.Server.Api;

/// <summary>The extensions of trunks.</summary>
internal static class TrunkExtensions
{
    public static readonly ImmutableArray<Extension> All =
    [
        new(
            "trunk",
            "Trunk Extension",
            "Provides support for trunk ports",
            "2016-01-01T10:00:00-00:00",
            "The collection trunks, add_subports, remove_subports and get_subports."),
        new(
            "trunk-details",
            "Trunk port details",
            "Expose trunk port details",
            "2016-01-01T10:00:00-00:00",
            "trunk_details of ports that are the parent of a trunk."),
    ];
}
