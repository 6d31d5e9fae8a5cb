namespace Alcor.OpenFlow;

/// <summary>OXM (OpenFlow 1.4.1 section 7.2.3) and the Nicira fields in its clothes.</summary>
internal static class MatchCodec
{
    private const ushort OxmType = 1;
    private const int HeaderLength = 4;
    private const int ExperimenterLength = 4;
    private const uint HasMask = 0x100;

    public static void Write(WireWriter writer, Match match)
    {
        var start = writer.Length;
        writer.UInt16(OxmType);
        writer.UInt16(0);
        foreach (var demand in match.AsSpan()) WriteDemand(writer, demand.Field, demand.Value, demand.Mask);
        writer.FillLength(start + 2, start);
        writer.PadFrom(start);
    }

    public static void WriteDemand(WireWriter writer, Field field, UInt128 value, UInt128 mask)
    {
        var isMasked = mask != field.Ones;
        var isForeign = field.MatchExperimenter != 0;
        var length = (isMasked ? 2 * field.Length : field.Length) + (isForeign ? ExperimenterLength : 0);
        writer.UInt32(field.MatchType | (isMasked ? HasMask : 0) | (uint)length);
        if (isForeign) writer.UInt32(field.MatchExperimenter);
        writer.Number(value, field.Length);
        if (isMasked) writer.Number(mask, field.Length);
    }

    /// <summary>
    /// Reads a match with its padding; fields that this library does not know are left out and counted.
    /// </summary>
    public static (Match Match, int Unknown) Read(ref WireReader reader)
    {
        if (reader.UInt16() is var type && type != OxmType) throw new OpenFlowFormatException($"match of type {type}");
        var length = reader.LengthAfter(2, HeaderLength);
        var fields = reader.Slice(length);
        reader.SkipPadding(length + HeaderLength);
        var demands = new List<FieldMatch>();
        var unknown = 0;
        var seen = UInt128.Zero;
        while (fields.Remaining > 0)
        {
            if (ReadDemand(ref fields) is not { } demand)
            {
                unknown++;
                continue;
            }

            if (!demand.Field.IsMatchable) throw new OpenFlowFormatException($"{demand.Field} in a match");
            foreach (var part in Parts(demand))
            {
                var bit = UInt128.One << part.Field.Ordinal;
                if ((seen & bit) != 0) throw new OpenFlowFormatException($"{part.Field} twice in a match");
                seen |= bit;
                if (part.Mask != 0) demands.Add(part);
            }
        }

        return (Match.Of(demands), unknown);
    }

    /// <summary>What a demand on a view of several fields demands of each; else the demand itself.</summary>
    private static IReadOnlyList<FieldMatch> Parts(FieldMatch demand)
    {
        if (demand.Field.Parts.Count == 0) return [demand];
        return Match.Empty.With(demand.Field, demand.Value, demand.Mask);
    }

    /// <summary>One field with value and mask, or null when the field is unknown.</summary>
    public static FieldMatch? ReadDemand(ref WireReader reader)
    {
        var header = reader.UInt32();
        var length = (int)(header & 0xff);
        var body = reader.Slice(length);
        var isForeign = header >= Field.ExperimenterClass;
        var experimenter = isForeign ? body.UInt32() : 0;
        if (Field.Find(header & ~0x1ffu) is not { } field) return null;
        if (isForeign && experimenter != field.MatchExperimenter) return null;
        var isMasked = (header & HasMask) != 0;
        if (body.Remaining != (isMasked ? 2 * field.Length : field.Length))
            throw new OpenFlowFormatException($"{field} of {length} bytes");
        var value = body.Number(field.Length);
        var mask = isMasked ? body.Number(field.Length) & field.Ones : field.Ones;
        if ((value & ~mask) != 0) throw new OpenFlowFormatException($"value of {field} outside its mask");
        return new FieldMatch(field, value, mask);
    }

    public static void WriteHeader(WireWriter writer, Field field) =>
        writer.UInt32(field.ActionType | (uint)field.Length);

    /// <summary>Bits of a field named by its header, as move and load do; null when the field is unknown.</summary>
    public static Subfield? ReadSubfield(uint header, int offset, int width)
    {
        if (header >= Field.ExperimenterClass || Field.Find(header & ~0x1ffu) is not { } field) return null;
        if ((header & HasMask) != 0 || (header & 0xff) != field.Length)
            throw new OpenFlowFormatException($"header 0x{header:x8} of {field}");
        if (width < 1 || offset > field.Width - width)
            throw new OpenFlowFormatException($"bits {offset} to {offset + width - 1} of {field}");
        return new Subfield(field, offset, width);
    }
}
