using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.MacRanges;

/// <summary>The attributes of a MAC pool in Alcor's own API; all are only shown.</summary>
public static class MacPoolAttributes
{
    public static readonly Attribute<MacPool, string> Id =
        new("id", Schemas.Uuid, "The UUID of the range; of a prefix of the settings, one that follows from it.")
        {
            Read = pool => pool.Value.Id,
        };

    public static readonly Attribute<MacPool, string> Name =
        new(
            "name",
            Schemas.Text(CommonAttributes.TextMax),
            "The name of the range; of the settings, the prefix with its length in bits.")
        {
            Read = pool => pool.Value.Name,
        };

    public static readonly Attribute<MacPool, MacAddress> First =
        new("first", Schemas.Mac, "The lowest address.") { Read = pool => pool.Value.First };

    public static readonly Attribute<MacPool, MacAddress> Last =
        new("last", Schemas.Mac, "The highest address.") { Read = pool => pool.Value.Last };

    public static readonly Attribute<MacPool, string> State =
        new(
            "state",
            Schemas.OneOf(MacRangeState.Active, MacRangeState.Inactive),
            "Whether addresses of it are given out now.")
        {
            Read = pool => pool.Value.State,
        };

    public static readonly Attribute<MacPool, bool> IsDefault =
        new("is_default", Schemas.Boolean, "Whether it is of the settings: given out while no range is active.")
        {
            Read = pool => pool.Value.IsDefault,
        };

    public static readonly Attribute<MacPool, long> Size = Count(
        "size", "How many addresses can be given out: all from first to last without the reserved ones.", p => p.Size);

    public static readonly Attribute<MacPool, long> Allocated = Count(
        "allocated",
        "How many of them ports have, counted when it is shown. Two networks may have ports with the same address, "
        + "which is counted once.",
        pool => pool.Allocated);

    public static readonly Attribute<MacPool, long> Free =
        Count("free", "How many of them no port has, in any network.", pool => pool.Free);

    public static readonly IReadOnlyList<IAttribute> All =
        [Id, Name, First, Last, State, IsDefault, Size, Allocated, Free];

    private static Attribute<MacPool, long> Count(string name, string description, Func<MacPool, long> read) =>
        new(name, Schemas.Integer(0, long.MaxValue), description)
        {
            Read = pool => read(pool.Value),
            IsFilterable = false,
        };
}
