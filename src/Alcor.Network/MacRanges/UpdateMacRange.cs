using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.MacRanges;

internal sealed record UpdateMacRange(string Id, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => MacRange.Pool;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(MacRange.Type, Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var range = found.Value.Value;
        var updated = range with
        {
            Name = Body.Get(MacRangeAttributes.Name, range.Name),
            Description = Body.Get(MacRangeAttributes.Description, range.Description),
            First = Body.Get(MacRangeAttributes.First, range.First),
            Last = Body.Get(MacRangeAttributes.Last, range.Last),
            State = Body.Get(MacRangeAttributes.State, range.State),
            UpdatedAt = context.Now,
        };
        if (CreateMacRanges.Check(updated, snapshot.All(MacRange.Type)) is { } error)
            return error;
        var decision = new Decision().Update(MacRange.Type, updated, found.Value).AndAnswer();
        if (updated.First <= range.First && range.Last <= updated.Last)
            return decision;
        return context.Referrers(MacRange.Type.Key(Id), Port.Type, limit: 1).Count > 0
            ? MacRangeErrors.InUse(Id)
            : decision.RestsOnUnreferenced(MacRange.Type, Id);
    }
}
