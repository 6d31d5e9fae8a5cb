namespace Alcor.OpenFlow;

/// <summary>
/// OpenFlow 1.4.1 section 7.4.1, enum ofp_packet_in_reason (1.3 calls OFPR_APPLY_ACTION OFPR_ACTION).
/// </summary>
public enum PacketInReason
{
    NoMatch = 0,
    Action = 1,
    InvalidTtl = 2,
    ActionSet = 3,
    Group = 4,
    PacketOut = 5,
}

/// <summary>
/// A packet that the switch hands up. <paramref name="Metadata"/> has the input port and whatever of tunnel, registers
/// and metadata was not zero; <see cref="TotalLength"/> is the packet's length before it was cut.
/// </summary>
public sealed record PacketInEvent(
    PacketInReason Reason, byte Table, ulong Cookie, Match Metadata, ValueList<byte> Data)
{
    public ushort TotalLength { get; init; }

    public uint InPort => (uint)(Metadata.Find(Field.InPort)?.Value ?? 0);

    /// <summary>The value of a field at the time of the hand-over; 0 when the switch did not send it.</summary>
    public UInt128 this[Field field] => Metadata.Find(field)?.Value ?? 0;
}

public enum FlowRemovedReason
{
    IdleTimeout = 0,
    HardTimeout = 1,
    Delete = 2,
    GroupDelete = 3,
    MeterDelete = 4,
    Eviction = 5,
}

/// <summary>A flow with <see cref="FlowFlags.SendFlowRemoved"/> is gone.</summary>
public sealed record FlowRemovedEvent(FlowKey Key, ulong Cookie, FlowRemovedReason Reason, ulong Packets, ulong Bytes);

public enum PortStatusReason
{
    Add = 0,
    Delete = 1,
    Modify = 2,
}

public sealed record PortStatusEvent(PortStatusReason Reason, PortDescription Port);

/// <summary>
/// A port of the switch. Bit 0 of <paramref name="State"/> is OFPPS_LINK_DOWN, bit 0 of
/// <paramref name="Configuration"/> OFPPC_PORT_DOWN. Names have at most 15 bytes.
/// </summary>
public sealed record PortDescription(uint Number, MacAddress Address, string Name, uint Configuration, uint State)
{
    public bool IsLinkUp => (State & 1) == 0;
}
