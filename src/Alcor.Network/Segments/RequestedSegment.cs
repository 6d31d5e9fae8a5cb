using System.Collections.Immutable;
using System.Text.Json;
using Alcor.Kernel.Resources;
using Alcor.Network.Networks;
using Alcor.Network.Subnets;

namespace Alcor.Network.Segments;

/// <summary>What a request says of a segment; null: nothing.</summary>
public readonly record struct RequestedSegment(string? NetworkType, string? PhysicalNetwork, long? SegmentationId)
{
    private const string TypeName = "provider:network_type";
    private const string PhysicalName = "provider:physical_network";
    private const string IdName = "provider:segmentation_id";

    private static readonly Schema<string?> Text = Schemas.Nullable(Schemas.Text(64));
    private static readonly Schema<long?> Number = Schemas.NullableValue(Schemas.Integer(0, uint.MaxValue));

    /// <summary>An element of a network's <c>segments</c>.</summary>
    public static Schema<RequestedSegment> Schema { get; } = new()
    {
        TryRead = TryRead,
        Write = (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WriteString(TypeName, value.NetworkType);
            writer.WriteString(PhysicalName, value.PhysicalNetwork);
            writer.WritePropertyName(IdName);
            Number.Write(writer, value.SegmentationId);
            writer.WriteEndObject();
        },
        FilterTexts = value => [$"{TypeName}={value.NetworkType}"],
        Describe = () => Members.DescribeAll(
            (TypeName, Text.Describe()), (PhysicalName, Text.Describe()), (IdName, Number.Describe())),
    };

    public bool IsEmpty => this == default;

    internal static RequestedSegment Of(NetworkSegment segment) =>
        new(segment.NetworkType, segment.PhysicalNetwork, segment.SegmentationId);

    /// <summary>
    /// Whether its type can be carried, and whether the rest is what that type has. Worded as Neutron's type drivers.
    /// </summary>
    /// <param name="vlanNetworks">The physical networks that have VLAN ids.</param>
    internal ApiError? Check(
        NetworkSettings settings, Func<ImmutableHashSet<string>> vlanNetworks) => NetworkType switch
    {
        null => Errors.InvalidInput("network_type required"),
        Networks.NetworkType.Local => PhysicalNetwork is not null ? Prohibited("physical_network") : NoId(),
        Networks.NetworkType.Flat => CheckFlat(settings) ?? NoId(),
        Networks.NetworkType.Vlan => CheckVlan(vlanNetworks),
        Networks.NetworkType.Vxlan or Networks.NetworkType.Gre or Networks.NetworkType.Geneve => CheckTunnel(),
        _ => Errors.InvalidInput($"network_type value '{NetworkType}' not supported"),
    };

    private ApiError? CheckFlat(NetworkSettings settings)
    {
        if (string.IsNullOrEmpty(PhysicalNetwork))
            return Errors.InvalidInput("physical_network required for flat provider network");
        if (settings.FlatNetworks.IsEmpty)
            return Errors.InvalidInput("Flat provider networks are disabled");
        return settings.FlatNetworks.Contains(NetworkSettings.AnyFlatNetwork)
            || settings.FlatNetworks.Contains(PhysicalNetwork)
            ? null
            : Errors.InvalidInput($"physical_network '{PhysicalNetwork}' unknown for flat provider network");
    }

    private ApiError? CheckVlan(Func<ImmutableHashSet<string>> vlanNetworks)
    {
        if (string.IsNullOrEmpty(PhysicalNetwork))
        {
            return SegmentationId is null
                ? null
                : Errors.InvalidInput("segmentation_id requires physical_network for VLAN provider network");
        }
        if (!vlanNetworks().Contains(PhysicalNetwork))
            return Errors.InvalidInput($"physical_network '{PhysicalNetwork}' unknown for VLAN provider network");
        return SegmentationId is { } id && !IsWithin(id, NetworkSettings.VlanIds)
            ? OutOfRange(NetworkSettings.VlanIds)
            : null;
    }

    private ApiError? CheckTunnel()
    {
        if (!string.IsNullOrEmpty(PhysicalNetwork))
            return Errors.InvalidInput($"provider:physical_network specified for {NetworkType} network");
        var ids = NetworkSettings.IdsOf(NetworkType!);
        return SegmentationId is { } id && !IsWithin(id, ids) ? OutOfRange(ids) : null;
    }

    private ApiError? NoId() => SegmentationId is > 0 ? Prohibited("segmentation_id") : null;

    private ApiError Prohibited(string name) =>
        Errors.InvalidInput($"{name} prohibited for {NetworkType} provider network");

    private static bool IsWithin(long id, NumberRange range) => range.First <= id && id <= range.Last;

    private static ApiError OutOfRange(NumberRange range) =>
        Errors.InvalidInput($"segmentation_id out of range ({range.First} through {range.Last})");

    private static bool TryRead(JsonElement json, out RequestedSegment value, out string reason)
    {
        value = default;
        if (!Members.TryReadSome(json, [TypeName, PhysicalName, IdName], out reason))
            return false;
        (string?, string?, long?) read = default;
        if (json.TryGetProperty(TypeName, out var type) && !Text.TryRead(type, out read.Item1, out reason))
            return false;
        if (json.TryGetProperty(PhysicalName, out var physical) && !Text.TryRead(physical, out read.Item2, out reason))
            return false;
        if (json.TryGetProperty(IdName, out var id) && !Number.TryRead(id, out read.Item3, out reason))
            return false;
        value = new RequestedSegment(read.Item1, read.Item2, read.Item3);
        return true;
    }
}
