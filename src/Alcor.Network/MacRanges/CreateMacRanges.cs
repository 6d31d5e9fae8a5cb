using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.MacRanges;

/// <summary>Sets addresses aside. A range may be a part of a prefix of the settings.</summary>
internal sealed record CreateMacRanges(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => MacRange.Pool;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var others = snapshot.All(MacRange.Type).ToList();
        for (var i = 0; i < Items.Count; i++)
        {
            var body = Items[i].Body;
            var range = new MacRange(
                Items[i].Id,
                body.Get(MacRangeAttributes.Name),
                body.Get(MacRangeAttributes.Description),
                body.Get(MacRangeAttributes.First),
                body.Get(MacRangeAttributes.Last),
                body.Get(MacRangeAttributes.State),
                context.Now,
                context.Now);
            if (Check(range, others) is { } error)
                return Items.Count == 1 ? error : error.OfItem(i, MacRange.Type.Collection);
            others.Add(range);
            decision.Create(MacRange.Type, range).AndAnswer();
        }
        return decision;
    }

    /// <summary>What is wrong with the bounds of a range.</summary>
    /// <param name="others">All ranges, with or without this one.</param>
    internal static ApiError? Check(MacRange range, IEnumerable<MacRange> others)
    {
        if (range.Last < range.First)
            return ApiError.InvalidInput("last", $"'{range.Last}' is below first, '{range.First}'");
        // Behind each first octet comes one with the group bit: stations have none of its addresses.
        if (range.First.Bits >> 40 != range.Last.Bits >> 40)
        {
            return ApiError.InvalidInput(
                "last", $"'{range.Last}' does not begin with the octet that first, '{range.First}', begins with");
        }
        return others.FirstOrDefault(other => other.Id != range.Id && other.Overlaps(range)) is { } overlapping
            ? MacRangeErrors.Overlaps(range, overlapping)
            : null;
    }
}
