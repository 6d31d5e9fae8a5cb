using System.Runtime.CompilerServices;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Server.Api;

/// <summary>
/// Finds what a list asks for: by id, or as <see cref="ListPlan"/> says, in portions. Every resource is looked at
/// once, what it shows of others only if it is selected otherwise; a list that is in order of id is answered while it
/// is read.
/// </summary>
/// <param name="rows">All there is, for a collection that is not stored; null: the store has them.</param>
internal sealed class Listing(
    IStore store,
    DecodedResources decoded,
    ApiCollection collection,
    ListRequest request,
    IAsyncEnumerable<Stamped<object>>? rows)
{
    private readonly IResourceType type = collection.Type;
    private readonly ListRequest byItself = request with
    {
        Filters = request.Filters.RemoveAll(filter => collection.Type.ShownIn.Contains(filter.Name)),
    };

    /// <summary>Reads what a resource shows of others; null: the list is neither selected nor sorted by that.</summary>
    public Func<Stamped<object>, CancellationToken, ValueTask<Stamped<object>>>? WithShown { get; init; }

    /// <param name="marker">The resource that the request's marker names.</param>
    public IAsyncEnumerable<Stamped<object>> RunAsync(
        Stamped<object>? marker, CancellationToken cancellationToken) =>
        rows is null && request.Order.IsById && !request.Paging.IsReversed
            ? InOrderOfIdAsync(cancellationToken)
            : SortedAsync(marker, cancellationToken);

    private async IAsyncEnumerable<Stamped<object>> InOrderOfIdAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = request.Paging.Limit ?? int.MaxValue;
        await foreach (var resource in SelectedAsync(request.Paging.Marker, cancellationToken))
        {
            if (left-- == 0)
                yield break;
            yield return resource;
        }
    }

    private async IAsyncEnumerable<Stamped<object>> SortedAsync(
        Stamped<object>? marker, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = new List<Sortable>();
        await foreach (var resource in SelectedAsync(after: null, cancellationToken))
            all.Add(request.Order.Prepare(type, resource));
        all.Sort(request.Order);
        var (first, end) = Window(all, marker);
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
        await foreach (var found in RowsAsync(after, cancellationToken))
        {
            if (!byItself.Selects(collection, found))
                continue;
            if (WithShown is null)
                yield return found;
            else if (await WithShown(found, cancellationToken) is var whole && request.Selects(collection, whole))
                yield return whole;
        }
    }

    private async IAsyncEnumerable<Stamped<object>> RowsAsync(
        string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (rows is not null)
        {
            await foreach (var row in rows.WithCancellation(cancellationToken))
                yield return row;
            yield break;
        }
        await foreach (var stored in ReadAsync(after, cancellationToken))
            yield return decoded.Decode(type, stored);
    }

    /// <summary>A superset of what is selected, in order of id.</summary>
    private IAsyncEnumerable<StoredResource> ReadAsync(string? after, CancellationToken cancellationToken)
    {
        var plan = ListPlan.Of(type, request);
        var reader = new ListReader(store, type.Name, PortionSize(plan));
        return request.Filters.FirstOrDefault(filter => filter.Name == "id") is { } ids
            ? reader.ReadAsync(ids.Values, after, cancellationToken)
            : reader.ReadAsync(plan.Sources, after, cancellationToken);
    }

    /// <summary>
    /// One more than is asked for, where nothing is filtered out: it tells whether there is a next page.
    /// </summary>
    private int PortionSize(ListPlan plan)
    {
        var most = Math.Max(ServerLimits.ListReadMax / plan.Sources.Count, ServerLimits.ListReadMin);
        return plan.IsExact && request.Order.IsById && !request.Paging.IsReversed && request.Paging.Limit is { } limit
            ? Math.Min(limit, most - 1) + 1
            : most;
    }
}
