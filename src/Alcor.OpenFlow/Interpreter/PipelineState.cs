namespace Alcor.OpenFlow;

/// <summary>A packet on its way through the tables: the frame, and the fields that are not in it.</summary>
public sealed class PipelineState
{
    private readonly UInt128[] values;

    // Link-layer addresses of neighbour discovery that were written and have no place in the packet yet: it comes when
    // the type of its option is written too.
    private readonly Dictionary<Field, UInt128> unplaced = [];

    public PipelineState(Packet packet, uint inPort)
    {
        Packet = packet;
        Frames = [new TrackedPacket(packet, ConnectionMetadata.Untracked)];
        values = new UInt128[Field.All.Count];
        values[Field.InPort.Ordinal] = inPort;
    }

    private PipelineState(PipelineState other)
    {
        Packet = other.Packet;
        Frames = other.Frames;
        values = [.. other.values];
        foreach (var (field, value) in other.unplaced) unplaced[field] = value;
    }

    /// <summary>The packet that flows see.</summary>
    public Packet Packet { get; private set; }

    /// <summary>
    /// The frames that are really there. Usually one, <see cref="Packet"/>; none while a fragment is waiting for
    /// others, all of them when the last has come; and translated, where flows do not see that before the packet is
    /// looked at again.
    /// </summary>
    internal IReadOnlyList<TrackedPacket> Frames { get; set; }

    public UInt128 this[Field field]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(field);
            if (field == Field.InPort16) return values[Field.InPort.Ordinal] & 0xffff;
            if (field.Parts.Count > 0) return Joined(field.Parts);
            if (unplaced.TryGetValue(field, out var value)) return value;
            return IsInPacket(field) ? Packet[field] : values[field.Ordinal];
        }
        set
        {
            ArgumentNullException.ThrowIfNull(field);
            if (field == Field.InPort16) values[Field.InPort.Ordinal] = Widened((ushort)value);
            else if (field.Parts.Count > 0) Split(field.Parts, value);
            else if (IsInPacket(field)) Write(field, value);
            else values[field.Ordinal] = value;
        }
    }

    public uint InPort => (uint)values[Field.InPort.Ordinal];

    public TunnelFields Tunnel => new(
        (ulong)this[Field.TunnelId],
        new Ipv4Address((uint)this[Field.TunnelSource]), new Ipv4Address((uint)this[Field.TunnelDestination]),
        new Ipv6Address(this[Field.TunnelIpv6Source]), new Ipv6Address(this[Field.TunnelIpv6Destination]));

    /// <summary>What of port, tunnel, registers and metadata is not zero, as a packet-in tells it.</summary>
    public Match Metadata
    {
        get
        {
            var match = Match.Empty;
            foreach (var known in Field.All)
                if (IsTold(known))
                    match = match.With(known, values[known.Ordinal]);
            // The addresses that a connection began with say nothing without their family.
            return this[Field.CtState] == 0 ? match : match.With(Field.EthType, this[Field.EthType]);
        }
    }

    private bool IsTold(Field field)
    {
        if (!field.IsMatchable || field.Parts.Count > 0 || IsInPacket(field)) return false;
        var isOriginal = field.Ordinal >= Field.CtProto.Ordinal && field.Ordinal <= Field.CtPortDst.Ordinal;
        if (isOriginal && !HasOriginal) return false;
        return values[field.Ordinal] != 0 || HasOriginal && (field == Field.CtPortSrc || field == Field.CtPortDst);
    }

    private bool HasOriginal => this[Field.CtProto] != 0 && ((CtState)(uint)this[Field.CtState]
        & (CtState.New | CtState.Established | CtState.ReplyDirection)) != CtState.None;

    public bool Has(Field field)
    {
        if (field == Field.NdSll) return IsDiscovery(135);
        if (field == Field.NdTll) return IsDiscovery(136);
        return !IsInPacket(field) || Packet.Has(field);
    }

    internal PipelineState Copy() => new(this);

    /// <summary>Changes the packet that flows see, and the frames.</summary>
    internal void Rewrite(Func<Packet, Packet> change)
    {
        var (seen, written) = (Packet, change(Packet));
        if (written == seen && Frames.All(one => one.Packet == seen)) return;
        Packet = written;
        Frames = [.. Frames.Select(one => one with { Packet = one.Packet == seen ? written : change(one.Packet) })];
    }

    /// <summary>
    /// The state of a frame that is looked at again: with the fields of its connection, and all else as it was.
    /// </summary>
    internal PipelineState Recirculated(TrackedPacket frame)
    {
        var again = new PipelineState(frame.Packet, InPort) { Frames = [frame] };
        values.CopyTo(again.values, 0);
        again.ShowConnection(frame.Connection);
        return again;
    }

    /// <summary>What flows see of a connection.</summary>
    internal void ShowConnection(ConnectionMetadata connection)
    {
        this[Field.CtState] = (uint)connection.State;
        this[Field.CtZone] = connection.Zone;
        this[Field.CtMark] = connection.Mark;
        this[Field.CtLabel] = connection.Label;
        var original = connection.Original;
        var (source, target) = (original?.Source ?? default, original?.Target ?? default);
        var isIpv4 = original is { IpVersion: 4 };
        this[Field.CtProto] = original?.Protocol ?? 0;
        this[Field.CtIpv4Src] = isIpv4 ? source.Address : 0;
        this[Field.CtIpv4Dst] = isIpv4 ? target.Address : 0;
        this[Field.CtIpv6Src] = isIpv4 ? 0 : source.Address;
        this[Field.CtIpv6Dst] = isIpv4 ? 0 : target.Address;
        // As what they are compared with, these are there only with a transport header.
        var hasPorts = Packet.Layout.TransportOffset != 0;
        var isIcmp = original is { IsIcmp: true };
        this[Field.CtPortSrc] = !hasPorts ? 0u : isIcmp ? source.IcmpType : source.Port;
        this[Field.CtPortDst] = !hasPorts || isIcmp ? 0u : target.Port;
    }

    internal bool Satisfies(Match match)
    {
        foreach (var demand in match.AsSpan())
            if (!demand.Accepts(this[demand.Field]))
                return false;
        return true;
    }

    private bool IsDiscovery(byte type) => Packet.Has(Field.NdTarget) && Packet[Field.Icmpv6Type] == type;

    private void Write(Field field, UInt128 value)
    {
        if (field == Field.NdSll || field == Field.NdTll) unplaced[field] = value;
        Rewrite(packet => Placed(packet.With(field, value)));
        if (Forgets(field))
            Frames = [.. Frames.Select(one => one with { Connection = one.Connection with { Found = null } })];
    }

    private Packet Placed(Packet packet) =>
        unplaced.Aggregate(packet, (placed, one) => placed.With(one.Key, one.Value));

    // A packet of other addresses or ports may be another connection's.
    private static bool Forgets(Field field) => field == Field.Ipv4Src || field == Field.Ipv4Dst
        || field == Field.Ipv6Src || field == Field.Ipv6Dst || field == Field.TcpSrc || field == Field.TcpDst
        || field == Field.UdpSrc || field == Field.UdpDst;

    private UInt128 Joined(ValueList<Field> parts)
    {
        UInt128 value = 0;
        foreach (var part in parts.AsSpan()) value = value << part.Width | values[part.Ordinal];
        return value;
    }

    private void Split(ValueList<Field> parts, UInt128 value)
    {
        for (var i = parts.Count - 1; i >= 0; i--, value >>= parts[i + 1].Width)
            values[parts[i].Ordinal] = value & parts[i].Ones;
    }

    // Fields are defined with those of the pipeline first.
    private static bool IsInPacket(Field field) => field.Ordinal >= Field.EthDst.Ordinal;

    // Reserved ports keep their meaning across the two widths.
    private static uint Widened(ushort port) => port >= 0xff00 ? 0xffff_0000u | port : port;
}

/// <summary>What a tunnel port would put around the packet.</summary>
public readonly record struct TunnelFields(
    ulong Id, Ipv4Address Source, Ipv4Address Destination, Ipv6Address Ipv6Source, Ipv6Address Ipv6Destination);

/// <summary>A packet that leaves the switch through a port.</summary>
public sealed record SwitchOutput(uint Port, Packet Packet, TunnelFields Tunnel);

/// <summary>A table that a packet came to, and the flow that it met there.</summary>
/// <param name="Depth">How many resubmits and look-ups of connections it is inside of.</param>
/// <param name="Flow">Null: none matched.</param>
/// <param name="State">As it came to the table.</param>
public sealed record TableVisit(int Depth, byte Table, Flow? Flow, PipelineState State);

/// <summary>
/// Where a packet went: what left through ports and what to the controller, in order; the state at the end; and which
/// flow of which table it met, one line each, indented by resubmits.
/// </summary>
public sealed record ForwardingResult(
    ValueList<SwitchOutput> Outputs, ValueList<PacketInEvent> PacketIns, PipelineState Final, string Trace)
{
    /// <summary>The tables, in order.</summary>
    public IReadOnlyList<TableVisit> Visits { get; init; } = [];

    public bool IsDropped => Outputs.Count == 0 && PacketIns.Count == 0;
}
