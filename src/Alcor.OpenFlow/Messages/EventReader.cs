using System.Text;
using T = Alcor.OpenFlow.MessageType;

namespace Alcor.OpenFlow;

/// <summary>Reads what a switch sends unasked, and multipart requests and replies.</summary>
internal static class EventReader
{
    private const ushort More = 1;

    /// <summary>Null when the type is none of these.</summary>
    public static OpenFlowMessage? Read(OpenFlowVersion version, byte type, ReadOnlySpan<byte> bytes)
    {
        var body = new WireReader(bytes);
        return type switch
        {
            T.PacketIn => new OpenFlowMessage.PacketIn(ReadPacketIn(ref body)),
            T.FlowRemoved => new OpenFlowMessage.FlowRemoved(ReadFlowRemoved(ref body)),
            T.PortStatus => new OpenFlowMessage.PortStatus(ReadPortStatus(ref body, version)),
            T.MultipartRequest => ReadMultipartRequest(ref body),
            T.MultipartReply => ReadMultipartReply(ref body, version),
            _ => null,
        };
    }

    private static PacketInEvent ReadPacketIn(ref WireReader body)
    {
        _ = body.UInt32();
        var total = body.UInt16();
        var reason = (PacketInReason)MessageReader.Enumerated(body.Byte(), (int)PacketInReason.PacketOut, "reason");
        var table = body.Byte();
        var cookie = body.UInt64();
        var (metadata, _) = MatchCodec.Read(ref body);
        body.Skip(2);
        return new PacketInEvent(
            reason, table, cookie, metadata, ValueList.Create(body.TakeRest())) { TotalLength = total };
    }

    private static FlowRemovedEvent ReadFlowRemoved(ref WireReader body)
    {
        var cookie = body.UInt64();
        var priority = body.UInt16();
        var reason =
            (FlowRemovedReason)MessageReader.Enumerated(body.Byte(), (int)FlowRemovedReason.Eviction, "reason");
        var table = body.Byte();
        body.Skip(12);
        var (packets, octets) = (body.UInt64(), body.UInt64());
        var (match, _) = MatchCodec.Read(ref body);
        return new FlowRemovedEvent(new FlowKey(table, priority, match), cookie, reason, packets, octets);
    }

    private static PortStatusEvent ReadPortStatus(ref WireReader body, OpenFlowVersion version)
    {
        var reason = (PortStatusReason)MessageReader.Enumerated(body.Byte(), (int)PortStatusReason.Modify, "reason");
        body.Skip(7);
        return new PortStatusEvent(reason, ReadPort(ref body, version));
    }

    private static PortDescription ReadPort(ref WireReader body, OpenFlowVersion version)
    {
        const int fixedLength = 40;
        var number = body.UInt32();
        int length = body.UInt16();
        var rest = version == OpenFlowVersion.OpenFlow13 ? 24 : length - fixedLength;
        body.Skip(2);
        var address = MacAddress.Read(body.Take(6));
        body.Skip(2);
        var name = body.Take(16);
        var end = name.IndexOf((byte)0);
        var (configuration, state) = (body.UInt32(), body.UInt32());
        body.Skip(rest);
        return new PortDescription(
            number, address, Encoding.UTF8.GetString(end < 0 ? name : name[..end]), configuration, state);
    }

    private static OpenFlowMessage ReadMultipartRequest(ref WireReader body)
    {
        var (type, flags) = (body.UInt16(), body.UInt16());
        body.Skip(4);
        if (type == T.MultipartPortDescription && flags == 0) return new OpenFlowMessage.PortDescriptionRequest();
        if (type == T.MultipartMeterConfiguration && flags == 0)
            return new OpenFlowMessage.MeterConfigurationRequest(body.UInt32());
        if (type != T.MultipartFlow || flags != 0) return Unread(T.MultipartRequest, type, flags, ref body);
        var table = body.Byte();
        body.Skip(3);
        var (port, group) = (body.UInt32(), body.UInt32());
        body.Skip(4);
        var (cookie, mask) = (body.UInt64(), body.UInt64());
        var (match, unknown) = MatchCodec.Read(ref body);
        if (unknown > 0) throw new OpenFlowFormatException("filter with a field that is not known");
        return new OpenFlowMessage.FlowStatisticsRequest(new FlowFilter
        { Table = table, OutPort = port, OutGroup = group, Cookie = cookie, CookieMask = mask, Match = match });
    }

    private static OpenFlowMessage ReadMultipartReply(ref WireReader body, OpenFlowVersion version)
    {
        var (type, flags) = (body.UInt16(), body.UInt16());
        body.Skip(4);
        var hasMore = (flags & More) != 0;
        if (type == T.MultipartPortDescription)
        {
            var ports = new List<PortDescription>();
            while (body.Remaining > 0) ports.Add(ReadPort(ref body, version));
            return new OpenFlowMessage.PortDescriptionReply(ports.ToValueList(), hasMore);
        }

        if (type == T.MultipartMeterConfiguration)
        {
            var meters = new List<Meter>();
            while (body.Remaining > 0) meters.Add(MeterCodec.ReadConfiguration(ref body));
            return new OpenFlowMessage.MeterConfigurationReply(meters.ToValueList(), hasMore);
        }

        if (type != T.MultipartFlow) return Unread(T.MultipartReply, type, flags, ref body);
        var flows = new List<FlowStatistics>();
        while (body.Remaining > 0)
        {
            var entry = body.Slice(body.LengthAfter(0, 56));
            flows.Add(ReadStatistics(ref entry));
        }

        return new OpenFlowMessage.FlowStatisticsReply(flows.ToValueList(), hasMore);
    }

    private static FlowStatistics ReadStatistics(ref WireReader entry)
    {
        var table = entry.Byte();
        entry.Skip(1);
        var seconds = entry.UInt32();
        entry.Skip(4);
        var (priority, idle, hard) = (entry.UInt16(), entry.UInt16(), entry.UInt16());
        var flags = (FlowFlags)entry.UInt16();
        entry.Skip(4);
        var (cookie, packets, octets) = (entry.UInt64(), entry.UInt64(), entry.UInt64());
        var (match, unknown) = MatchCodec.Read(ref entry);
        var flow = new Flow(table, priority, match, InstructionCodec.ReadAll(ref entry))
        { Cookie = cookie, IdleTimeout = idle, HardTimeout = hard, Flags = flags };
        return new FlowStatistics(flow, packets, octets, seconds, unknown);
    }

    private static OpenFlowMessage.Other Unread(byte message, ushort type, ushort flags, ref WireReader body)
    {
        var writer = new WireWriter();
        writer.UInt16(type);
        writer.UInt16(flags);
        writer.Pad(4);
        writer.Bytes(body.TakeRest());
        return new OpenFlowMessage.Other(message, ValueList.Create(writer.Written.Span));
    }
}
