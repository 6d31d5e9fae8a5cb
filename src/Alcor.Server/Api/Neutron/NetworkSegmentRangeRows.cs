using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Network.Segments;

namespace Alcor.Server.Api.Neutron;

/// <summary>
/// The network segment ranges: those of the settings and those that are stored, each with what of it is used.
/// </summary>
internal sealed class NetworkSegmentRangeRows(NetworkSettings settings, ApiServices services) : ICollectionSource
{
    public async IAsyncEnumerable<Stamped<object>> ListAsync(ApiCall call)
    {
        var pool = await services.Catalog.LoadAsync(services.Store, Segment.Pool);
        foreach (var range in NetworkSegmentRange.Defaults(settings))
            yield return new Stamped<object>(range.On(pool), 0);
        foreach (var range in pool.All(NetworkSegmentRange.Type))
            yield return Stored(pool, range.Id)!.Value;
    }

    public async ValueTask<Stamped<object>?> FindAsync(ApiCall call, string id)
    {
        var pool = await services.Catalog.LoadAsync(services.Store, Segment.Pool);
        return NetworkSegmentRange.Defaults(settings).FirstOrDefault(range => range.Id == id) is { } range
            ? new Stamped<object>(range.On(pool), 0)
            : Stored(pool, id);
    }

    private static Stamped<object>? Stored(Snapshot pool, string id) =>
        pool.Find(NetworkSegmentRange.Type, id) is { } found
            ? new Stamped<object>(found.Value.On(pool), found.Revision)
            : null;
}
