namespace Alcor.OpenFlow;

/// <summary>The refusals of Open vSwitch that depend on the flow alone, and on which groups there are.</summary>
internal static class FlowValidation
{
    private static readonly OpenFlowError BadPrerequisite = new(4, 9);
    private static readonly OpenFlowError BadGroup = new(2, 9);
    private static readonly OpenFlowError Inconsistent = new(2, 10);
    private static readonly OpenFlowError BadTable = new(3, 2);
    private static readonly OpenFlowError BadFlowTable = new(5, 2);

    public static OpenFlowError? Check(FlowMod change, Func<uint, bool> hasGroup)
    {
        var flow = change.Flow;
        var isDelete = change.Command is FlowModCommand.Delete or FlowModCommand.DeleteStrict;
        if (flow.Table == FlowMod.AllTables && !isDelete) return BadFlowTable;
        foreach (var demand in flow.Match.AsSpan())
            if (!Prerequisites.AreMet(flow.Match, demand.Field))
                return BadPrerequisite;
        if (isDelete) return null;
        foreach (var instruction in flow.Instructions.AsSpan())
        {
            if (instruction is Instruction.GotoTable jump
                && (jump.Table <= flow.Table || jump.Table == FlowMod.AllTables))
                return BadTable;
            if (instruction is Instruction.ApplyActions apply && Check(flow.Match, apply.Actions) is { } error)
                return error;
        }

        // Groups are looked up last, when the flow itself is in order.
        return flow.Instructions.OfType<Instruction.ApplyActions>().SelectMany(apply => apply.Actions)
            .OfType<FlowAction.Group>().All(group => hasGroup(group.Id)) ? null : BadGroup;
    }

    private static OpenFlowError? Check(Match match, ValueList<FlowAction> actions)
    {
        var isTagged = false;
        foreach (var action in actions.AsSpan())
        {
            isTagged |= action is FlowAction.PushVlan;
            OpenFlowError? error = action switch
            {
                FlowAction.SetField set => Named(set.Field),
                FlowAction.Load load => Named(load.Target.Field),
                FlowAction.Move move => Named(move.Source.Field) ?? Named(move.Target.Field),
                FlowAction.DecrementTtl => Named(Field.IpTtl),
                FlowAction.PopVlan => Named(Field.VlanVid),
                _ => null,
            };
            if (error is not null) return error;
        }

        return null;

        OpenFlowError? Named(Field field) => field == Field.VlanPcp || field == Field.VlanVid
            ? isTagged || match.Find(Field.VlanVid) is { Value: var tag } && (tag & Match.VlanPresent) != 0
                ? null
                : Inconsistent
            : Prerequisites.AreMet(match, field) ? null : Inconsistent;
    }
}
