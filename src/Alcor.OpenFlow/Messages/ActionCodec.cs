namespace Alcor.OpenFlow;

/// <summary>Actions (OpenFlow 1.4.1 section 7.2.5) with the Nicira extensions that Open vSwitch knows.</summary>
internal static class ActionCodec
{
    private const uint Nicira = 0x0000_2320;
    private const ushort Experimenter = 0xffff;
    private const ushort ReservedInPort = 0xfff8;

    // The switch nests actions in ct and no deeper; a message must not make the reader recurse without end.
    private const int DepthMax = 4;

    // The number of actions of a list follows from the length of the message; 16 bytes is the least that nests none.
    public static void WriteAll(WireWriter writer, ValueList<FlowAction> actions)
    {
        foreach (var action in actions.AsSpan()) Write(writer, action);
    }

    public static ValueList<FlowAction> ReadAll(ref WireReader reader, int depth = 0)
    {
        if (depth > DepthMax) throw new OpenFlowFormatException($"actions nested over {DepthMax} deep");
        var actions = new List<FlowAction>();
        while (reader.Remaining > 0) actions.Add(Read(ref reader, depth));
        return actions.ToValueList();
    }

    private static void Write(WireWriter writer, FlowAction action)
    {
        var start = writer.Length;
        switch (action)
        {
            case FlowAction.Output output:
                Header(writer, 0);
                writer.UInt32(output.Port);
                writer.UInt16(output.MaxLength);
                break;
            case FlowAction.Group group:
                Header(writer, 22);
                writer.UInt32(group.Id);
                break;
            case FlowAction.PushVlan push:
                Header(writer, 17);
                writer.UInt16(push.EthType);
                break;
            case FlowAction.PopVlan:
                Header(writer, 18);
                break;
            case FlowAction.DecrementTtl:
                Header(writer, 24);
                break;
            case FlowAction.SetField set when set.Mask == set.Field.Ones:
                Header(writer, 25);
                MatchCodec.WriteDemand(writer, set.Field, set.Value, set.Mask);
                break;
            case FlowAction.Opaque opaque:
                Header(writer, opaque.Type);
                writer.Bytes(opaque.Body.AsSpan());
                break;
            default:
                WriteNicira(writer, action);
                break;
        }

        writer.PadFrom(start);
        writer.FillLength(start + 2, start);
    }

    private static void WriteNicira(WireWriter writer, FlowAction action)
    {
        Header(writer, Experimenter);
        writer.UInt32(Nicira);
        switch (action)
        {
            case FlowAction.Move move:
                writer.UInt16(6);
                writer.UInt16((ushort)move.Source.Width);
                writer.UInt16((ushort)move.Source.Offset);
                writer.UInt16((ushort)move.Target.Offset);
                MatchCodec.WriteHeader(writer, move.Source.Field);
                MatchCodec.WriteHeader(writer, move.Target.Field);
                break;
            case FlowAction.Load load:
                writer.UInt16(7);
                writer.UInt16((ushort)(load.Target.Offset << 6 | load.Target.Width - 1));
                MatchCodec.WriteHeader(writer, load.Target.Field);
                writer.UInt64(load.Value);
                break;
            case FlowAction.Resubmit resubmit:
                writer.UInt16(14);
                writer.UInt16(ReservedInPort);
                writer.Byte(resubmit.Table);
                break;
            case FlowAction.OutputRegister output:
                writer.UInt16(15);
                writer.UInt16((ushort)(output.Port.Offset << 6 | output.Port.Width - 1));
                MatchCodec.WriteHeader(writer, output.Port.Field);
                writer.UInt16(ushort.MaxValue);
                writer.Pad(6);
                break;
            case FlowAction.CheckPacketLarger check:
                writer.UInt16(49);
                writer.UInt16(check.Length);
                writer.UInt16((ushort)check.Target.Offset);
                MatchCodec.WriteHeader(writer, check.Target.Field);
                writer.Pad(6);
                break;
            case FlowAction.ConnectionTrack track:
                writer.UInt16(ConnectionTrackingCodec.Track);
                ConnectionTrackingCodec.WriteTrack(writer, track);
                break;
            case FlowAction.Nat nat:
                writer.UInt16(ConnectionTrackingCodec.Translate);
                ConnectionTrackingCodec.WriteNat(writer, nat);
                break;
            case FlowAction.ClearConnectionTracking:
                writer.UInt16(ConnectionTrackingCodec.Clear);
                break;
            case FlowAction.SetField set:
                writer.UInt16(33);
                MatchCodec.WriteDemand(writer, set.Field, set.Value, set.Mask);
                break;
            default:
                throw new ArgumentException($"{action.GetType().Name} has no encoding", nameof(action));
        }
    }

    private static void Header(WireWriter writer, ushort type)
    {
        writer.UInt16(type);
        writer.UInt16(0);
    }

    private static FlowAction Read(ref WireReader reader, int depth)
    {
        var type = reader.UInt16();
        var length = reader.LengthAfter(2, 8);
        if ((length + 4) % 8 != 0) throw new OpenFlowFormatException($"action of {length + 4} bytes");
        var whole = reader.Take(length);
        var body = new WireReader(whole);
        return type switch
        {
            0 => new FlowAction.Output(body.UInt32(), body.UInt16()),
            17 => new FlowAction.PushVlan(body.UInt16()),
            18 => new FlowAction.PopVlan(),
            22 => new FlowAction.Group(body.UInt32()),
            24 => new FlowAction.DecrementTtl(),
            25 => ReadSetField(ref body),
            Experimenter => ReadNicira(ref body, depth),
            _ => null,
        } ?? new FlowAction.Opaque(type, ValueList.Create(whole));
    }

    private static FlowAction? ReadNicira(ref WireReader body, int depth)
    {
        if (body.UInt32() != Nicira || body.Remaining < 2) return null;
        switch (body.UInt16())
        {
            case 6: return ReadMove(ref body);
            case 7: return ReadLoad(ref body);
            case 14:
                var isPlain = body.UInt16() == ReservedInPort;
                return isPlain ? new FlowAction.Resubmit(body.Byte()) : null;
            case 15: return ReadOutputRegister(ref body);
            case 33: return ReadSetField(ref body);
            case ConnectionTrackingCodec.Track: return ConnectionTrackingCodec.ReadTrack(ref body, depth);
            case ConnectionTrackingCodec.Translate: return ConnectionTrackingCodec.ReadNat(ref body);
            case ConnectionTrackingCodec.Clear: return new FlowAction.ClearConnectionTracking();
            case 49: return ReadCheckPacketLarger(ref body);
            default: return null;
        }
    }

    private static FlowAction.Move? ReadMove(ref WireReader body)
    {
        var width = body.UInt16();
        var (from, to) = (body.UInt16(), body.UInt16());
        var (sourceHeader, targetHeader) = (body.UInt32(), body.UInt32());
        if (MatchCodec.ReadSubfield(sourceHeader, from, width) is not { } source) return null;
        return MatchCodec.ReadSubfield(targetHeader, to, width) is { } target
            ? new FlowAction.Move(source, target) : null;
    }

    private static FlowAction.Load? ReadLoad(ref WireReader body)
    {
        var range = body.UInt16();
        var header = body.UInt32();
        var value = body.UInt64();
        if (MatchCodec.ReadSubfield(header, range >> 6, (range & 0x3f) + 1) is not { } target) return null;
        if ((value & ~target.Ones) != 0) throw new OpenFlowFormatException($"load of {value:x} into {target}");
        return new FlowAction.Load(target, value);
    }

    private static FlowAction.OutputRegister? ReadOutputRegister(ref WireReader body)
    {
        var range = body.UInt16();
        var header = body.UInt32();
        // How much of the packet a controller would get is nothing that we ever limit here.
        if (body.UInt16() != ushort.MaxValue) return null;
        return MatchCodec.ReadSubfield(header, range >> 6, (range & 0x3f) + 1) is { } port
            ? new FlowAction.OutputRegister(port) : null;
    }

    private static FlowAction.CheckPacketLarger? ReadCheckPacketLarger(ref WireReader body)
    {
        var (length, offset) = (body.UInt16(), body.UInt16());
        return MatchCodec.ReadSubfield(body.UInt32(), offset, 1) is { } target
            ? new FlowAction.CheckPacketLarger(length, target) : null;
    }

    private static FlowAction.SetField? ReadSetField(ref WireReader body)
    {
        if (MatchCodec.ReadDemand(ref body) is not { } demand) return null;
        if (demand.Mask == 0) throw new OpenFlowFormatException($"{demand.Field} set under an empty mask");
        return new FlowAction.SetField(demand.Field, demand.Value, demand.Mask);
    }
}
