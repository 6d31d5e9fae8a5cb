using System.Text;

namespace Alcor.OpenFlow;

/// <summary>OpenFlow 1.4.1 section 7.3.4.1, enum ofp_flow_mod_flags.</summary>
[Flags]
public enum FlowFlags
{
    None = 0,
    SendFlowRemoved = 1,
    CheckOverlap = 2,
    ResetCounts = 4,
    NoPacketCounts = 8,
    NoByteCounts = 16,
}

/// <summary>What makes two flows the same entry of a switch: adding the second replaces the first.</summary>
public readonly record struct FlowKey(byte Table, ushort Priority, Match Match)
{
    public override string ToString() => Flow.Head(Table, Priority, Match);
}

/// <summary>
/// An entry of a flow table as a value. The instructions are kept in the order of execution and without an empty
/// apply-actions, so that a flow that was added equals the same flow read back from the switch.
/// </summary>
public sealed record Flow
{
    /// <summary>The priority that Open vSwitch takes when none is given, and leaves out of its text.</summary>
    public const ushort DefaultPriority = 0x8000;

    private readonly ValueList<Instruction> instructions;

    public Flow(byte table, ushort priority, Match match, ValueList<Instruction> instructions)
    {
        ArgumentNullException.ThrowIfNull(match);
        Table = table;
        Priority = priority;
        Match = match;
        Instructions = instructions;
    }

    /// <summary>A flow that applies actions; without any it drops.</summary>
    public Flow(byte table, ushort priority, Match match, params ReadOnlySpan<FlowAction> actions)
        : this(table, priority, match, [new Instruction.ApplyActions(ValueList.Create(actions))])
    {
    }

    public byte Table { get; init; }

    public ushort Priority { get; init; }

    public Match Match { get; init; }

    public ulong Cookie { get; init; }

    /// <summary>Seconds without a packet after which the switch removes the flow; 0 is never.</summary>
    public ushort IdleTimeout { get; init; }

    /// <summary>Seconds after which the switch removes the flow; 0 is never.</summary>
    public ushort HardTimeout { get; init; }

    public FlowFlags Flags { get; init; }

    public ValueList<Instruction> Instructions
    {
        get => instructions;
        init => instructions = Canonical(value);
    }

    public FlowKey Key => new(Table, Priority, Match);

    /// <summary>The meter that its packets pass; null: none.</summary>
    public uint? MeterId => instructions.Count > 0 && instructions[0] is Instruction.Meter meter ? meter.Id : null;

    private static ValueList<Instruction> Canonical(ValueList<Instruction> given)
    {
        var isCanonical = true;
        for (var i = 0; i < given.Count && isCanonical; i++)
            isCanonical = !IsEmpty(given[i]) && (i == 0 || given[i - 1].Order <= given[i].Order);
        return isCanonical ? given : given.Where(one => !IsEmpty(one)).OrderBy(one => one.Order).ToValueList();
    }

    private static bool IsEmpty(Instruction instruction) =>
        instruction is Instruction.ApplyActions { Actions.Count: 0 };

    /// <summary>The line of <c>ovs-ofctl dump-flows --no-stats --names=no</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Cookie != 0) text.Append("cookie=").Append(MatchText.Hex(Cookie)).Append(", ");
        if (Table != 0) text.Append("table=").Append(Table).Append(", ");
        if (IdleTimeout != 0) text.Append("idle_timeout=").Append(IdleTimeout).Append(", ");
        if (HardTimeout != 0) text.Append("hard_timeout=").Append(HardTimeout).Append(", ");
        if (Flags.HasFlag(FlowFlags.SendFlowRemoved)) text.Append("send_flow_rem ");
        if (Flags.HasFlag(FlowFlags.CheckOverlap)) text.Append("check_overlap ");
        if (Flags.HasFlag(FlowFlags.ResetCounts)) text.Append("reset_counts ");
        if (Flags.HasFlag(FlowFlags.NoPacketCounts)) text.Append("no_packet_counts ");
        if (Flags.HasFlag(FlowFlags.NoByteCounts)) text.Append("no_byte_counts ");
        var head = Head(0, Priority, Match);
        text.Append(head).Append(head.Length > 0 ? " actions=" : "actions=");
        return text.Append(instructions.Count == 0 ? "drop" : instructions.ToString()).ToString();
    }

    internal static string Head(byte table, ushort priority, Match match)
    {
        var start = table == 0 ? "" : $"table={table}, ";
        if (priority != DefaultPriority) start += $"priority={priority}";
        var fields = match.ToString();
        return fields.Length == 0 ? start : priority == DefaultPriority ? start + fields : $"{start},{fields}";
    }
}
