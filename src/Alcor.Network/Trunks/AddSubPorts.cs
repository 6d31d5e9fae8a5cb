using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.Trunks;

internal sealed record AddSubPorts(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.Trunk(Id);

    public IReadOnlyList<ResourceKey> Reads => [.. Wanted.Select(port => Port.Type.Key(port.PortId))];

    private ImmutableArray<SubPortRequest> Wanted => Change.Body.Get(TrunkAttributes.Changed);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Trunk.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var trunk = found.Value.Value;
        var ports = new TrunkPorts(context);
        var updated = new SubPortChecks(ports, Change.Caller).Add(trunk, Wanted);
        if (updated.Error is { } error)
            return error;
        if (!trunk.AdminStateUp)
            return TrunkErrors.TrunkDisabled(Id);
        if (ports.Find(trunk.PortId)?.Status == PortStatus.Error)
            return TrunkErrors.TrunkInErrorState(Id);
        ports.Follow(trunk, updated.Value);
        var after = updated.Value with { UpdatedAt = context.Now };
        return ports.ApplyTo(new Decision().Update(Trunk.Type, after, found.Value).AndAnswer());
    }
}
