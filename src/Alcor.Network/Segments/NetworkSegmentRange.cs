using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Segments;

/// <summary>
/// Segmentation ids that an administrator has set apart, for a project or for all, in the pool that they are given out
/// from. What the settings say is shown in the same form, and not stored.
/// </summary>
/// <param name="ProjectId">Empty when it is shared.</param>
public sealed record NetworkSegmentRange(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    bool Shared,
    string NetworkType,
    string? PhysicalNetwork,
    uint Minimum,
    uint Maximum,
    ImmutableArray<string> Tags,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>How many free ids are shown: a whole range of tunnel ids would be a hundred megabytes.</summary>
    public const int AvailableMax = 10_000;

    public static readonly ResourceType<NetworkSegmentRange> Type =
        new("network_segment_range", "network_segment_ranges")
    {
        Json = NetworkJson.Default.NetworkSegmentRange,
        Id = range => range.Id,
        Partition = _ => Segment.Pool,
        Tags = range => range.Tags,
        WithTags = (range, tags, now) => range with { Tags = tags, UpdatedAt = now },
        Attributes = NetworkSegmentRangeAttributes.All,
    };

    /// <summary>Whether it is what the settings say.</summary>
    [JsonIgnore]
    public bool IsDefault { get; init; }

    /// <summary>Ids that segments have, with the projects that own their networks.</summary>
    [JsonIgnore]
    public ImmutableArray<KeyValuePair<uint, string>> Used { get; init; } = [];

    /// <summary>The lowest ids that nobody has.</summary>
    [JsonIgnore]
    public ImmutableArray<long> Available { get; init; } = [];

    public NumberRange Ids => new(Minimum, Maximum);

    /// <summary>The ranges of the settings; their ids follow from what they say.</summary>
    public static IEnumerable<NetworkSegmentRange> Defaults(NetworkSettings settings) =>
        from type in (string[])[Networks.NetworkType.Vlan, .. TunnelTypes]
        from range in settings.RangesOf(type)
        select new NetworkSegmentRange(
            DerivedId.Of($"{type}/{range.PhysicalNetwork}/{range.Ids}", "network-segment-range"),
            "", "", "", Shared: true, type, range.PhysicalNetwork, range.Ids.First, range.Ids.Last, [],
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)
        {
            IsDefault = true,
        };

    /// <summary>With what of it is used and what is free, as the pool has it.</summary>
    public NetworkSegmentRange On(Snapshot pool)
    {
        var taken = pool.Claimed(Segment.Space(NetworkType, PhysicalNetwork));
        var available = ImmutableArray.CreateBuilder<long>();
        UInt128 first = Minimum;
        while (available.Count < AvailableMax && taken.FirstAbsent(first, Maximum) is { } free)
        {
            available.Add((long)free);
            first = free + 1;
        }
        var used =
            from segment in UsedOf(pool)
            orderby segment.SegmentationId
            select KeyValuePair.Create(segment.SegmentationId!.Value, segment.ProjectId);
        return this with { Used = [.. used], Available = available.ToImmutable() };
    }

    internal IEnumerable<Segment> UsedOf(Snapshot pool) => pool.All(Segment.Type).Where(segment =>
        segment.NetworkType == NetworkType && segment.PhysicalNetwork == PhysicalNetwork
        && segment.SegmentationId is { } id && Ids.Contains(id));

    private static string[] TunnelTypes =>
        [Networks.NetworkType.Vxlan, Networks.NetworkType.Gre, Networks.NetworkType.Geneve];
}
