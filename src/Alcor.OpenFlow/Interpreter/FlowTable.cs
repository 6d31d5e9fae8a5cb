namespace Alcor.OpenFlow;

/// <summary>
/// The flows of one table, for look-up by packet. As in Open vSwitch's classifier, flows whose matches have the same
/// masks share a hash table, so that a look-up costs one probe for each set of masks and not one for each flow.
/// </summary>
internal sealed class FlowTable
{
    private readonly Dictionary<FlowKey, Flow> flows = [];
    private readonly Dictionary<MaskSet, SubTable> subTables = [];

    public int Count => flows.Count;

    /// <summary>From the highest priority to the lowest; the text breaks ties, so that a dump has one order.</summary>
    public IEnumerable<Flow> Flows =>
        flows.Values.OrderByDescending(flow => flow.Priority)
            .ThenBy(flow => flow.Match.ToString(), StringComparer.Ordinal);

    /// <summary>Sets the flow of a key, or removes it when null; returns the one that was there.</summary>
    public Flow? Put(FlowKey key, Flow? flow)
    {
        var before = flows.GetValueOrDefault(key);
        var masks = MaskSet.Of(key.Match);
        if (before is not null)
        {
            flows.Remove(key);
            if (subTables[masks].Remove(before)) subTables.Remove(masks);
        }

        if (flow is not null)
        {
            flows[key] = flow;
            if (!subTables.TryGetValue(masks, out var subTable)) subTables[masks] = subTable = new SubTable(masks);
            subTable.Add(flow);
        }

        return before;
    }

    public Flow? Lookup(PipelineState state)
    {
        Flow? best = null;
        foreach (var subTable in subTables.Values)
            if (subTable.Lookup(state) is { } found && (best is null || found.Priority > best.Priority))
                best = found;
        return best;
    }

    private readonly record struct MaskSet(ValueList<(Field Field, UInt128 Mask)> Masks)
    {
        public static MaskSet Of(Match match) => new(match.Select(demand => (demand.Field, demand.Mask)).ToValueList());
    }

    private sealed class SubTable(MaskSet masks)
    {
        private readonly Dictionary<ValueList<UInt128>, List<Flow>> flows = [];

        public void Add(Flow flow)
        {
            var key = flow.Match.Select(demand => demand.Value).ToValueList();
            if (!flows.TryGetValue(key, out var list)) flows[key] = list = [];
            list.Add(flow);
            list.Sort((left, right) => right.Priority.CompareTo(left.Priority));
        }

        /// <summary>True when nothing is left.</summary>
        public bool Remove(Flow flow)
        {
            var key = flow.Match.Select(demand => demand.Value).ToValueList();
            flows[key].Remove(flow);
            if (flows[key].Count == 0) flows.Remove(key);
            return flows.Count == 0;
        }

        public Flow? Lookup(PipelineState state)
        {
            var values = new UInt128[masks.Masks.Count];
            for (var i = 0; i < values.Length; i++) values[i] = state[masks.Masks[i].Field] & masks.Masks[i].Mask;
            return flows.TryGetValue(new ValueList<UInt128>(values), out var list) ? list[0] : null;
        }
    }
}
