using System.Text;
using T = Alcor.OpenFlow.MessageType;

namespace Alcor.OpenFlow;

/// <summary>The bodies that a switch sends unasked, and of multipart requests and replies.</summary>
internal static class EventWriter
{
    private const ushort More = 1;

    public static void WriteBody(WireWriter writer, OpenFlowVersion version, OpenFlowMessage message)
    {
        switch (message)
        {
            case OpenFlowMessage.PacketIn packet:
                WritePacketIn(writer, packet.Event);
                break;
            case OpenFlowMessage.FlowRemoved removed:
                WriteFlowRemoved(writer, removed.Event);
                break;
            case OpenFlowMessage.PortStatus status:
                writer.Byte((byte)status.Event.Reason);
                writer.Pad(7);
                WritePort(writer, version, status.Event.Port);
                break;
            case OpenFlowMessage.PortDescriptionRequest:
                WriteMultipart(writer, T.MultipartPortDescription, hasMore: false);
                break;
            case OpenFlowMessage.PortDescriptionReply reply:
                WriteMultipart(writer, T.MultipartPortDescription, reply.HasMore);
                foreach (var port in reply.Ports) WritePort(writer, version, port);
                break;
            case OpenFlowMessage.FlowStatisticsRequest request:
                WriteMultipart(writer, T.MultipartFlow, hasMore: false);
                WriteFilter(writer, request.Filter);
                break;
            case OpenFlowMessage.FlowStatisticsReply reply:
                WriteMultipart(writer, T.MultipartFlow, reply.HasMore);
                foreach (var flow in reply.Flows) WriteStatistics(writer, flow);
                break;
            case OpenFlowMessage.MeterConfigurationRequest request:
                WriteMultipart(writer, T.MultipartMeterConfiguration, hasMore: false);
                writer.UInt32(request.Id);
                writer.Pad(4);
                break;
            case OpenFlowMessage.MeterConfigurationReply reply:
                WriteMultipart(writer, T.MultipartMeterConfiguration, reply.HasMore);
                foreach (var meter in reply.Meters) MeterCodec.WriteConfiguration(writer, meter);
                break;
            default:
                // What is left has no body: requests for features, configuration and barriers, and the barrier's reply.
                break;
        }
    }

    private static void WriteMultipart(WireWriter writer, ushort type, bool hasMore)
    {
        writer.UInt16(type);
        writer.UInt16(hasMore ? More : (ushort)0);
        writer.Pad(4);
    }

    private static void WritePacketIn(WireWriter writer, PacketInEvent packet)
    {
        writer.UInt32(T.NoBuffer);
        writer.UInt16(packet.TotalLength);
        writer.Byte((byte)packet.Reason);
        writer.Byte(packet.Table);
        writer.UInt64(packet.Cookie);
        MatchCodec.Write(writer, packet.Metadata);
        writer.Pad(2);
        writer.Bytes(packet.Data.AsSpan());
    }

    private static void WriteFlowRemoved(WireWriter writer, FlowRemovedEvent removed)
    {
        writer.UInt64(removed.Cookie);
        writer.UInt16(removed.Key.Priority);
        writer.Byte((byte)removed.Reason);
        writer.Byte(removed.Key.Table);
        writer.Pad(12);
        writer.UInt64(removed.Packets);
        writer.UInt64(removed.Bytes);
        MatchCodec.Write(writer, removed.Key.Match);
    }

    private static void WritePort(WireWriter writer, OpenFlowVersion version, PortDescription port)
    {
        const int bodyLength = 40;
        var start = writer.Length;
        writer.UInt32(port.Number);
        writer.UInt16(version == OpenFlowVersion.OpenFlow13 ? (ushort)0 : (ushort)bodyLength);
        writer.Pad(2);
        port.Address.Write(writer.Room(6));
        writer.Pad(2);
        var name = Encoding.UTF8.GetBytes(port.Name);
        name.AsSpan(0, Math.Min(name.Length, 15)).CopyTo(writer.Room(16));
        writer.UInt32(port.Configuration);
        writer.UInt32(port.State);
        if (version == OpenFlowVersion.OpenFlow13) writer.Pad(24);
        System.Diagnostics.Debug.Assert(version != OpenFlowVersion.OpenFlow14 || writer.Length - start == bodyLength);
    }

    private static void WriteFilter(WireWriter writer, FlowFilter filter)
    {
        writer.Byte(filter.Table);
        writer.Pad(3);
        writer.UInt32(filter.OutPort);
        writer.UInt32(filter.OutGroup);
        writer.Pad(4);
        writer.UInt64(filter.Cookie);
        writer.UInt64(filter.CookieMask);
        MatchCodec.Write(writer, filter.Match);
    }

    private static void WriteStatistics(WireWriter writer, FlowStatistics statistics)
    {
        var flow = statistics.Flow;
        var start = writer.Length;
        writer.UInt16(0);
        writer.Byte(flow.Table);
        writer.Pad(1);
        writer.UInt32(statistics.Seconds);
        writer.UInt32(0);
        writer.UInt16(flow.Priority);
        writer.UInt16(flow.IdleTimeout);
        writer.UInt16(flow.HardTimeout);
        writer.UInt16((ushort)flow.Flags);
        writer.Pad(4);
        writer.UInt64(flow.Cookie);
        writer.UInt64(statistics.Packets);
        writer.UInt64(statistics.Bytes);
        MatchCodec.Write(writer, flow.Match);
        InstructionCodec.WriteAll(writer, flow.Instructions);
        writer.FillLength(start, start);
    }
}
