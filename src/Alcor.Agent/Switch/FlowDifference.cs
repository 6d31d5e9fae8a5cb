using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Switch;

/// <summary>
/// From what the switch has to what it should have. First what is added or replaced, later tables before earlier
/// ones, so that a packet is never led to where nothing waits for it; then what goes, the other way round; the
/// sentinel last. Foreign flows are not seen here: they stay, except that a flow of ours replaces one at its very
/// place.
/// </summary>
public static class FlowDifference
{
    /// <param name="keys">The flows to compare; others are known to be equal.</param>
    public static IReadOnlyList<FlowChange> Between(
        IEnumerable<FlowKey> keys, Func<FlowKey, Flow?> has, Func<FlowKey, Flow?> wanted)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(has);
        ArgumentNullException.ThrowIfNull(wanted);
        var puts = new List<Flow>();
        var deletes = new List<Flow>();
        foreach (var key in keys)
        {
            var before = has(key);
            if (wanted(key) is { } after)
            {
                if (!after.Equals(before))
                    puts.Add(after);
            }
            else if (before is not null)
            {
                deletes.Add(before);
            }
        }
        return
        [
            .. puts.Where(flow => !IsSentinel(flow)).OrderByDescending(flow => flow.Table).Select(Put),
            .. deletes.OrderBy(flow => flow.Table).Select(flow => new FlowChange(flow, IsDelete: true)),
            .. puts.Where(IsSentinel).Select(Put),
        ];
    }

    private static FlowChange Put(Flow flow) => new(flow, IsDelete: false);

    private static bool IsSentinel(Flow flow) => flow.Cookie == Cookies.Sentinel;
}
