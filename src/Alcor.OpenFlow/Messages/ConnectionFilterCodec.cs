using T = Alcor.OpenFlow.MessageType;

namespace Alcor.OpenFlow;

/// <summary>
/// NXT_CT_FLUSH_ZONE and NXT_CT_FLUSH as they are on the wire behind the header of an experimenter's message: a
/// protocol, then properties padded to eight bytes, of which a tuple has properties of its own.
/// </summary>
internal static class ConnectionFilterCodec
{
    private const ushort OriginalTuple = 0;
    private const ushort ReplyTuple = 1;
    private const ushort ZoneNumber = 2;

    private const ushort SourceAddress = 0;
    private const ushort TargetAddress = 1;
    private const ushort TargetPort = 3;

    /// <summary>IPv4 addresses are written as IPv6 ones (RFC 4291 section 2.5.5.2).</summary>
    private static readonly UInt128 Mapped = (UInt128)0xffff << 32;

    public static void Write(WireWriter writer, ConnectionFilter filter)
    {
        writer.UInt32(T.NiciraExperimenter);
        if (filter.IsWholeZone)
        {
            writer.UInt32(T.NiciraFlushZone);
            writer.Pad(6);
            writer.UInt16(filter.Zone);
            return;
        }
        writer.UInt32(T.NiciraFlush);
        writer.Byte(filter.Protocol);
        writer.Pad(7);
        WriteTuple(writer, OriginalTuple, filter.Source, filter.Target, filter.TargetPort);
        WriteTuple(writer, ReplyTuple, filter.ReplySource, filter.ReplyTarget, targetPort: 0);
        WriteNumber(writer, ZoneNumber, filter.Zone);
    }

    public static ConnectionFilter ReadZone(ref WireReader body)
    {
        body.Skip(6);
        return new ConnectionFilter(body.UInt16());
    }

    public static ConnectionFilter Read(ref WireReader body)
    {
        var filter = new ConnectionFilter(0) { Protocol = body.Byte() };
        body.Skip(7);
        while (body.Remaining > 0)
        {
            var type = ReadProperty(ref body, out var value);
            filter = type switch
            {
                OriginalTuple => WithTuple(filter, value),
                ReplyTuple => WithTuple(new(0), value) is var reply
                    ? filter with { ReplySource = reply.Source, ReplyTarget = reply.Target }
                    : filter,
                ZoneNumber => filter with { Zone = value.UInt16() },
                _ => throw new OpenFlowFormatException($"property {type} of a flush of connections"),
            };
        }
        return filter;
    }

    private static void WriteTuple(
        WireWriter writer, ushort type, Ipv4Address? source, Ipv4Address? target, ushort targetPort)
    {
        if (source is null && target is null && targetPort == 0)
            return;
        Property(writer, type, () =>
        {
            writer.Pad(4);
            WriteAddress(writer, SourceAddress, source);
            WriteAddress(writer, TargetAddress, target);
            if (targetPort != 0)
                WriteNumber(writer, TargetPort, targetPort);
        });
    }

    private static void WriteAddress(WireWriter writer, ushort type, Ipv4Address? address)
    {
        if (address is { } known)
            Property(writer, type, () => writer.Number(Mapped | known.Value, 16));
    }

    private static void WriteNumber(WireWriter writer, ushort type, ushort number) => Property(writer, type, () =>
    {
        writer.UInt16(number);
        writer.Pad(2);
    });

    /// <summary>Its length counts its header, but not what it is padded with.</summary>
    private static void Property(WireWriter writer, ushort type, Action writeValue)
    {
        var start = writer.Length;
        writer.UInt16(type);
        var lengthAt = writer.Length;
        writer.UInt16(0);
        writeValue();
        writer.FillLength(lengthAt, start);
        writer.PadFrom(start);
    }

    private static ushort ReadProperty(ref WireReader body, out WireReader value)
    {
        var (type, length) = (body.UInt16(), body.UInt16());
        if (length < 4) throw new OpenFlowFormatException($"a property of {length} bytes");
        value = body.Slice(length - 4);
        body.SkipPadding(length);
        return type;
    }

    private static ConnectionFilter WithTuple(ConnectionFilter filter, WireReader body)
    {
        body.Skip(4);
        while (body.Remaining > 0)
        {
            var type = ReadProperty(ref body, out var value);
            filter = type switch
            {
                SourceAddress => filter with { Source = new Ipv4Address((uint)value.Number(16)) },
                TargetAddress => filter with { Target = new Ipv4Address((uint)value.Number(16)) },
                TargetPort => filter with { TargetPort = value.UInt16() },
                _ => throw new OpenFlowFormatException($"property {type} of a tuple of a connection"),
            };
        }
        return filter;
    }
}
