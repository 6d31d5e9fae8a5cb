using System.Globalization;
using System.Text;

namespace Alcor.OpenFlow;

public abstract partial record FlowAction
{
    /// <summary>
    /// NXAST_CT (ovs-actions(7), "ct"): has the packet looked up among the connections of a zone. With a
    /// <see cref="Table"/> a copy with its connection's fields goes on there, once this packet is done with; the
    /// packet itself goes on behind this action without them. Only for IP.
    /// </summary>
    public sealed record ConnectionTrack : FlowAction
    {
        /// <summary>A new connection becomes one of the zone's, so that its next packets are established.</summary>
        public bool Commit { get; init; }

        /// <summary>A connection that began in the other direction is replaced; only with a commit.</summary>
        public bool Force { get; init; }

        public CtZone Zone { get; init; }

        /// <summary>Null: nothing goes on anywhere.</summary>
        public byte? Table { get; init; }

        /// <summary>
        /// A <see cref="Nat"/> first, if there is to be one, then what writes ct_mark and ct_label, which only a
        /// commit may.
        /// </summary>
        public ValueList<FlowAction> Actions { get; init; }

        /// <summary>The well-known port of the protocol whose related connections are watched; 0 for none.</summary>
        public ushort Alg { get; init; }

        /// <summary>The packet goes on in a table, and there its connection is known.</summary>
        public static ConnectionTrack Lookup(CtZone zone, byte table) => new() { Zone = zone, Table = table };

        public static ConnectionTrack CommitIn(CtZone zone, params ReadOnlySpan<FlowAction> actions) =>
            new() { Commit = true, Zone = zone, Actions = ValueList.Create(actions) };

        public override string ToString()
        {
            var parts = new List<string>();
            if (Commit) parts.Add("commit");
            if (Force) parts.Add("force");
            if (Table is { } table) parts.Add($"table={table}");
            if (Zone != default) parts.Add($"zone={Zone}");
            var nested = Actions.AsSpan();
            if (nested is [Nat nat, ..])
            {
                parts.Add(nat.ToString());
                nested = nested[1..];
            }

            if (nested.Length > 0) parts.Add($"exec({ValueList.Create(nested)})");
            if (Alg != 0) parts.Add($"alg={AlgName}");
            return $"ct({string.Join(',', parts)})";
        }

        private string AlgName => Alg switch
        {
            21 => "ftp",
            69 => "tftp",
            _ => Alg.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>
    /// NXAST_NAT, only inside <see cref="ConnectionTrack"/>: translates an address of a connection that is committed
    /// with it, and of all its later packets and their replies. What is given as a range is chosen from.
    /// </summary>
    public sealed record Nat : FlowAction
    {
        /// <summary>Translates as the connection's commit said, and else nothing.</summary>
        public static readonly Nat Existing = new() { Kind = NatKind.Existing };

        public NatKind Kind { get; init; }

        /// <summary>Of one family; its first address is not the unspecified one.</summary>
        public NatRange<Ipv4Address>? Ipv4 { get; init; }

        public NatRange<Ipv6Address>? Ipv6 { get; init; }

        /// <summary>Only beside addresses. Without one, a port is kept where it can be.</summary>
        public NatRange<ushort>? Ports { get; init; }

        public NatFlags Flags { get; init; }

        public static Nat Source(Ipv4Address address) =>
            new() { Kind = NatKind.Source, Ipv4 = new NatRange<Ipv4Address>(address, address) };

        public static Nat Source(Ipv6Address address) =>
            new() { Kind = NatKind.Source, Ipv6 = new NatRange<Ipv6Address>(address, address) };

        public static Nat Destination(Ipv4Address address) =>
            new() { Kind = NatKind.Destination, Ipv4 = new NatRange<Ipv4Address>(address, address) };

        public static Nat Destination(Ipv6Address address) =>
            new() { Kind = NatKind.Destination, Ipv6 = new NatRange<Ipv6Address>(address, address) };

        public override string ToString()
        {
            if (Kind == NatKind.Existing) return "nat";
            var text = new StringBuilder(Kind == NatKind.Source ? "nat(src" : "nat(dst");
            if (Ipv4 is { } ipv4) text.Append('=').Append(ipv4);
            // In brackets, where a port follows, as it would else read like a part of the address.
            if (Ipv6 is { } ipv6 && Ports is null) text.Append('=').Append(ipv6);
            else if (Ipv6 is { IsOne: true } one) text.Append(CultureInfo.InvariantCulture, $"=[{one.First}]");
            else if (Ipv6 is { } two) text.Append(CultureInfo.InvariantCulture, $"=[{two.First}]-[{two.Last}]");
            if (Ports is { } ports) text.Append(':').Append(ports);
            if (Flags.HasFlag(NatFlags.Persistent)) text.Append(",persistent");
            if (Flags.HasFlag(NatFlags.Hash)) text.Append(",hash");
            if (Flags.HasFlag(NatFlags.Random)) text.Append(",random");
            return text.Append(')').ToString();
        }
    }

    /// <summary>NXAST_CT_CLEAR: the packet's connection is no longer known.</summary>
    public sealed record ClearConnectionTracking : FlowAction
    {
        public override string ToString() => "ct_clear";
    }
}

/// <summary>Which connections are told apart from which: a zone by its number, or one that the packet brings.</summary>
public readonly record struct CtZone
{
    public CtZone(ushort number) => Number = number;

    /// <exception cref="ArgumentException">The source is not 16 bits wide.</exception>
    public CtZone(Subfield source)
    {
        if (source.Width != 16) throw new ArgumentException("a zone has 16 bits", nameof(source));
        Source = source;
    }

    /// <summary>Says nothing when there is a <see cref="Source"/>.</summary>
    public ushort Number { get; }

    public Subfield? Source { get; }

    public static implicit operator CtZone(ushort number) => new(number);

    public static implicit operator CtZone(Subfield source) => new(source);

    public override string ToString() => Source?.ToString() ?? Number.ToString(CultureInfo.InvariantCulture);
}

public enum NatKind
{
    Existing = 0,
    Source = 1,
    Destination = 2,
}

/// <summary>How one of a range is chosen.</summary>
[Flags]
public enum NatFlags
{
    None = 0,

    /// <summary>The same for the same source, also after a restart of the switch.</summary>
    Persistent = 4,

    Hash = 8,
    Random = 16,
}

/// <summary>From the first to the last, both included.</summary>
public readonly record struct NatRange<T>(T First, T Last)
    where T : struct
{
    public bool IsOne => First.Equals(Last);

    public override string ToString() => IsOne ? $"{First}" : $"{First}-{Last}";
}
