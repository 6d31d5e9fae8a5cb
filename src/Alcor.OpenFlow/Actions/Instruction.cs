namespace Alcor.OpenFlow;

/// <summary>
/// What a flow does with a packet (OpenFlow 1.4.1 section 5.9): the cases are the nested records. A switch executes
/// them in the order of <see cref="Order"/>, however they were listed.
/// </summary>
public abstract record Instruction
{
    private Instruction()
    {
    }

    internal abstract int Order { get; }

    public sealed record Meter(uint Id) : Instruction
    {
        internal override int Order => 0;

        public override string ToString() => $"meter:{Id}";
    }

    public sealed record ApplyActions(ValueList<FlowAction> Actions) : Instruction
    {
        internal override int Order => 1;

        public override string ToString() => Actions.ToString();
    }

    public sealed record ClearActions : Instruction
    {
        internal override int Order => 2;

        public override string ToString() => "clear_actions";
    }

    public sealed record WriteMetadata(ulong Value, ulong Mask = ulong.MaxValue) : Instruction
    {
        internal override int Order => 3;

        public override string ToString() => Mask == ulong.MaxValue
            ? $"write_metadata:{MatchText.AlternateHex(Value)}"
            : $"write_metadata:{MatchText.AlternateHex(Value)}/{MatchText.AlternateHex(Mask)}";
    }

    /// <summary>The table must come after the flow's own.</summary>
    public sealed record GotoTable(byte Table) : Instruction
    {
        internal override int Order => 4;

        public override string ToString() => $"goto_table:{Table}";
    }
}
