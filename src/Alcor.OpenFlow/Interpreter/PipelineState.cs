namespace Alcor.OpenFlow;

/// <summary>A packet on its way through the tables: the frame, and the fields that are not in it.</summary>
public sealed class PipelineState
{
    private readonly UInt128[] values;

    public PipelineState(Packet packet, uint inPort)
    {
        Packet = packet;
        values = new UInt128[Field.All.Count];
        values[Field.InPort.Ordinal] = inPort;
    }

    private PipelineState(PipelineState other)
    {
        Packet = other.Packet;
        values = [.. other.values];
    }

    public Packet Packet { get; internal set; }

    public UInt128 this[Field field]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(field);
            if (field == Field.InPort16) return values[Field.InPort.Ordinal] & 0xffff;
            if (field.Parts.Count > 0) return Joined(field.Parts);
            return IsInPacket(field) ? Packet[field] : values[field.Ordinal];
        }
        set
        {
            ArgumentNullException.ThrowIfNull(field);
            if (field == Field.InPort16) values[Field.InPort.Ordinal] = Widened((ushort)value);
            else if (field.Parts.Count > 0) Split(field.Parts, value);
            else if (IsInPacket(field)) Packet = Packet.With(field, value);
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
                if (known.IsMatchable && known.Parts.Count == 0 && !IsInPacket(known) && values[known.Ordinal] != 0)
                    match = match.With(known, values[known.Ordinal]);
            return match;
        }
    }

    public bool Has(Field field) => !IsInPacket(field) || Packet.Has(field);

    internal PipelineState Copy() => new(this);

    internal bool Satisfies(Match match)
    {
        foreach (var demand in match.AsSpan())
            if (!demand.Accepts(this[demand.Field]))
                return false;
        return true;
    }

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

/// <summary>
/// Where a packet went: what left through ports and what to the controller, in order; the state at the end; and which
/// flow of which table it met, one line each, indented by resubmits.
/// </summary>
public sealed record ForwardingResult(
    ValueList<SwitchOutput> Outputs, ValueList<PacketInEvent> PacketIns, PipelineState Final, string Trace)
{
    public bool IsDropped => Outputs.Count == 0 && PacketIns.Count == 0;
}
