using System.Text;

namespace Alcor.OpenFlow;

/// <summary>One packet's way through the tables of a switch.</summary>
internal sealed class PipelineRun(FlowTableSwitch device, PipelineState state)
{
    // The limits of Open vSwitch, beyond which it drops the packet whole.
    private const int DepthMax = 64;
    private const int ResubmitsMax = 4096;
    private readonly List<SwitchOutput> outputs = [];
    private readonly List<PacketInEvent> packetIns = [];
    private readonly StringBuilder trace = new();
    private PipelineState state = state;
    private int depth;
    private int resubmits;
    private bool isExhausted;

    public ForwardingResult Through(byte table)
    {
        Table(table);
        return Result();
    }

    public ForwardingResult Through(ValueList<FlowAction> actions)
    {
        Execute(actions, null);
        return Result();
    }

    private ForwardingResult Result()
    {
        if (isExhausted)
        {
            outputs.Clear();
            packetIns.Clear();
        }

        return new ForwardingResult(outputs.ToValueList(), packetIns.ToValueList(), state, trace.ToString());
    }

    private void Table(byte table)
    {
        for (byte? next = table; next is { } number && !isExhausted;)
        {
            var flow = device.Lookup(number, state);
            Tell(flow is null ? $"table={number} no match" : flow.Table == 0 ? $"table=0, {flow}" : flow.ToString());
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
                case Instruction.ApplyActions apply:
                    if (!Execute(apply.Actions, flow)) return null;
                    break;
                case Instruction.WriteMetadata write:
                    state[Field.Metadata] = state[Field.Metadata] & ~write.Mask | write.Value & write.Mask;
                    break;
                case Instruction.GotoTable jump:
                    return jump.Table;
                default:
                    // There is no action set to clear, and a meter lets everything through.
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
                    state.Packet = state.Packet.PushVlan(push.EthType);
                    break;
                case FlowAction.PopVlan:
                    state.Packet = state.Packet.PopVlan();
                    break;
                case FlowAction.DecrementTtl:
                    if (!DecrementTtl(flow)) return false;
                    break;
                default:
                    Tell($"  {action} is not modelled");
                    break;
            }

            if (isExhausted) return false;
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
        if (device.HasPort(port)) outputs.Add(new SwitchOutput(port, state.Packet, state.Tunnel));
        else Tell($"  no port {Ports.Text(port)}");
    }

    private void Controller(PacketInReason reason, ushort lengthMax, Flow? flow)
    {
        var bytes = state.Packet.Bytes.Span;
        var sent = bytes[..Math.Min(bytes.Length, lengthMax)];
        packetIns.Add(new PacketInEvent(reason, flow?.Table ?? 0, flow?.Cookie ?? ulong.MaxValue, state.Metadata,
            ValueList.Create(sent)) { TotalLength = (ushort)Math.Min(bytes.Length, ushort.MaxValue) });
    }

    private void Tell(string line) => trace.Append(' ', 2 * depth).Append(line).Append('\n');
}
