namespace Alcor.OpenFlow;

/// <summary>
/// One packet's way through the tables of a switch, until it is forwarded, dropped, or looked at again from the start
/// of a table: that is a way of its own.
/// </summary>
internal sealed class PipelineRun
{
    // The limits of Open vSwitch, beyond which it drops the packet whole.
    private const int DepthMax = 64;
    private const int ResubmitsMax = 4096;
    private const int RecirculationsMax = 6;
    private const CtState AllStates = (CtState)0xff;
    private readonly FlowTableSwitch device;
    private readonly ForwardingRecord record;
    private readonly int recirculations;
    private PipelineState state;
    private int depth;
    private int resubmits;
    private bool isExhausted;
    private bool isMetered;

    private PipelineRun(FlowTableSwitch device, PipelineState state, ForwardingRecord record, int recirculations)
    {
        this.device = device;
        this.state = state;
        this.record = record;
        this.recirculations = recirculations;
    }

    public static ForwardingResult Through(FlowTableSwitch device, PipelineState state, byte table) =>
        new PipelineRun(device, state, new ForwardingRecord(), 0).Run(run => run.Table(table));

    public static ForwardingResult Through(
        FlowTableSwitch device, PipelineState state, ValueList<FlowAction> actions) =>
        new PipelineRun(device, state, new ForwardingRecord(), 0).Run(run => run.Execute(actions, null));

    // A packet that a meter drops is gone from all that the switch had still to do with it on this way.
    private bool IsEnded => isExhausted || isMetered;

    private ForwardingResult Run(Action<PipelineRun> through)
    {
        var start = record.Position;
        through(this);
        if (isExhausted) record.Withdraw(start);
        return record.Result(state);
    }

    private void Table(byte table)
    {
        for (byte? next = table; next is { } number && !IsEnded;)
        {
            var flow = device.Lookup(number, state);
            record.Visit(depth, number, flow, state);
            next = flow is null ? null : Execute(flow);
        }
    }

    /// <summary>The table to go on with, if any.</summary>
    private byte? Execute(Flow flow)
    {
        foreach (var instruction in flow.Instructions)
        {
            switch (instruction)
            {
                case Instruction.Meter meter:
                    if (!device.Admits(meter.Id, state.Packet))
                    {
                        Tell($"  meter {meter.Id} drops it");
                        isMetered = true;
                        return null;
                    }

                    break;
                case Instruction.ApplyActions apply:
                    if (!Execute(apply.Actions, flow)) return null;
                    break;
                case Instruction.WriteMetadata write:
                    state[Field.Metadata] = state[Field.Metadata] & ~write.Mask | write.Value & write.Mask;
                    break;
                case Instruction.GotoTable jump:
                    return jump.Table;
                default:
                    // There is no action set to clear.
                    break;
            }
        }

        return null;
    }

    /// <summary>False when the packet's way through this flow ends early.</summary>
    private bool Execute(ValueList<FlowAction> actions, Flow? flow)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case FlowAction.Output output:
                    Output(output.Port, output.MaxLength, flow);
                    break;
                case FlowAction.OutputRegister output:
                    Output((uint)Read(output.Port), ushort.MaxValue, flow);
                    break;
                case FlowAction.CheckPacketLarger check:
                    Write(check.Target, state.Packet.Bytes.Length > check.Length ? 1u : 0u);
                    break;
                case FlowAction.SetField set:
                    Write(set.Field, state[set.Field] & ~set.Mask | set.Value);
                    break;
                case FlowAction.Load load:
                    Write(load.Target, load.Value);
                    break;
                case FlowAction.Move move:
                    if (state.Has(move.Source.Field))
                        Write(move.Target, Read(move.Source));
                    break;
                case FlowAction.Resubmit resubmit:
                    Resubmit(resubmit.Table);
                    break;
                case FlowAction.Group group:
                    Group(group.Id, flow);
                    break;
                case FlowAction.PushVlan push:
                    state.Rewrite(packet => packet.PushVlan(push.EthType));
                    break;
                case FlowAction.PopVlan:
                    state.Rewrite(packet => packet.PopVlan());
                    break;
                case FlowAction.ConnectionTrack track:
                    Track(track, flow);
                    break;
                case FlowAction.ClearConnectionTracking:
                    state.Frames = [.. state.Frames.Select(one => one with
                    { Connection = ConnectionMetadata.Untracked })];
                    state.ShowConnection(ConnectionMetadata.Untracked);
                    break;
                case FlowAction.DecrementTtl:
                    if (!DecrementTtl(flow)) return false;
                    break;
                default:
                    Tell($"  {action} is not modelled");
                    break;
            }

            if (IsEnded) return false;
        }

        return true;
    }

    private UInt128 Read(Subfield source) => state[source.Field] >> source.Offset & source.Ones;

    private void Write(Subfield target, UInt128 value) => Write(
        target.Field, state[target.Field] & ~(target.Ones << target.Offset) | value << target.Offset);

    private void Write(Field field, UInt128 value)
    {
        if (state.Has(field)) state[field] = value;
    }

    /// <summary>
    /// Each frame that comes out of the look-up is looked at again, by itself; then the way goes on with all of them,
    /// and knows nothing of their connections.
    /// </summary>
    private void Track(FlowAction.ConnectionTrack track, Flow? flow)
    {
        var zone = track.Zone.Source is { } source ? (ushort)Read(source) : track.Zone.Number;
        var nested = track.Actions.Where(action => action is not FlowAction.Nat).ToValueList();
        var request = new TrackRequest(
            zone, track.Commit, track.Force, track.Actions.OfType<FlowAction.Nat>().FirstOrDefault())
        { Mark = Written(Field.CtMark, nested, flow), Label = Written(Field.CtLabel, nested, flow) };
        state.Frames = device.Connections.Track(state.Frames, request);
        if (state.Frames.Count == 0) Tell($"  {track} waits for other fragments");
        if (track.Table is { } table)
            foreach (var frame in state.Frames) Recirculate(table, frame);
        state.ShowConnection(ConnectionMetadata.Untracked);
    }

    /// <summary>What the actions write to a field, under the mask of the bits that they write.</summary>
    private (UInt128 Value, UInt128 Mask) Written(Field field, ValueList<FlowAction> actions, Flow? flow)
    {
        var mask = actions.AsSpan().ToArray().Aggregate(UInt128.Zero, (bits, action) => bits | action switch
        {
            FlowAction.SetField set when set.Field == field => set.Mask,
            FlowAction.Load load when load.Target.Field == field => load.Target.Ones << load.Target.Offset,
            FlowAction.Move move when move.Target.Field == field => move.Target.Ones << move.Target.Offset,
            _ => 0,
        });
        if (mask == 0) return (0, 0);
        var before = state;
        state = before.Copy();
        Execute(actions, flow);
        var value = state[field];
        state = before;
        return (value, mask);
    }

    private void Recirculate(byte table, TrackedPacket frame)
    {
        var shown = Match.Empty.CtState(frame.Connection.State, AllStates).CtZone(frame.Connection.Zone);
        Tell($"  again from table {table}: {shown}");
        if (recirculations == RecirculationsMax)
        {
            Tell("  looked at too often, dropped");
            return;
        }

        record.Indent += depth + 1;
        new PipelineRun(device, state.Recirculated(frame), record, recirculations + 1).Run(run => run.Table(table));
        record.Indent -= depth + 1;
    }

    private bool DecrementTtl(Flow? flow)
    {
        if (!state.Packet.Has(Field.IpTtl)) return true;
        var ttl = state.Packet[Field.IpTtl];
        if (ttl <= 1)
        {
            Controller(PacketInReason.InvalidTtl, ushort.MaxValue, flow);
            return false;
        }

        state[Field.IpTtl] = ttl - 1;
        return true;
    }

    private void Resubmit(byte table)
    {
        if (++resubmits > ResubmitsMax || depth >= DepthMax)
        {
            Tell("  too many resubmits, dropped");
            isExhausted = true;
            return;
        }

        depth++;
        Table(table);
        depth--;
    }

    private void Group(uint id, Flow? flow)
    {
        if (device.FindGroup(id) is not { } group) return;
        // All but "all" choose one bucket; without liveness and hashing that is the first.
        var count = group.Type == GroupType.All ? group.Buckets.Count : Math.Min(1, group.Buckets.Count);
        if (depth >= DepthMax)
        {
            isExhausted = true;
            return;
        }

        var before = state;
        depth++;
        for (var i = 0; i < count; i++)
        {
            state = before.Copy();
            Execute(group.Buckets[i].Actions, flow);
        }

        depth--;
        state = before;
    }

    private void Output(uint to, ushort lengthMax, Flow? flow)
    {
        switch (to)
        {
            case Ports.Controller:
                Controller(flow is null ? PacketInReason.PacketOut : Reason(flow), lengthMax, flow);
                break;
            case Ports.InPort:
                Send(state.InPort);
                break;
            case Ports.Table:
                Table(0);
                break;
            // Without learned addresses, the normal pipeline floods.
            case Ports.All or Ports.Flood or Ports.Normal:
                foreach (var port in device.PortNumbers.Where(port => port != state.InPort)) Send(port);
                break;
            case var port when port == state.InPort:
                Tell($"  not back to port {port}");
                break;
            default:
                Send(to);
                break;
        }
    }

    private static PacketInReason Reason(Flow flow) =>
        flow.Match == Match.Empty && flow.Priority == 0 ? PacketInReason.NoMatch : PacketInReason.Action;

    private void Send(uint port)
    {
        if (!device.HasPort(port)) Tell($"  no port {Ports.Text(port)}");
        else foreach (var frame in state.Frames)
            record.Outputs.Add(new SwitchOutput(port, frame.Packet, state.Tunnel));
    }

    private void Controller(PacketInReason reason, ushort lengthMax, Flow? flow)
    {
        foreach (var frame in state.Frames)
        {
            var bytes = frame.Packet.Bytes.Span;
            var sent = bytes[..Math.Min(bytes.Length, lengthMax)];
            record.PacketIns.Add(new PacketInEvent(
                reason, flow?.Table ?? 0, flow?.Cookie ?? ulong.MaxValue, state.Metadata, ValueList.Create(sent))
            { TotalLength = (ushort)Math.Min(bytes.Length, ushort.MaxValue) });
        }
    }

    private void Tell(string line) => record.Tell(depth, line);
}
