using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>
/// The rows of a collection that is not stored as such but follows from what is: availability zones, quotas. Filters,
/// order, pages and fields are applied to what it gives.
/// </summary>
internal interface ICollectionSource
{
    /// <summary>All rows that the caller may see, each once, in any order.</summary>
    IAsyncEnumerable<Stamped<object>> ListAsync(ApiCall call);

    ValueTask<Stamped<object>?> FindAsync(ApiCall call, string id);
}
