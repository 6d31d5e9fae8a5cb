using T = Alcor.OpenFlow.MessageType;

namespace Alcor.OpenFlow;

/// <summary>Appends messages to a buffer.</summary>
internal static class MessageWriter
{
    /// <exception cref="ArgumentException">The message does not fit 65535 bytes.</exception>
    public static void Write(WireWriter writer, OpenFlowVersion version, uint transaction, OpenFlowMessage message)
    {
        var start = writer.Length;
        writer.Byte((byte)version);
        writer.Byte(TypeOf(version, message));
        writer.UInt16(0);
        writer.UInt32(transaction);
        switch (message)
        {
            case OpenFlowMessage.FlowModification modification:
                WriteFlowMod(writer, modification.Change);
                break;
            case OpenFlowMessage.BundleAdd add:
                if (version == OpenFlowVersion.OpenFlow13) WriteOnf(writer, T.OnfBundleAdd);
                writer.UInt32(add.Bundle);
                writer.UInt16(0);
                writer.UInt16((ushort)add.Flags);
                Write(writer, version, transaction, add.Inner);
                break;
            case OpenFlowMessage.BundleControl control:
                if (version == OpenFlowVersion.OpenFlow13) WriteOnf(writer, T.OnfBundleControl);
                writer.UInt32(control.Bundle);
                writer.UInt16((ushort)control.Type);
                writer.UInt16((ushort)control.Flags);
                break;
            default:
                WriteBody(writer, version, message);
                break;
        }

        writer.FillLength(start + 2, start);
    }

    private static byte TypeOf(OpenFlowVersion version, OpenFlowMessage message) => message switch
    {
        OpenFlowMessage.FlowModification => T.FlowMod,
        OpenFlowMessage.BundleAdd => version == OpenFlowVersion.OpenFlow13 ? T.Experimenter : T.BundleAdd,
        OpenFlowMessage.BundleControl => version == OpenFlowVersion.OpenFlow13 ? T.Experimenter : T.BundleControl,
        OpenFlowMessage.Hello => T.Hello,
        OpenFlowMessage.Error => T.Error,
        OpenFlowMessage.EchoRequest => T.EchoRequest,
        OpenFlowMessage.EchoReply => T.EchoReply,
        OpenFlowMessage.FeaturesRequest => T.FeaturesRequest,
        OpenFlowMessage.FeaturesReply => T.FeaturesReply,
        OpenFlowMessage.GetConfigRequest => T.GetConfigRequest,
        OpenFlowMessage.GetConfigReply => T.GetConfigReply,
        OpenFlowMessage.SetConfig => T.SetConfig,
        OpenFlowMessage.PacketIn => T.PacketIn,
        OpenFlowMessage.PacketOut => T.PacketOut,
        OpenFlowMessage.FlowRemoved => T.FlowRemoved,
        OpenFlowMessage.GroupModification => T.GroupMod,
        OpenFlowMessage.MeterModification => T.MeterMod,
        OpenFlowMessage.FlushConntrack => T.Experimenter,
        OpenFlowMessage.PortStatus => T.PortStatus,
        OpenFlowMessage.PortDescriptionRequest or OpenFlowMessage.FlowStatisticsRequest
            or OpenFlowMessage.MeterConfigurationRequest => T.MultipartRequest,
        OpenFlowMessage.PortDescriptionReply or OpenFlowMessage.FlowStatisticsReply
            or OpenFlowMessage.MeterConfigurationReply => T.MultipartReply,
        OpenFlowMessage.BarrierRequest => T.BarrierRequest,
        OpenFlowMessage.BarrierReply => T.BarrierReply,
        OpenFlowMessage.RoleRequest => T.RoleRequest,
        OpenFlowMessage.RoleReply => T.RoleReply,
        OpenFlowMessage.Other other => other.Type,
        _ => throw new ArgumentException($"{message.GetType().Name} has no type", nameof(message)),
    };

    private static void WriteBody(WireWriter writer, OpenFlowVersion version, OpenFlowMessage message)
    {
        switch (message)
        {
            case OpenFlowMessage.Hello hello:
                if (hello.Versions != 0) WriteHello(writer, hello.Versions);
                break;
            case OpenFlowMessage.Error error:
                WriteError(writer, error);
                break;
            case OpenFlowMessage.EchoRequest echo:
                writer.Bytes(echo.Data.AsSpan());
                break;
            case OpenFlowMessage.EchoReply echo:
                writer.Bytes(echo.Data.AsSpan());
                break;
            case OpenFlowMessage.FeaturesReply features:
                WriteFeatures(writer, features);
                break;
            case OpenFlowMessage.GetConfigReply config:
                writer.UInt16(config.Flags);
                writer.UInt16(config.MissSendLength);
                break;
            case OpenFlowMessage.SetConfig config:
                writer.UInt16(config.Flags);
                writer.UInt16(config.MissSendLength);
                break;
            case OpenFlowMessage.PacketOut packet:
                WritePacketOut(writer, packet);
                break;
            case OpenFlowMessage.GroupModification modification:
                WriteGroupMod(writer, modification);
                break;
            case OpenFlowMessage.MeterModification modification:
                MeterCodec.Write(writer, modification);
                break;
            case OpenFlowMessage.FlushConntrack flush:
                ConnectionFilterCodec.Write(writer, flush.Which);
                break;
            case OpenFlowMessage.RoleRequest role:
                WriteRole(writer, role.Role, role.Generation);
                break;
            case OpenFlowMessage.RoleReply role:
                WriteRole(writer, role.Role, role.Generation);
                break;
            case OpenFlowMessage.Other other:
                writer.Bytes(other.Body.AsSpan());
                break;
            default:
                EventWriter.WriteBody(writer, version, message);
                break;
        }
    }

    private static void WriteOnf(WireWriter writer, uint type)
    {
        writer.UInt32(T.OnfExperimenter);
        writer.UInt32(type);
    }

    private static void WriteHello(WireWriter writer, uint versions)
    {
        writer.UInt16(1);
        writer.UInt16(8);
        writer.UInt32(versions);
    }

    private static void WriteError(WireWriter writer, OpenFlowMessage.Error error)
    {
        writer.UInt16(error.Reason.Type);
        writer.UInt16(error.Reason.Code);
        if (error.Reason.Type == OpenFlowError.ExperimenterType) writer.UInt32(error.Reason.Experimenter);
        writer.Bytes(error.Data.AsSpan());
    }

    private static void WriteFeatures(WireWriter writer, OpenFlowMessage.FeaturesReply features)
    {
        writer.UInt64(features.DatapathId);
        writer.UInt32(features.Buffers);
        writer.Byte(features.Tables);
        writer.Byte(features.Auxiliary);
        writer.Pad(2);
        writer.UInt32(features.Capabilities);
        writer.Pad(4);
    }

    private static void WriteRole(WireWriter writer, ControllerRole role, ulong generation)
    {
        writer.UInt32((uint)role);
        writer.Pad(4);
        writer.UInt64(generation);
    }

    private static void WritePacketOut(WireWriter writer, OpenFlowMessage.PacketOut packet)
    {
        writer.UInt32(T.NoBuffer);
        writer.UInt32(packet.InPort);
        var lengthAt = writer.Length;
        writer.Pad(8);
        var start = writer.Length;
        ActionCodec.WriteAll(writer, packet.Actions);
        writer.FillLength(lengthAt, start);
        writer.Bytes(packet.Data.AsSpan());
    }

    private static void WriteFlowMod(WireWriter writer, FlowMod change)
    {
        var flow = change.Flow;
        writer.UInt64(flow.Cookie);
        writer.UInt64(change.CookieMask);
        writer.Byte(flow.Table);
        writer.Byte((byte)change.Command);
        writer.UInt16(flow.IdleTimeout);
        writer.UInt16(flow.HardTimeout);
        writer.UInt16(flow.Priority);
        writer.UInt32(T.NoBuffer);
        writer.UInt32(change.OutPort);
        writer.UInt32(change.OutGroup);
        writer.UInt16((ushort)flow.Flags);
        // Padding in 1.3, the importance for eviction in 1.4, which nobody here sets.
        writer.Pad(2);
        MatchCodec.Write(writer, flow.Match);
        InstructionCodec.WriteAll(writer, flow.Instructions);
    }

    private static void WriteGroupMod(WireWriter writer, OpenFlowMessage.GroupModification modification)
    {
        writer.UInt16((ushort)modification.Command);
        writer.Byte((byte)modification.Group.Type);
        writer.Pad(1);
        writer.UInt32(modification.Group.Id);
        foreach (var bucket in modification.Group.Buckets)
        {
            var start = writer.Length;
            writer.UInt16(0);
            writer.UInt16(bucket.Weight);
            writer.UInt32(bucket.WatchPort);
            writer.UInt32(bucket.WatchGroup);
            writer.Pad(4);
            ActionCodec.WriteAll(writer, bucket.Actions);
            writer.FillLength(start, start);
        }
    }
}
