namespace Alcor.OpenFlow;

/// <summary>The versions that this library speaks, as they stand in the first byte of a message.</summary>
public enum OpenFlowVersion : byte
{
    OpenFlow13 = 4,
    OpenFlow14 = 5,
}

/// <summary>A message with its header: the version it is written in and the transaction it belongs to.</summary>
public sealed record OpenFlowFrame(OpenFlowVersion Version, uint TransactionId, OpenFlowMessage Message);

/// <summary>
/// What is said (OpenFlow 1.3.5 and 1.4.1, section 7). The cases are the nested records. Padding and fields that have
/// only one sensible value (no buffering in the switch) are not part of a message.
/// </summary>
public abstract record OpenFlowMessage
{
    private OpenFlowMessage()
    {
    }

    /// <summary>Bit n of <paramref name="Versions"/> says that version n is spoken; 0 when no bitmap came.</summary>
    public sealed record Hello(uint Versions) : OpenFlowMessage;

    public sealed record Error(OpenFlowError Reason, ValueList<byte> Data) : OpenFlowMessage;

    public sealed record EchoRequest(ValueList<byte> Data) : OpenFlowMessage;

    public sealed record EchoReply(ValueList<byte> Data) : OpenFlowMessage;

    public sealed record FeaturesRequest : OpenFlowMessage;

    public sealed record FeaturesReply(ulong DatapathId, uint Buffers, byte Tables, byte Auxiliary, uint Capabilities)
        : OpenFlowMessage;

    public sealed record GetConfigRequest : OpenFlowMessage;

    public sealed record GetConfigReply(ushort Flags, ushort MissSendLength) : OpenFlowMessage;

    public sealed record SetConfig(ushort Flags, ushort MissSendLength) : OpenFlowMessage;

    public sealed record PacketIn(PacketInEvent Event) : OpenFlowMessage;

    public sealed record PacketOut(uint InPort, ValueList<FlowAction> Actions, ValueList<byte> Data) : OpenFlowMessage;

    public sealed record FlowModification(FlowMod Change) : OpenFlowMessage;

    public sealed record FlowRemoved(FlowRemovedEvent Event) : OpenFlowMessage;

    public sealed record GroupModification(GroupModCommand Command, Group Group) : OpenFlowMessage;

    public sealed record MeterModification(MeterModCommand Command, Meter Meter) : OpenFlowMessage;

    /// <summary>
    /// NXT_CT_FLUSH_ZONE, NXT_CT_FLUSH: the switch forgets connections. A vendor's messages; there is no answer.
    /// </summary>
    public sealed record FlushConntrack(ConnectionFilter Which) : OpenFlowMessage;

    public sealed record PortStatus(PortStatusEvent Event) : OpenFlowMessage;

    public sealed record PortDescriptionRequest : OpenFlowMessage;

    public sealed record PortDescriptionReply(ValueList<PortDescription> Ports, bool HasMore) : OpenFlowMessage;

    public sealed record FlowStatisticsRequest(FlowFilter Filter) : OpenFlowMessage;

    public sealed record FlowStatisticsReply(ValueList<FlowStatistics> Flows, bool HasMore) : OpenFlowMessage;

    /// <param name="Id">The meter that is asked for; <see cref="Meter.AllMeters"/>: each.</param>
    public sealed record MeterConfigurationRequest(uint Id) : OpenFlowMessage;

    public sealed record MeterConfigurationReply(ValueList<Meter> Meters, bool HasMore) : OpenFlowMessage;

    public sealed record BarrierRequest : OpenFlowMessage;

    public sealed record BarrierReply : OpenFlowMessage;

    public sealed record RoleRequest(ControllerRole Role, ulong Generation) : OpenFlowMessage;

    public sealed record RoleReply(ControllerRole Role, ulong Generation) : OpenFlowMessage;

    /// <summary>In 1.3 the extension of the ONF (experimenter 0x4f4e4600, type 2300).</summary>
    public sealed record BundleControl(uint Bundle, BundleControlType Type, BundleFlags Flags) : OpenFlowMessage;

    /// <summary>The inner message bears the transaction of the outer. In 1.3 experimenter type 2301.</summary>
    public sealed record BundleAdd(uint Bundle, BundleFlags Flags, OpenFlowMessage Inner) : OpenFlowMessage;

    /// <summary>Well framed, of a type that this library has no use for.</summary>
    public sealed record Other(byte Type, ValueList<byte> Body) : OpenFlowMessage;
}

public enum ControllerRole
{
    NoChange = 0,
    Equal = 1,
    Primary = 2,
    Secondary = 3,
}

public enum BundleControlType
{
    OpenRequest = 0,
    OpenReply = 1,
    CloseRequest = 2,
    CloseReply = 3,
    CommitRequest = 4,
    CommitReply = 5,
    DiscardRequest = 6,
    DiscardReply = 7,
}

[Flags]
public enum BundleFlags
{
    None = 0,
    Atomic = 1,
    Ordered = 2,
}
