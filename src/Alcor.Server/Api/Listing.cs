using System.Runtime.CompilerServices;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Server.Api;

/// <summary>
/// The resources of a page, and whether there are others before and behind it, known once all were taken.
/// </summary>
internal sealed class ListPage
{
    public bool HasNext { get; set; }

    public bool HasPrevious { get; set; }

    /// <summary>
    /// The markers of the pages before and behind, given the ids that this page begins and ends with.
    /// </summary>
    public (string? Previous, string? Next) EndsOf(string? first, string? last) =>
        (HasPrevious ? first : null, HasNext ? last : null);
}

/// <summary>
/// Finds what a list asks for: by id, through a declared index, or by reading all of the type, in portions. Every
/// resource is looked at once; a list that is in order of id is answered while it is read.
/// </summary>
/// <param name="rows">All there is, for a collection that is not stored; null: the store has them.</param>
internal sealed class Listing(
    IStore store, ApiCollection collection, ListRequest request, IAsyncEnumerable<Stamped<object>>? rows)
{
    private readonly IResourceType type = collection.Type;

    /// <param name="marker">The resource that the request's marker names.</param>
    public IAsyncEnumerable<Stamped<object>> RunAsync(
        Stamped<object>? marker, ListPage page, CancellationToken cancellationToken) =>
        rows is null && request.Order.IsById && !request.Paging.IsReversed
            ? InOrderOfIdAsync(page, cancellationToken)
            : SortedAsync(marker, page, cancellationToken);

    private async IAsyncEnumerable<Stamped<object>> InOrderOfIdAsync(
        ListPage page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        page.HasPrevious = request.Paging.Marker is not null;
        var left = request.Paging.Limit ?? int.MaxValue;
        await foreach (var resource in SelectedAsync(request.Paging.Marker, cancellationToken))
        {
            page.HasNext = left == 0;
            if (left-- == 0)
                yield break;
            yield return resource;
        }
    }

    private async IAsyncEnumerable<Stamped<object>> SortedAsync(
        Stamped<object>? marker, ListPage page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = new List<Sortable>();
        await foreach (var resource in SelectedAsync(after: null, cancellationToken))
            all.Add(request.Order.Prepare(type, resource));
        all.Sort(request.Order);
        var (first, end) = Window(all, marker);
        page.HasPrevious = first > 0;
        page.HasNext = end < all.Count;
        for (var i = first; i < end; i++)
            yield return all[i].Resource;
    }

    /// <summary>
    /// The page as a range of the sorted list. The marker itself need not be in it: it may have changed since.
    /// </summary>
    private (int First, int End) Window(List<Sortable> all, Stamped<object>? marker)
    {
        var limit = request.Paging.Limit ?? all.Count;
        var found = marker is { } at ? all.BinarySearch(request.Order.Prepare(type, at), request.Order) : 0;
        if (request.Paging.IsReversed)
        {
            var end = marker is null ? all.Count : found >= 0 ? found : ~found;
            return (Math.Max(0, end - limit), end);
        }
        var first = marker is null ? 0 : found >= 0 ? found + 1 : ~found;
        return (first, first + Math.Min(limit, all.Count - first));
    }

    private async IAsyncEnumerable<Stamped<object>> SelectedAsync(
        string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (rows is not null)
        {
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                if (request.Selects(collection, row))
                    yield return row;
            }
            yield break;
        }
        await foreach (var portion in PortionsAsync(after, cancellationToken))
        {
            foreach (var stored in portion)
            {
                var resource = new Stamped<object>(type.Decode(stored.Value), stored.Revision);
                if (request.Selects(collection, resource))
                    yield return resource;
            }
        }
    }

    /// <summary>A superset of what is selected, in order of id.</summary>
    private IAsyncEnumerable<IReadOnlyList<StoredResource>> PortionsAsync(
        string? after, CancellationToken cancellationToken)
    {
        if (request.Filters.FirstOrDefault(filter => filter.Name == "id") is { } ids)
            return ByIdAsync(ids.Values, after, cancellationToken);
        return IndexedFilter() is not { } indexed
            ? ScanAsync(index: null, after, cancellationToken)
            : indexed.Values.Count == 1
                ? ScanAsync(EntryOf(indexed, indexed.Values.Single()), after, cancellationToken)
                : ByIndexAsync(indexed, after, cancellationToken);
    }

    /// <summary>A filter that the type has an index for. Empty values are in no index.</summary>
    private Filter? IndexedFilter() => type.Indexes
        .Select(name => request.Filters.FirstOrDefault(filter => filter.Name == name && !filter.Values.Contains("")))
        .FirstOrDefault(filter => filter is not null);

    private IndexEntry EntryOf(Filter filter, string value) => new($"{type.Name}.{filter.Name}", value);

    private async IAsyncEnumerable<IReadOnlyList<StoredResource>> ScanAsync(
        IndexEntry? index, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var size = PortionSize(index);
        while (true)
        {
            var portion = await store.ListAsync(new ListQuery(type.Name, index, after, size), cancellationToken);
            yield return portion;
            if (portion.Count < size)
                yield break;
            after = portion[^1].Key.Id;
        }
    }

    /// <summary>
    /// One more than is asked for, where nothing is filtered out: it tells whether there is a next page.
    /// </summary>
    private int PortionSize(IndexEntry? index)
    {
        var decides = request.Filters.Length == (index is null ? 0 : 1) && request.ChangedSince is null;
        return decides && request.Order.IsById && !request.Paging.IsReversed && request.Paging.Limit is { } limit
            ? Math.Min(limit, ServerLimits.ListReadMax - 1) + 1
            : ServerLimits.ListReadMax;
    }

    private async IAsyncEnumerable<IReadOnlyList<StoredResource>> ByIdAsync(
        IEnumerable<string> ids, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            if (after is not null && string.CompareOrdinal(id, after) <= 0)
                continue;
            if (await store.GetAsync(new ResourceKey(type.Name, id), cancellationToken) is { } found)
                yield return [found];
        }
    }

    /// <summary>The union of several entries of an index.</summary>
    private async IAsyncEnumerable<IReadOnlyList<StoredResource>> ByIndexAsync(
        Filter filter, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, StoredResource>(StringComparer.Ordinal);
        foreach (var value in filter.Values)
        {
            await foreach (var portion in ScanAsync(EntryOf(filter, value), after, cancellationToken))
            {
                foreach (var resource in portion)
                    found[resource.Key.Id] = resource;
            }
        }
        yield return [.. found.Values];
    }
}
