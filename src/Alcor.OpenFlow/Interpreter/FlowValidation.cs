namespace Alcor.OpenFlow;

/// <summary>The refusals of Open vSwitch that depend on the flow alone, and on which groups and meters there
/// are.</summary>
internal static class FlowValidation
{
    private static readonly OpenFlowError BadPrerequisite = new(4, 9);
    private static readonly OpenFlowError BadGroup = new(2, 9);
    private static readonly OpenFlowError Inconsistent = new(2, 10);
    private static readonly OpenFlowError BadTable = new(3, 2);
    private static readonly OpenFlowError BadFlowTable = new(5, 2);
    private static readonly OpenFlowError InvalidMeter = new(12, 2);

    public static OpenFlowError? Check(FlowMod change, Func<uint, bool> hasGroup, Func<uint, bool> hasMeter)
    {
        var flow = change.Flow;
        var isDelete = change.Command is FlowModCommand.Delete or FlowModCommand.DeleteStrict;
        if (flow.Table == FlowMod.AllTables && !isDelete) return BadFlowTable;
        foreach (var demand in flow.Match.AsSpan())
            if (!Prerequisites.AreMet(flow.Match, demand.Field))
                return BadPrerequisite;
        if (!Prerequisites.AreOneFamily(flow.Match)) return Inconsistent;
        if (isDelete) return null;
        var actions = flow.Instructions.OfType<Instruction.ApplyActions>().SelectMany(apply => apply.Actions).ToList();
        // What is wrong by itself shows before anything that depends on the match.
        foreach (var action in actions)
            if (ActionValidation.Check(action) is { } error)
                return error;
        foreach (var instruction in flow.Instructions.AsSpan())
        {
            if (instruction is Instruction.GotoTable jump
                && (jump.Table <= flow.Table || jump.Table == FlowMod.AllTables))
                return BadTable;
            if (instruction is Instruction.ApplyActions apply
                && ActionValidation.Check(flow.Match, apply.Actions) is { } inconsistency)
                return inconsistency;
        }

        // Meters and groups are looked up last, when the flow itself is in order.
        if (flow.MeterId is { } meter && !hasMeter(meter)) return InvalidMeter;
        return actions.OfType<FlowAction.Group>().All(group => hasGroup(group.Id)) ? null : BadGroup;
    }
}
