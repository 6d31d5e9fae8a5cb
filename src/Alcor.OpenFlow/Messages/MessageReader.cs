using T = Alcor.OpenFlow.MessageType;

namespace Alcor.OpenFlow;

/// <summary>Reads the body of a message; every defect is an <see cref="OpenFlowFormatException"/>.</summary>
internal static class MessageReader
{
    public static OpenFlowMessage Read(OpenFlowVersion version, byte type, uint transaction, ReadOnlySpan<byte> bytes)
    {
        var body = new WireReader(bytes);
        return type switch
        {
            T.Hello => ReadHello(ref body),
            T.Error => ReadError(ref body),
            T.EchoRequest => new OpenFlowMessage.EchoRequest(ValueList.Create(bytes)),
            T.EchoReply => new OpenFlowMessage.EchoReply(ValueList.Create(bytes)),
            T.FeaturesRequest => new OpenFlowMessage.FeaturesRequest(),
            T.FeaturesReply => ReadFeatures(ref body),
            T.GetConfigRequest => new OpenFlowMessage.GetConfigRequest(),
            T.GetConfigReply => new OpenFlowMessage.GetConfigReply(body.UInt16(), body.UInt16()),
            T.SetConfig => new OpenFlowMessage.SetConfig(body.UInt16(), body.UInt16()),
            T.PacketOut => ReadPacketOut(ref body),
            T.FlowMod => new OpenFlowMessage.FlowModification(ReadFlowMod(ref body)),
            T.GroupMod => ReadGroupMod(ref body),
            T.MeterMod => MeterCodec.Read(ref body),
            T.BarrierRequest => new OpenFlowMessage.BarrierRequest(),
            T.BarrierReply => new OpenFlowMessage.BarrierReply(),
            T.RoleRequest or T.RoleReply => ReadRole(ref body, type),
            T.BundleControl when version == OpenFlowVersion.OpenFlow14 => ReadBundleControl(ref body),
            T.BundleAdd when version == OpenFlowVersion.OpenFlow14 => ReadBundleAdd(ref body, transaction),
            T.Experimenter => ReadExperimenter(ref body, version, transaction, bytes),
            _ => EventReader.Read(version, type, bytes) ?? new OpenFlowMessage.Other(type, ValueList.Create(bytes)),
        };
    }

    /// <summary>A number that must be one of an enumeration from 0 to <paramref name="last"/>.</summary>
    public static int Enumerated(uint number, int last, string what) =>
        number <= last ? (int)number : throw new OpenFlowFormatException($"{what} {number}");

    private static OpenFlowMessage.Hello ReadHello(ref WireReader body)
    {
        uint versions = 0;
        while (body.Remaining >= 4)
        {
            var type = body.UInt16();
            var length = body.LengthAfter(2, 4);
            var element = body.Slice(length);
            body.Skip(Math.Min(body.Remaining, WireReader.Padding(length + 4)));
            if (type == 1 && element.Remaining >= 4) versions = element.UInt32();
        }

        return new OpenFlowMessage.Hello(versions);
    }

    private static OpenFlowMessage.Error ReadError(ref WireReader body)
    {
        var (type, code) = (body.UInt16(), body.UInt16());
        var experimenter = type == OpenFlowError.ExperimenterType ? body.UInt32() : 0;
        return new OpenFlowMessage.Error(
            new OpenFlowError(type, code, experimenter), ValueList.Create(body.TakeRest()));
    }

    private static OpenFlowMessage.FeaturesReply ReadFeatures(ref WireReader body)
    {
        var (datapath, buffers) = (body.UInt64(), body.UInt32());
        var (tables, auxiliary) = (body.Byte(), body.Byte());
        body.Skip(2);
        return new OpenFlowMessage.FeaturesReply(datapath, buffers, tables, auxiliary, body.UInt32());
    }

    private static OpenFlowMessage ReadRole(ref WireReader body, byte type)
    {
        var role = (ControllerRole)Enumerated(body.UInt32(), (int)ControllerRole.Secondary, "role");
        body.Skip(4);
        var generation = body.UInt64();
        return type == T.RoleRequest
            ? new OpenFlowMessage.RoleRequest(role, generation)
            : new OpenFlowMessage.RoleReply(role, generation);
    }

    private static OpenFlowMessage.PacketOut ReadPacketOut(ref WireReader body)
    {
        _ = body.UInt32();
        var port = body.UInt32();
        var length = body.UInt16();
        body.Skip(6);
        var list = body.Slice(length);
        return new OpenFlowMessage.PacketOut(port, ActionCodec.ReadAll(ref list), ValueList.Create(body.TakeRest()));
    }

    private static FlowMod ReadFlowMod(ref WireReader body)
    {
        var (cookie, cookieMask) = (body.UInt64(), body.UInt64());
        var table = body.Byte();
        var command = (FlowModCommand)Enumerated(body.Byte(), (int)FlowModCommand.DeleteStrict, "flow-mod command");
        var (idle, hard, priority) = (body.UInt16(), body.UInt16(), body.UInt16());
        _ = body.UInt32();
        var (outPort, outGroup) = (body.UInt32(), body.UInt32());
        var flags = (FlowFlags)body.UInt16();
        body.Skip(2);
        var (match, unknown) = MatchCodec.Read(ref body);
        if (unknown > 0) throw new OpenFlowFormatException("flow-mod with a field that is not known");
        var flow = new Flow(table, priority, match, InstructionCodec.ReadAll(ref body))
        { Cookie = cookie, IdleTimeout = idle, HardTimeout = hard, Flags = flags };
        return new FlowMod(command, flow) { CookieMask = cookieMask, OutPort = outPort, OutGroup = outGroup };
    }

    private static OpenFlowMessage.GroupModification ReadGroupMod(ref WireReader body)
    {
        var command = (GroupModCommand)Enumerated(body.UInt16(), (int)GroupModCommand.Delete, "group-mod command");
        var type = (GroupType)Enumerated(body.Byte(), (int)GroupType.FastFailover, "group type");
        body.Skip(1);
        var id = body.UInt32();
        var buckets = new List<Bucket>();
        while (body.Remaining > 0)
        {
            var bucket = body.Slice(body.LengthAfter(0, 16));
            var weight = bucket.UInt16();
            var (port, group) = (bucket.UInt32(), bucket.UInt32());
            bucket.Skip(4);
            buckets.Add(new Bucket(ActionCodec.ReadAll(ref bucket))
            { Weight = weight, WatchPort = port, WatchGroup = group });
        }

        return new OpenFlowMessage.GroupModification(command, new Group(id, type, buckets.ToValueList()));
    }

    private static OpenFlowMessage.BundleControl ReadBundleControl(ref WireReader body)
    {
        var bundle = body.UInt32();
        var type = (BundleControlType)Enumerated(body.UInt16(), (int)BundleControlType.DiscardReply, "bundle control");
        return new OpenFlowMessage.BundleControl(bundle, type, (BundleFlags)body.UInt16());
    }

    private static OpenFlowMessage.BundleAdd ReadBundleAdd(ref WireReader body, uint transaction)
    {
        var bundle = body.UInt32();
        body.Skip(2);
        var flags = (BundleFlags)body.UInt16();
        var bytes = body.TakeRest();
        // Only one level deep: a bundle in a bundle is refused, so that no message makes the reader recurse.
        if (bytes.Length >= 2 && bytes[1] is T.BundleAdd or T.Experimenter or T.BundleControl)
            throw new OpenFlowFormatException("bundle inside a bundle");
        var inner = OpenFlowCodec.Decode(bytes);
        if (inner.TransactionId != transaction)
            throw new OpenFlowFormatException("bundled message of another transaction");
        return new OpenFlowMessage.BundleAdd(bundle, flags, inner.Message);
    }

    private static OpenFlowMessage ReadExperimenter(
        ref WireReader body, OpenFlowVersion version, uint transaction, ReadOnlySpan<byte> bytes)
    {
        var (experimenter, type) = (body.UInt32(), body.UInt32());
        if (experimenter == T.OnfExperimenter && version == OpenFlowVersion.OpenFlow13)
        {
            if (type == T.OnfBundleControl) return ReadBundleControl(ref body);
            if (type == T.OnfBundleAdd) return ReadBundleAdd(ref body, transaction);
        }

        if (experimenter == T.NiciraExperimenter)
        {
            if (type == T.NiciraFlushZone)
                return new OpenFlowMessage.FlushConntrack(ConnectionFilterCodec.ReadZone(ref body));
            if (type == T.NiciraFlush)
                return new OpenFlowMessage.FlushConntrack(ConnectionFilterCodec.Read(ref body));
        }

        return new OpenFlowMessage.Other(T.Experimenter, ValueList.Create(bytes));
    }
}
