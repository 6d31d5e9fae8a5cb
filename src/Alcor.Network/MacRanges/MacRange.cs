using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.MacRanges;

/// <summary>
/// MAC addresses that an operator has set aside for ports. While a range is active, ports get addresses of active
/// ranges alone; while none is, those of the prefixes in the settings.
/// </summary>
/// <param name="First">The lowest address; of stations, like all up to <paramref name="Last"/>.</param>
/// <param name="Last">The highest address, which is given out too.</param>
/// <param name="State">One of <see cref="MacRangeState"/>.</param>
public sealed record MacRange(
    string Id,
    string Name,
    string Description,
    MacAddress First,
    MacAddress Last,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>All ranges: whoever chooses an address looks at all of them.</summary>
    public static readonly PartitionKey Pool = PartitionKey.Pool("mac");

    public static readonly ResourceType<MacRange> Type = new("mac_range", "mac_ranges")
    {
        Json = NetworkJson.Default.MacRange,
        Id = range => range.Id,
        Partition = _ => Pool,
        Attributes = MacRangeAttributes.All,
        Api = new ApiNames("mac-ranges", "mac_range", "mac_ranges")
        {
            Policy = "alcor_mac_range",
            InUse = (id, _) => MacRangeErrors.InUse(id),
        },
    };

    public bool IsActive => State == MacRangeState.Active;

    public bool Contains(MacAddress address) => First <= address && address <= Last;

    public bool Overlaps(MacRange other) => First <= other.Last && other.First <= Last;
}

/// <summary>Whether addresses of a range are given out.</summary>
public static class MacRangeState
{
    public const string Active = "active";

    /// <summary>Ports keep the addresses that they have of it, and no other port gets one.</summary>
    public const string Inactive = "inactive";
}
