namespace Alcor.OpenFlow;

/// <summary>OpenFlow 1.4.1 section 7.3.4.1, enum ofp_flow_mod_command.</summary>
public enum FlowModCommand
{
    Add = 0,
    Modify = 1,
    ModifyStrict = 2,
    Delete = 3,
    DeleteStrict = 4,
}

/// <summary>A change of the flow tables (OpenFlow 1.4.1 section 7.3.4.1). Make one by the static members.</summary>
public sealed record FlowMod(FlowModCommand Command, Flow Flow)
{
    /// <summary>Every table; for deletes and dumps only.</summary>
    public const byte AllTables = 0xff;

    /// <summary>
    /// For modify and delete: which bits of the flow's cookie the addressed flows share; 0 is any cookie.
    /// </summary>
    public ulong CookieMask { get; init; }

    /// <summary>For delete: only flows with an output to this port.</summary>
    public uint OutPort { get; init; } = Ports.Any;

    /// <summary>For delete: only flows with this group.</summary>
    public uint OutGroup { get; init; } = Ports.Any;

    /// <summary>Adds the flow, or replaces the one of the same key, whose counters are lost.</summary>
    public static FlowMod Add(Flow flow) => new(FlowModCommand.Add, flow);

    /// <summary>Changes the instructions of the flow of the same key and keeps its counters and cookie.</summary>
    public static FlowMod ModifyStrict(Flow flow) => new(FlowModCommand.ModifyStrict, flow);

    /// <summary>Changes the instructions of all flows whose match lies within the given one.</summary>
    public static FlowMod Modify(Flow flow) => new(FlowModCommand.Modify, flow);

    /// <summary>Deletes one flow, if it is there.</summary>
    public static FlowMod DeleteStrict(FlowKey key) =>
        new(FlowModCommand.DeleteStrict, new Flow(key.Table, key.Priority, key.Match));

    /// <summary>Deletes all flows within the filter.</summary>
    public static FlowMod Delete(FlowFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new FlowMod(FlowModCommand.Delete, new Flow(filter.Table, 0, filter.Match) { Cookie = filter.Cookie })
        { CookieMask = filter.CookieMask, OutPort = filter.OutPort, OutGroup = filter.OutGroup };
    }
}

/// <summary>Which flows: of a table, within a match, whose cookie agrees under the mask. The default is all.</summary>
public sealed record FlowFilter
{
    public static FlowFilter Everything { get; } = new();

    public byte Table { get; init; } = FlowMod.AllTables;

    public Match Match { get; init; } = Match.Empty;

    public ulong Cookie { get; init; }

    public ulong CookieMask { get; init; }

    public uint OutPort { get; init; } = Ports.Any;

    public uint OutGroup { get; init; } = Ports.Any;

    /// <summary>Whether the flow is meant, but for <see cref="OutPort"/> and <see cref="OutGroup"/>.</summary>
    public bool Accepts(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return (Table == FlowMod.AllTables || Table == flow.Table)
            && (flow.Cookie & CookieMask) == (Cookie & CookieMask)
            && flow.Match.IsWithin(Match);
    }
}

/// <summary>
/// A flow as the switch has it. <paramref name="UnknownFields"/> counts demands of its match that this library does not
/// know: such a flow is somebody else's, and its <paramref name="Flow"/> is wider than the real one.
/// </summary>
public sealed record FlowStatistics(Flow Flow, ulong Packets, ulong Bytes, uint Seconds, int UnknownFields = 0);

public enum GroupModCommand
{
    Add = 0,
    Modify = 1,
    Delete = 2,
}

public enum GroupType
{
    All = 0,
    Select = 1,
    Indirect = 2,
    FastFailover = 3,
}

/// <summary>One alternative, or for type all one copy, of what a group does.</summary>
public sealed record Bucket(ValueList<FlowAction> Actions)
{
    public ushort Weight { get; init; }

    public uint WatchPort { get; init; } = Ports.Any;

    public uint WatchGroup { get; init; } = Ports.Any;
}

/// <summary>OpenFlow 1.4.1 section 5.6.</summary>
public sealed record Group(uint Id, GroupType Type, ValueList<Bucket> Buckets)
{
    /// <summary>Every group; for delete only.</summary>
    public const uint AllGroups = 0xffff_fffc;
}
