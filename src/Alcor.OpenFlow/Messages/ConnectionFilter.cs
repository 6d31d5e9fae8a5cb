namespace Alcor.OpenFlow;

/// <summary>
/// Connections of a zone that have all of what is said here: of their beginning before it was translated, of the
/// answer before that is translated back (NXT_CT_FLUSH of Open vSwitch 3.1; ovs-ofctl(8), "ct-flush"). IPv4 alone,
/// since nothing else is translated.
/// </summary>
public sealed record ConnectionFilter(ushort Zone)
{
    /// <summary>Who has begun it; null: anybody.</summary>
    public Ipv4Address? Source { get; init; }

    /// <summary>With whom, as whoever began it knows him; null: anybody.</summary>
    public Ipv4Address? Target { get; init; }

    /// <summary>Who really answers; null: anybody.</summary>
    public Ipv4Address? ReplySource { get; init; }

    /// <summary>To where; null: anywhere.</summary>
    public Ipv4Address? ReplyTarget { get; init; }

    /// <summary>0: all.</summary>
    public byte Protocol { get; init; }

    /// <summary>Of the target, of a protocol that has ports; 0: all.</summary>
    public ushort TargetPort { get; init; }

    /// <summary>That is understood by any Open vSwitch from 2.6 on.</summary>
    public bool IsWholeZone => this == new ConnectionFilter(Zone);
}
