using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.LocalIps;

/// <summary>What the Networking API can ask of local IPs.</summary>
public sealed class LocalIpCommands(NetworkSettings settings) : IResourceCommands
{
    public IResourceType Type => LocalIp.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateLocalIps(settings, items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateLocalIp((LocalIp)current.Value, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteLocalIp((LocalIp)current.Value, change.IfRevision);
}

internal sealed record UpdateLocalIp(LocalIp Current, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(LocalIp.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var ip = found.Value.Value;
        var updated = ip with
        {
            Name = Body.Get(LocalIpAttributes.Name, ip.Name),
            Description = Body.Get(LocalIpAttributes.Description, ip.Description),
            UpdatedAt = context.Now,
        };
        return new Decision().Update(LocalIp.Type, updated, found.Value).AndAnswer();
    }
}

/// <summary>Deletes a local IP that means no port, with the port that was made for it.</summary>
internal sealed record DeleteLocalIp(LocalIp Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(LocalIp.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        if (!found.Value.Value.Associations.OrEmpty().IsEmpty)
            return LocalIpErrors.InUse(Current.Id);
        var decision = new Decision().Delete(LocalIp.Type, found.Value).AndAnswer();
        return snapshot.Find(Port.Type, Current.LocalPortId) is { Value.DeviceOwner: DeviceOwner.LocalIp } port
            ? decision.DeleteOwn(port, context)
            : decision;
    }
}
