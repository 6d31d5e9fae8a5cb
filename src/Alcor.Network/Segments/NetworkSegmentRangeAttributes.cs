using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Segments;

/// <summary>The attributes of a network segment range (Neutron's extension network-segment-range).</summary>
public static class NetworkSegmentRangeAttributes
{
    public static readonly Attribute<NetworkSegmentRange, string> Id =
        new("id", Schemas.Uuid, "The UUID of the range.") { Read = range => range.Value.Id };

    public static readonly Attribute<NetworkSegmentRange, string> Name =
        CommonAttributes.Name<NetworkSegmentRange>(range => range.Name);

    public static readonly Attribute<NetworkSegmentRange, string> Description =
        CommonAttributes.Description<NetworkSegmentRange>(range => range.Description);

    public static readonly Attribute<NetworkSegmentRange, bool> Default =
        new("default", Schemas.Boolean, "Whether it is from the server's settings.")
        {
            Read = range => range.Value.IsDefault,
        };

    public static readonly Attribute<NetworkSegmentRange, bool> Shared =
        new("shared", Schemas.Boolean, "Whether all projects get ids from it.")
        {
            Read = range => range.Value.Shared,
            InCreate = Presence.Optional,
            Default = true,
        };

    public static readonly Attribute<NetworkSegmentRange, string?> ProjectId = Owner("project_id", isVisible: true);

    public static readonly Attribute<NetworkSegmentRange, string?> TenantId = Owner("tenant_id", isVisible: false);

    public static readonly Attribute<NetworkSegmentRange, string> NetworkType =
        new(
            "network_type",
            Schemas.OneOf(
                Networks.NetworkType.Vlan, Networks.NetworkType.Vxlan, Networks.NetworkType.Gre,
                Networks.NetworkType.Geneve),
            "The network type whose ids they are.")
        {
            Read = range => range.Value.NetworkType,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<NetworkSegmentRange, string?> PhysicalNetwork =
        new("physical_network", Schemas.Nullable(Schemas.Text(64)), "The physical network whose VLAN ids they are.")
        {
            Read = range => range.Value.PhysicalNetwork,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<NetworkSegmentRange, long> Minimum =
        Bound("minimum", "The lowest id.", range => range.Minimum);

    public static readonly Attribute<NetworkSegmentRange, long> Maximum =
        Bound("maximum", "The highest id.", range => range.Maximum);

    public static readonly Attribute<NetworkSegmentRange, ImmutableArray<KeyValuePair<uint, string>>> Used =
        new("used", Owners, "The ids that networks have, each with the project of the network.")
        {
            Read = range => range.Value.Used,
            IsFilterable = false,
        };

    public static readonly Attribute<NetworkSegmentRange, ImmutableArray<long>> Available =
        new(
            "available",
            Schemas.ListOf(Schemas.Integer(1, uint.MaxValue), NetworkSegmentRange.AvailableMax),
            $"The ids that are free; of many, the lowest {NetworkSegmentRange.AvailableMax}.")
        {
            Read = range => range.Value.Available,
            IsFilterable = false,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Description, Default, Shared, ProjectId, TenantId, NetworkType, PhysicalNetwork, Minimum, Maximum,
        Used, Available,
        CommonAttributes.CreatedAt<NetworkSegmentRange>(range => range.CreatedAt),
        CommonAttributes.UpdatedAt<NetworkSegmentRange>(range => range.UpdatedAt),
        CommonAttributes.RevisionNumber<NetworkSegmentRange>(),
    ];

    /// <summary>An object with ids as its members.</summary>
    private static Schema<ImmutableArray<KeyValuePair<uint, string>>> Owners =>
        Schemas.ShownOnly<ImmutableArray<KeyValuePair<uint, string>>>(
            new JsonObject { ["type"] = "object", ["additionalProperties"] = true },
            (writer, value) =>
            {
                writer.WriteStartObject();
                foreach (var (id, project) in value)
                    writer.WriteString(id.ToString(CultureInfo.InvariantCulture), project);
                writer.WriteEndObject();
            });

    private static Attribute<NetworkSegmentRange, string?> Owner(string name, bool isVisible) =>
        new(
            name,
            Schemas.Nullable(Schemas.Text(CommonAttributes.TextMax)),
            "The project that it is set apart for; null when it is shared.")
        {
            Read = range => range.Value.ProjectId is { Length: > 0 } owner ? owner : null,
            InCreate = Presence.Optional,
            IsVisible = isVisible,
            IsFilterable = isVisible,
        };

    private static Attribute<NetworkSegmentRange, long> Bound(
        string name, string description, Func<NetworkSegmentRange, long> read) =>
        new(name, Schemas.Integer(1, uint.MaxValue), description)
        {
            Read = range => read(range.Value),
            InCreate = Presence.Required,
            InUpdate = true,
        };
}
