using System.Runtime.CompilerServices;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Storage;

namespace Alcor.Server.Api;

/// <summary>
/// What the store lists in order of id: an entry of an index, or what refers to a resource; with neither, all of the
/// type.
/// </summary>
internal readonly record struct ListSource(IndexEntry? Index, ResourceKey? RefersTo)
{
    public ListQuery Query(string type, string? after, int limit) =>
        new(type, Index, after, limit) { RefersTo = RefersTo };
}

/// <summary>Where a list is read from.</summary>
/// <param name="Sources">Their union holds all that is selected.</param>
/// <param name="IsExact">It holds nothing else.</param>
internal sealed record ListPlan(IReadOnlyList<ListSource> Sources, bool IsExact)
{
    private static readonly ListSource Everything = new(null, null);

    /// <summary>
    /// By an attribute if there is a filter on one that needs no scan, which gives less than all of a project; else by
    /// who may see it.
    /// </summary>
    public static ListPlan Of(IResourceType type, ListRequest request)
    {
        var conditions = request.Filters.Sum(filter => filter.Conditions) + (request.ChangedSince is null ? 0 : 1)
            + (request.Tags is null ? 0 : 1);
        var viewer = type.HasVisibility ? request.VisibleTo : null;
        if (Filtered(type, request) is { } filtered)
            return new ListPlan(filtered, conditions == 1 && viewer is null);
        if (viewer is not null)
            return new ListPlan([.. Visible(type, [viewer, Visibility.Everybody])], conditions == 0);
        // Its owner sees a resource, so what a project owns is among what it sees.
        return type.HasVisibility && (Stored(request, "project_id") ?? Stored(request, "tenant_id")) is { } owners
            ? new ListPlan([.. Visible(type, owners)], IsExact: false)
            : new ListPlan([Everything], conditions == 0);
    }

    private static IReadOnlyList<ListSource>? Filtered(IResourceType type, ListRequest request)
    {
        foreach (var name in type.Indexes)
        {
            if (Stored(request, name) is { } values)
                return [.. values.Select(value => new ListSource(type.Entry(name, value), null))];
        }
        foreach (var (attribute, target) in type.ListedByReference)
        {
            if (Stored(request, attribute) is { } ids)
                return [.. ids.Select(id => new ListSource(null, new ResourceKey(target, id)))];
        }
        return null;
    }

    private static IEnumerable<ListSource> Visible(IResourceType type, IEnumerable<string> projects) =>
        projects.Distinct().Select(project => new ListSource(type.Entry(Visibility.Index, project), null));

    /// <summary>The values of a filter, if the store can have listed something under each of them.</summary>
    private static IReadOnlyCollection<string>? Stored(ListRequest request, string attribute) =>
        request.Filters.Select(filter => filter.ValuesOf(attribute)).FirstOrDefault(found => found is not null)
            is { } values
            && values.All(value => value.Length is > 0 and <= StoreLimits.KeyCharsMax)
            ? values
            : null;
}

/// <summary>Reads resources of one type in order of id, in portions.</summary>
/// <param name="portion">How many of each source are read at a time.</param>
internal sealed class ListReader(IStore store, string type, int portion)
{
    /// <summary>The union of the sources, each resource once.</summary>
    public IAsyncEnumerable<StoredResource> ReadAsync(
        IReadOnlyList<ListSource> sources, string? after, CancellationToken cancellationToken) =>
        sources is [var only]
            ? ScanAsync(only, after, cancellationToken)
            : MergeAsync(sources, after, cancellationToken);

    public async IAsyncEnumerable<StoredResource> ReadAsync(
        IEnumerable<string> ids, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            if (after is not null && string.CompareOrdinal(id, after) <= 0)
                continue;
            if (await store.GetAsync(new ResourceKey(type, id), cancellationToken) is { } found)
                yield return found;
        }
    }

    private async IAsyncEnumerable<StoredResource> ScanAsync(
        ListSource source, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredResource> read;
        do
        {
            read = await store.ListAsync(source.Query(type, after, portion), cancellationToken);
            foreach (var resource in read)
                yield return resource;
            after = read.Count > 0 ? read[^1].Key.Id : after;
        }
        while (read.Count == portion);
    }

    private async IAsyncEnumerable<StoredResource> MergeAsync(
        IReadOnlyList<ListSource> sources, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new List<IAsyncEnumerator<StoredResource>>(sources.Count);
        try
        {
            var next = new PriorityQueue<IAsyncEnumerator<StoredResource>, string>(StringComparer.Ordinal);
            foreach (var source in sources)
            {
                var rows = ScanAsync(source, after, cancellationToken).GetAsyncEnumerator(cancellationToken);
                open.Add(rows);
                if (await rows.MoveNextAsync())
                    next.Enqueue(rows, rows.Current.Key.Id);
            }
            string? last = null;
            while (next.TryDequeue(out var rows, out var id))
            {
                if (id != last)
                    yield return rows.Current;
                last = id;
                if (await rows.MoveNextAsync())
                    next.Enqueue(rows, rows.Current.Key.Id);
            }
        }
        finally
        {
            foreach (var rows in open)
                await rows.DisposeAsync();
        }
    }
}
