namespace Alcor.OpenFlow;

/// <summary>
/// A switch in memory: flow tables, groups and meters as values, changed as Open vSwitch changes them, and the answer
/// to where a packet goes. It checks what Open vSwitch checks of a flow, so that a test finds a bad flow where a host
/// would. Conjunctions and learning are not modelled; time does not pass. Not thread-safe.
/// </summary>
public sealed partial class FlowTableSwitch
{
    private static readonly OpenFlowError Overlap = new(5, 3);
    private static readonly OpenFlowError GroupExists = new(6, 0);
    private static readonly OpenFlowError UnknownGroup = new(6, 8);
    private readonly SortedDictionary<byte, FlowTable> tables = [];
    private readonly Dictionary<uint, Group> groups = [];
    private readonly SortedSet<uint> ports = [];

    public FlowTableSwitch(params ReadOnlySpan<uint> ports)
    {
        foreach (var port in ports) AddPort(port);
    }

    /// <summary>The ports that exist; LOCAL may be one. Output to any other is dropped.</summary>
    public IReadOnlyCollection<uint> PortNumbers => ports;

    /// <summary>Outlives every change of flows, as in the switch.</summary>
    public ConnectionTable Connections { get; } = new();

    public int FlowCount => tables.Values.Sum(table => table.Count);

    public void AddPort(uint port) => ports.Add(port);

    public void RemovePort(uint port) => ports.Remove(port);

    public bool HasPort(uint port) => ports.Contains(port);

    public Group? FindGroup(uint id) => groups.GetValueOrDefault(id);

    /// <summary>The refusal, or null when the change was made.</summary>
    public OpenFlowError? Apply(FlowMod change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Apply(change, []);
    }

    /// <summary>
    /// Applies a batch. In a bundle nothing applies when anything is refused; one by one, the rest applies.
    /// </summary>
    public FlowBatchResult Apply(IReadOnlyList<FlowMod> changes, FlowDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var undo = new List<(FlowKey Key, Flow? Before)>();
        var failures = new List<FlowFailure>();
        for (var i = 0; i < changes.Count; i++)
            if (Apply(changes[i], undo) is { } error)
                failures.Add(new FlowFailure(i, changes[i], error));
        if (delivery == FlowDelivery.Barrier)
            return new FlowBatchResult(changes.Count - failures.Count, failures.ToValueList());
        if (failures.Count == 0) return new FlowBatchResult(changes.Count, []);
        for (var i = undo.Count - 1; i >= 0; i--) Put(undo[i].Key, undo[i].Before);
        return new FlowBatchResult(0, failures.ToValueList());
    }

    /// <summary>
    /// The refusal, or null when the change was made. Deleting a group deletes the flows that use it.
    /// </summary>
    public OpenFlowError? Apply(GroupModCommand command, Group group)
    {
        ArgumentNullException.ThrowIfNull(group);
        switch (command)
        {
            case GroupModCommand.Add when groups.ContainsKey(group.Id):
                return GroupExists;
            case GroupModCommand.Modify when !groups.ContainsKey(group.Id):
                return UnknownGroup;
            case GroupModCommand.Delete:
                foreach (var id in group.Id == Group.AllGroups ? [.. groups.Keys] : new List<uint> { group.Id })
                {
                    groups.Remove(id);
                    Delete(FlowFilter.Everything with { OutGroup = id });
                }

                return null;
            default:
                groups[group.Id] = group;
                return null;
        }
    }

    /// <summary>The flows within a filter, by table, then by priority from the highest.</summary>
    public IReadOnlyList<Flow> Dump(FlowFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return [.. tables.Values.SelectMany(table => table.Flows).Where(flow => IsMeant(filter, flow))];
    }

    /// <summary>Sends a packet that came in through a port, perhaps out of a tunnel, through the tables.</summary>
    public ForwardingResult Receive(uint inPort, Packet packet, TunnelFields tunnel = default)
    {
        var state = new PipelineState(packet, inPort)
        {
            [Field.TunnelId] = tunnel.Id,
            [Field.TunnelSource] = tunnel.Source.Value,
            [Field.TunnelDestination] = tunnel.Destination.Value,
            [Field.TunnelIpv6Source] = tunnel.Ipv6Source.Value,
            [Field.TunnelIpv6Destination] = tunnel.Ipv6Destination.Value,
        };
        return PipelineRun.Through(this, state, 0);
    }

    /// <summary>What a packet-out does; an output to TABLE goes through the tables.</summary>
    public ForwardingResult PacketOut(uint inPort, ValueList<FlowAction> actions, Packet packet) =>
        PipelineRun.Through(this, new PipelineState(packet, inPort), actions);

    internal Flow? Lookup(byte table, PipelineState state) =>
        tables.TryGetValue(table, out var flows) ? flows.Lookup(state) : null;

    private OpenFlowError? Apply(FlowMod change, List<(FlowKey Key, Flow? Before)> undo)
    {
        change = change with { Flow = change.Flow with { Match = Prerequisites.Kept(change.Flow.Match) } };
        var flow = change.Flow;
        // A modify that finds nothing to modify never gets to ask for its groups.
        var addressed = change.Command == FlowModCommand.Add ? [] : Addressed(change);
        var isIdle = change.Command != FlowModCommand.Add && addressed.Count == 0;
        if (FlowValidation.Check(change, id => isIdle || groups.ContainsKey(id),
                id => isIdle || meters.ContainsKey(id)) is { } error) return error;
        switch (change.Command)
        {
            case FlowModCommand.Add:
                if (flow.Flags.HasFlag(FlowFlags.CheckOverlap) && IsOverlapping(flow)) return Overlap;
                Set(flow.Key, flow with { Flags = flow.Flags & ~(FlowFlags.CheckOverlap | FlowFlags.ResetCounts) },
                    undo);
                break;
            case FlowModCommand.Modify or FlowModCommand.ModifyStrict:
                foreach (var found in addressed)
                    Set(found.Key, found with { Instructions = flow.Instructions }, undo);
                break;
            default:
                foreach (var found in addressed) Set(found.Key, null, undo);
                break;
        }

        return null;
    }

    private List<Flow> Addressed(FlowMod change)
    {
        var filter = new FlowFilter
        {
            Table = change.Flow.Table, Match = change.Flow.Match, Cookie = change.Flow.Cookie,
            CookieMask = change.CookieMask, OutPort = change.OutPort, OutGroup = change.OutGroup,
        };
        var isStrict = change.Command is FlowModCommand.ModifyStrict or FlowModCommand.DeleteStrict;
        return [.. Dump(filter).Where(flow => !isStrict
            || flow.Priority == change.Flow.Priority && flow.Match == change.Flow.Match)];
    }

    private void Delete(FlowFilter filter)
    {
        foreach (var flow in Dump(filter)) Put(flow.Key, null);
    }

    private static bool IsMeant(FlowFilter filter, Flow flow)
    {
        if (!filter.Accepts(flow)) return false;
        var actions = flow.Instructions.OfType<Instruction.ApplyActions>().SelectMany(apply => apply.Actions).ToList();
        return (filter.OutPort == Ports.Any
            || actions.Exists(a => a is FlowAction.Output o && o.Port == filter.OutPort))
            && (filter.OutGroup == Ports.Any
                || actions.Exists(a => a is FlowAction.Group g && g.Id == filter.OutGroup));
    }

    private bool IsOverlapping(Flow flow) => tables.TryGetValue(flow.Table, out var table)
        && table.Flows.Any(other => other.Priority == flow.Priority && other.Match != flow.Match
            && other.Match.Overlaps(flow.Match));

    private void Set(FlowKey key, Flow? flow, List<(FlowKey Key, Flow? Before)> undo) =>
        undo.Add((key, Put(key, flow)));

    private Flow? Put(FlowKey key, Flow? flow)
    {
        if (!tables.TryGetValue(key.Table, out var table)) tables[key.Table] = table = new FlowTable();
        return table.Put(key, flow);
    }
}
