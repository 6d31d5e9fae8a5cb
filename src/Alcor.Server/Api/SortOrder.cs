using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Microsoft.Extensions.Primitives;

namespace Alcor.Server.Api;

/// <summary>A resource with what it is sorted by, read once.</summary>
internal readonly record struct Sortable(Stamped<object> Resource, string Id, ImmutableArray<IComparable?> Keys);

/// <summary>An order of resources: by attributes, then by id, so that no two are equal. Null comes first.</summary>
internal sealed class SortOrder : IComparer<Sortable>
{
    private readonly ImmutableArray<(ApiAttribute Attribute, bool IsDescending)> keys;

    private SortOrder(ImmutableArray<(ApiAttribute Attribute, bool IsDescending)> keys) => this.keys = keys;

    /// <summary>The order in which the store lists: nothing has to be sorted.</summary>
    public bool IsById => keys.Length == 0 || (keys[0].Attribute.Name == "id" && !keys[0].IsDescending);

    public bool IsBy(string name) => keys.Any(key => key.Attribute.Name == name);

    /// <summary>Pairs of sort_key and sort_dir; none: by id.</summary>
    public static Result<SortOrder> Parse(ApiCollection collection, StringValues names, StringValues directions)
    {
        if (names.Count != directions.Count)
            return ApiError.BadRequest("The number of sort_keys and sort_dirs must be same");
        var parsed = ImmutableArray.CreateBuilder<(ApiAttribute, bool)>(names.Count);
        for (var i = 0; i < names.Count; i++)
        {
            if (collection.Find(names[i] ?? "") is not { IsSortable: true } attribute)
                return ApiError.BadRequest($"['{names[i]}'] is invalid attribute for sort_keys");
            if (directions[i] is not ("asc" or "desc"))
            {
                return ApiError.BadRequest(
                    $"['{directions[i]}'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'");
            }
            parsed.Add((attribute, directions[i] == "desc"));
        }
        return new SortOrder(parsed.MoveToImmutable());
    }

    public Sortable Prepare(IResourceType type, Stamped<object> resource) =>
        new(
            resource,
            type.KeyOf(resource.Value).Id,
            [.. keys.Select(key => key.Attribute.Attribute.SortKey(resource))]);

    public int Compare(Sortable x, Sortable y)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var order = Compare(x.Keys[i], y.Keys[i]);
            if (order != 0)
                return keys[i].IsDescending ? -order : order;
        }
        return string.CompareOrdinal(x.Id, y.Id);
    }

    private static int Compare(IComparable? left, IComparable? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string leftText, string rightText) => string.CompareOrdinal(leftText, rightText),
        _ => left.CompareTo(right),
    };
}
