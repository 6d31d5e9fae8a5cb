namespace Alcor.OpenFlow;

/// <summary>The refusals of Open vSwitch that depend on actions, and on what their match fixes.</summary>
internal static class ActionValidation
{
    private static readonly OpenFlowError BadArgument = new(2, 5);
    private static readonly OpenFlowError Inconsistent = new(2, 10);
    private static readonly OpenFlowError BadSetArgument = new(2, 15);

    /// <summary>What is wrong with an action whatever the match is.</summary>
    public static OpenFlowError? Check(FlowAction action)
    {
        if (action is FlowAction.ConnectionTrack track) return CheckTrack(track);
        if (action is FlowAction.Nat) return BadSetArgument;
        return Target(action) is { } target && (!target.IsWritable || IsOfConnection(target)) ? BadSetArgument : null;
    }

    /// <summary>What is wrong with actions beside that match.</summary>
    public static OpenFlowError? Check(Match match, ValueList<FlowAction> actions)
    {
        var isTagged = false;
        foreach (var action in actions.AsSpan())
        {
            isTagged |= action is FlowAction.PushVlan;
            if (!Fields(action).All(IsKnown)
                || action is FlowAction.ConnectionTrack track && !IsTrackable(match, track))
                return Inconsistent;
        }

        return null;

        bool IsKnown(Field field) => field == Field.VlanPcp || field == Field.VlanVid
            ? isTagged || match.Find(Field.VlanVid) is { Value: var tag } && (tag & Match.VlanPresent) != 0
            : Prerequisites.AreMet(match, field);
    }

    private static OpenFlowError? CheckTrack(FlowAction.ConnectionTrack track)
    {
        if (track.Force && !track.Commit) return BadArgument;
        for (var i = 0; i < track.Actions.Count; i++)
        {
            var nested = track.Actions[i];
            var isAllowed = nested is FlowAction.Nat nat
                ? i == 0 && (track.Commit || nat.Kind == NatKind.Existing)
                : track.Commit && Target(nested) is { } target && IsOfConnection(target);
            if (!isAllowed) return BadArgument;
        }

        return null;
    }

    private static bool IsTrackable(Match match, FlowAction.ConnectionTrack track)
    {
        var type = match.Find(Field.EthType)?.Value ?? 0;
        var protocol = match.Find(Field.IpProto)?.Value ?? 0;
        var isTranslatable = track.Actions.OfType<FlowAction.Nat>()
            .All(nat => type == 0x0800 ? nat.Ipv6 is null : nat.Ipv4 is null);
        var isHelped = track.Alg switch { 21 => protocol == 6, 69 => protocol == 17, _ => true };
        return (type == 0x0800 || type == 0x86dd) && isTranslatable && isHelped;
    }

    private static bool IsOfConnection(Field field) => field == Field.CtMark || field == Field.CtLabel;

    /// <summary>The field that an action writes, if it writes one.</summary>
    private static Field? Target(FlowAction action) => action switch
    {
        FlowAction.SetField set => set.Field,
        FlowAction.Load load => load.Target.Field,
        FlowAction.Move move => move.Target.Field,
        FlowAction.CheckPacketLarger check => check.Target.Field,
        _ => null,
    };

    /// <summary>The fields that an action reads and writes; of check_pkt_larger's the switch does not ask.</summary>
    private static IEnumerable<Field> Fields(FlowAction action) => action switch
    {
        FlowAction.Move move => [move.Source.Field, move.Target.Field],
        FlowAction.CheckPacketLarger => [],
        FlowAction.DecrementTtl => [Field.IpTtl],
        FlowAction.PopVlan => [Field.VlanVid],
        FlowAction.OutputRegister output => [output.Port.Field],
        FlowAction.ConnectionTrack track => track.Actions.SelectMany(Fields)
            .Concat(track.Zone.Source is { } zone ? [zone.Field] : []),
        _ => Target(action) is { } target ? [target] : [],
    };
}
