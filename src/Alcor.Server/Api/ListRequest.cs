using System.Collections.Immutable;
using System.Globalization;
using Alcor.Kernel.Resources;
using Microsoft.Extensions.Primitives;

namespace Alcor.Server.Api;

/// <summary>What the query parameters of a list ask for.</summary>
/// <param name="ChangedSince">Only what was updated at that time or later; of the extension
/// standard-attr-timestamp.</param>
internal sealed record ListRequest(
    ImmutableArray<Filter> Filters,
    DateTimeOffset? ChangedSince,
    ImmutableArray<ApiAttribute> Fields,
    SortOrder Order,
    Paging Paging)
{
    private const string UpdatedAt = "updated_at";

    /// <summary>Only what this project may see, of types that projects see differently; null: all.</summary>
    public string? VisibleTo { get; init; }

    /// <summary>How to select by tags; null: not at all.</summary>
    public TagFilter? Tags { get; init; }

    /// <summary>Parameters that are no filters.</summary>
    public static readonly ImmutableArray<string> Reserved =
        ["fields", "sort_key", "sort_dir", "limit", "marker", "page_reverse"];

    public bool Selects(ApiCollection collection, Stamped<object> resource)
    {
        if (VisibleTo is { } project && !collection.Type.IsVisible(resource.Value, project))
            return false;
        foreach (var filter in Filters)
        {
            if (!filter.Matches(resource))
                return false;
        }
        if (Tags is { } tags && !tags.Matches(collection.Type, resource.Value))
            return false;
        return ChangedSince is not { } since
            || collection.ByName[UpdatedAt].SortKey(resource) is DateTimeOffset updated && updated >= since;
    }

    /// <summary>
    /// Whether it selects or sorts by what a resource shows of others (<see cref="IResourceType.ShownIn"/>).
    /// </summary>
    public bool LooksAtShown(IResourceType type) =>
        Filters.Any(filter => type.ShownIn.Contains(filter.Name)) || type.ShownIn.Any(Order.IsBy);

    /// <summary>Only those whose parent is this one.</summary>
    public ListRequest Within(IAttribute parent, string id) =>
        this with { Filters = [Filter.Of(parent, id), .. Filters] };

    public static Result<ListRequest> Parse(ApiCollection collection, IQueryCollection query)
    {
        var order = SortOrder.Parse(collection, query["sort_key"], query["sort_dir"]);
        if (order.Error is { } unsorted)
            return unsorted;
        var paging = Paging.Parse(query);
        if (paging.Error is { } unpaged)
            return unpaged;
        var changedSince = ParseChangedSince(collection, query);
        if (changedSince.Error is { } undated)
            return undated;
        var filters = ParseFilters(collection, query);
        if (filters.Error is { } unfiltered)
            return unfiltered;
        return new ListRequest(
            filters.Value, changedSince.Value, collection.Project(query["fields"]), order.Value, paging.Value)
        {
            Tags = collection.Type.IsTagged ? TagFilter.Parse(query) : null,
        };
    }

    private static Result<ImmutableArray<Filter>> ParseFilters(ApiCollection collection, IQueryCollection query)
    {
        var filters = ImmutableArray.CreateBuilder<Filter>();
        List<string>? unknown = null;
        foreach (var (name, values) in query)
        {
            if (Reserved.Contains(name) || IsChangedSince(collection, name)
                || (collection.Type.IsTagged && TagFilter.Names.Contains(name)))
                continue;
            if (collection.Find(name) is not { } attribute)
            {
                (unknown ??= []).Add($"'{name}'");
                continue;
            }
            var filter = Filter.Parse(attribute, values);
            if (filter.Error is { } error)
                return error;
            filters.Add(filter.Value);
        }
        return unknown is null
            ? filters.ToImmutable()
            : ApiError.BadRequest($"[{string.Join(", ", unknown.Order())}] is invalid attribute for filtering");
    }

    private static bool IsChangedSince(ApiCollection collection, string name) =>
        name == "changed_since" && collection.ByName.ContainsKey(UpdatedAt);

    private static Result<DateTimeOffset?> ParseChangedSince(ApiCollection collection, IQueryCollection query)
    {
        if (!IsChangedSince(collection, "changed_since") || query["changed_since"] is not { Count: > 0 } values)
            return (DateTimeOffset?)null;
        return DateTimeOffset.TryParseExact(
            values[^1]?.TrimEnd('Z'),
            "yyyy-MM-dd'T'HH:mm:ss",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var since)
            ? (DateTimeOffset?)since
            : ApiError.InvalidInput(
                "changed_since", $"'{values[^1]}' is not of the form YYYY-MM-DDTHH:MM:SSZ");
    }
}

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Limit">At most that many; null: all.</param>
/// <param name="Marker">The id behind which the page begins, or before which it ends when reversed.</param>
internal sealed record Paging(int? Limit, string? Marker, bool IsReversed)
{
    public static Result<Paging> Parse(IQueryCollection query)
    {
        int? limit = null;
        if (query["limit"] is { Count: > 0 } limits)
        {
            if (!int.TryParse(limits[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return new ApiError(
                    400,
                    "BadRequest",
                    $"Bad limit request: Limit must be an integer 0 or greater and not '{limits[^1]}'.");
            }
            // Zero is no limit, as in Neutron.
            limit = number == 0 ? null : number;
        }
        var marker = Last(query["marker"]);
        return new Paging(
            limit, marker is { Length: > 0 } ? marker : null, Last(query["page_reverse"]) is "True" or "true" or "1");
    }

    private static string? Last(StringValues values) => values.Count == 0 ? null : values[^1];
}
