using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.MacRanges;

/// <summary>The attributes of a MAC range in Alcor's own API.</summary>
public static class MacRangeAttributes
{
    public static readonly Attribute<MacRange, string> Id =
        new("id", Schemas.Uuid, "The UUID of the range.") { Read = range => range.Value.Id };

    public static readonly Attribute<MacRange, string> Name = CommonAttributes.Name<MacRange>(range => range.Name);

    public static readonly Attribute<MacRange, string> Description =
        CommonAttributes.Description<MacRange>(range => range.Description);

    public static readonly Attribute<MacRange, MacAddress> First =
        Bound("first", "The lowest address. While ports have addresses of the range it only falls.", r => r.First);

    public static readonly Attribute<MacRange, MacAddress> Last = Bound(
        "last",
        "The highest address, given out too: it begins with the octet that the lowest one begins with. While ports "
        + "have addresses of the range it only rises.",
        range => range.Last);

    public static readonly Attribute<MacRange, string> State =
        new(
            "state",
            Schemas.OneOf(MacRangeState.Active, MacRangeState.Inactive),
            "Whether addresses of it are given out. While any range is active, ports get addresses of active ranges "
            + "alone, lowest range first; while none is, of the prefixes that the server was started with.")
        {
            Read = range => range.Value.State,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = MacRangeState.Active,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Description, First, Last, State,
        CommonAttributes.CreatedAt<MacRange>(range => range.CreatedAt),
        CommonAttributes.UpdatedAt<MacRange>(range => range.UpdatedAt),
        CommonAttributes.RevisionNumber<MacRange>(),
    ];

    private static Attribute<MacRange, MacAddress> Bound(
        string name, string description, Func<MacRange, MacAddress> read) => new(name, Schemas.Mac, description)
    {
        Read = range => read(range.Value),
        InCreate = Presence.Required,
        InUpdate = true,
    };
}
