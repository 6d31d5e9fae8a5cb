using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.MacRanges;

/// <summary>Deletes a range of which no port has an address any more.</summary>
internal sealed record DeleteMacRange(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => MacRange.Pool;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(MacRange.Type, Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        return context.Referrers(MacRange.Type.Key(Id), Port.Type, limit: 1).Count > 0
            ? MacRangeErrors.InUse(Id)
            : new Decision().Delete(MacRange.Type, found.Value).AndAnswer();
    }
}
