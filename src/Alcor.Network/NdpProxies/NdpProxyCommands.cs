using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NdpProxies;

/// <summary>What the Networking API can ask of ND proxies.</summary>
public sealed class NdpProxyCommands : IResourceCommands
{
    public IResourceType Type => NdpProxy.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateNdpProxies(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateNdpProxy((NdpProxy)current.Value, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteNdpProxy((NdpProxy)current.Value, change.IfRevision);
}

internal sealed record UpdateNdpProxy(NdpProxy Current, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Router(Current.RouterId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(NdpProxy.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var proxy = found.Value.Value;
        var updated = proxy with
        {
            Name = Body.Get(NdpProxyAttributes.Name, proxy.Name),
            Description = Body.Get(NdpProxyAttributes.Description, proxy.Description),
            UpdatedAt = context.Now,
        };
        return new Decision().Update(NdpProxy.Type, updated, found.Value).AndAnswer();
    }
}

internal sealed record DeleteNdpProxy(NdpProxy Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Router(Current.RouterId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Delete(NdpProxy.Type, Current.Id, IfRevision);
}
