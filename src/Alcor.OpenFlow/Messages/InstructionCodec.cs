namespace Alcor.OpenFlow;

/// <summary>Instructions (OpenFlow 1.4.1 section 7.2.4).</summary>
internal static class InstructionCodec
{
    public static void WriteAll(WireWriter writer, ValueList<Instruction> instructions)
    {
        foreach (var instruction in instructions.AsSpan())
        {
            var start = writer.Length;
            Write(writer, instruction);
            writer.PadFrom(start);
            writer.FillLength(start + 2, start);
        }
    }

    public static ValueList<Instruction> ReadAll(ref WireReader reader)
    {
        var instructions = new List<Instruction>();
        var seen = 0;
        while (reader.Remaining > 0)
        {
            var instruction = Read(ref reader);
            var bit = 1 << instruction.Order;
            if ((seen & bit) != 0) throw new OpenFlowFormatException($"two instructions {instruction.GetType().Name}");
            seen |= bit;
            instructions.Add(instruction);
        }

        return instructions.ToValueList();
    }

    private static void Write(WireWriter writer, Instruction instruction)
    {
        switch (instruction)
        {
            case Instruction.GotoTable jump:
                Header(writer, 1);
                writer.Byte(jump.Table);
                break;
            case Instruction.WriteMetadata write:
                Header(writer, 2);
                writer.Pad(4);
                writer.UInt64(write.Value);
                writer.UInt64(write.Mask);
                break;
            case Instruction.ApplyActions apply:
                Header(writer, 4);
                writer.Pad(4);
                ActionCodec.WriteAll(writer, apply.Actions);
                break;
            case Instruction.ClearActions:
                Header(writer, 5);
                writer.Pad(4);
                break;
            case Instruction.Meter meter:
                Header(writer, 6);
                writer.UInt32(meter.Id);
                break;
            default:
                throw new ArgumentException($"{instruction.GetType().Name} has no encoding", nameof(instruction));
        }
    }

    private static void Header(WireWriter writer, ushort type)
    {
        writer.UInt16(type);
        writer.UInt16(0);
    }

    private static Instruction Read(ref WireReader reader)
    {
        var type = reader.UInt16();
        var body = reader.Slice(reader.LengthAfter(2, 8));
        switch (type)
        {
            case 1: return new Instruction.GotoTable(body.Byte());
            case 2:
                body.Skip(4);
                return new Instruction.WriteMetadata(body.UInt64(), body.UInt64());
            case 4:
                body.Skip(4);
                return new Instruction.ApplyActions(ActionCodec.ReadAll(ref body));
            case 5: return new Instruction.ClearActions();
            case 6: return new Instruction.Meter(body.UInt32());
            default: throw new OpenFlowFormatException($"instruction of type {type}");
        }
    }
}
