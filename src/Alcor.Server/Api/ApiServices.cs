using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Server.Api;

/// <summary>What the endpoints work with.</summary>
/// <param name="Entropy">Random bits for a new resource.</param>
internal sealed record ApiServices(
    IStore Store, Catalog Catalog, CommandLanes Lanes, TimeProvider Time, Func<ulong> Entropy)
{
    /// <summary>Who may do what.</summary>
    public required PolicySource Policy { get; init; }

    public string NewId() => Guid.CreateVersion7(Time.GetUtcNow()).ToString();

    public async ValueTask<Stamped<object>?> FindAsync(
        IResourceType type, string id, CancellationToken cancellationToken) =>
        await Store.GetAsync(new ResourceKey(type.Name, id), cancellationToken) is { } stored
            ? new Stamped<object>(type.Decode(stored.Value), stored.Revision)
            : null;
}
