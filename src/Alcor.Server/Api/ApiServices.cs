using System.Collections.Immutable;
using Alcor.Dataplane;
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

    /// <summary>How far hosts are; null in a process without the dataplane role.</summary>
    public Convergence? Convergence { get; init; }

    public DecodedResources Decoded { get; } = new(ServerLimits.DecodedResourcesKept);

    public string NewId() => Guid.CreateVersion7(Time.GetUtcNow()).ToString();

    public async ValueTask<Stamped<object>?> FindAsync(
        IResourceType type, string id, CancellationToken cancellationToken) =>
        await Store.GetAsync(new ResourceKey(type.Name, id), cancellationToken) is { } stored
            ? Decoded.Decode(type, stored)
            : null;

    /// <summary>The resource with what it embeds, if that is shown.</summary>
    public ValueTask<Stamped<object>> EmbedAsync(
        IResourceType type,
        ImmutableArray<ApiAttribute> shown,
        Stamped<object> resource,
        CancellationToken cancellationToken) =>
        type.Embeds is null && !type.ShownWith(resource.Value).Any()
            ? ValueTask.FromResult(resource)
            : ReadEmbeddedAsync(type, shown, resource, cancellationToken);

    private async ValueTask<Stamped<object>> ReadEmbeddedAsync(
        IResourceType type,
        ImmutableArray<ApiAttribute> shown,
        Stamped<object> resource,
        CancellationToken cancellationToken)
    {
        resource = await WithShownAsync(type, shown, resource, cancellationToken);
        if (type.Embeds is not { } embedding || !shown.Any(attribute => attribute.Name == embedding.Attribute))
            return resource;
        var query = ListQuery.To(type.KeyOf(resource.Value), embedding.Part);
        var referring = await Store.ListAsync(query, cancellationToken);
        return resource with { Value = embedding.Fill(resource.Value, referring.Select(Catalog.Decode)) };
    }

    /// <summary>The resource with what is shown as a part of it though it is another's.</summary>
    private async ValueTask<Stamped<object>> WithShownAsync(
        IResourceType type,
        ImmutableArray<ApiAttribute> shown,
        Stamped<object> resource,
        CancellationToken cancellationToken)
    {
        Dictionary<ResourceKey, object?>? read = null;
        foreach (var key in type.ShownWith(resource.Value))
        {
            if (read is null && !shown.Any(attribute => type.ShownIn.Contains(attribute.Name)))
                return resource;
            (read ??= [])[key] = (await FindAsync(Catalog[key.Type], key.Id, cancellationToken))?.Value;
        }
        return read is null
            ? resource
            : resource with { Value = type.WithShown(resource.Value, read.GetValueOrDefault) };
    }
}
