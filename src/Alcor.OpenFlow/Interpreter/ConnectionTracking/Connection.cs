namespace Alcor.OpenFlow;

/// <summary>
/// A committed connection. <see cref="Reply"/> is the key of its packets in the other direction: the ends swapped, and
/// where something is translated, as it is after that.
/// </summary>
internal sealed class Connection(ConnectionKey key, ConnectionKey reply, NatKind nat, ConnectionProgress progress)
{
    public ConnectionKey Key => key;

    public ConnectionKey Reply => reply;

    /// <summary>What is translated for good; <see cref="NatKind.Existing"/> for nothing.</summary>
    public NatKind Nat => nat;

    public ConnectionProgress Progress => progress;

    public bool Is(ConnectionFilter which) => key.Zone == which.Zone
        && IsAt(key.Source, which.Source) && IsAt(key.Target, which.Target)
        && IsAt(reply.Source, which.ReplySource) && IsAt(reply.Target, which.ReplyTarget)
        && (which.Protocol == 0 || key.Protocol == which.Protocol)
        && (which.TargetPort == 0 || key.Target.Port == which.TargetPort);

    private bool IsAt(ConnectionEnd end, Ipv4Address? address) =>
        address is not { } wanted || (key.IpVersion == 4 && end.Address == wanted.Value);

    public uint Mark { get; set; }

    public UInt128 Label { get; set; }

    /// <summary>
    /// The line of <c>ovs-appctl dpctl/dump-conntrack</c>, without what only one protocol has.
    /// </summary>
    public override string ToString()
    {
        var name = key.Protocol switch
        {
            1 => "icmp",
            6 => "tcp",
            17 => "udp",
            58 => "icmpv6",
            132 => "sctp",
            var other => $"{other}",
        };
        var text = $"{name},orig=({key}),reply=({reply})";
        if (key.Zone != 0) text += $",zone={key.Zone}";
        if (Mark != 0) text += $",mark={Mark}";
        return Label == 0 ? text : $"{text},labels={MatchText.Hex(Label)}";
    }
}

/// <summary>
/// What a packet carries of its last look-up through the switch, seen by flows only where that look-up sent it on to.
/// </summary>
internal sealed record ConnectionMetadata
{
    public static readonly ConnectionMetadata Untracked = new();

    public CtState State { get; init; }

    public ushort Zone { get; init; }

    public uint Mark { get; init; }

    public UInt128 Label { get; init; }

    /// <summary>Of the packet that began the connection, or would begin it.</summary>
    public ConnectionKey? Original { get; init; }

    /// <summary>
    /// Found before, so that another look-up in its zone finds it again and does not count as a packet.
    /// </summary>
    public Connection? Found { get; init; }

    public bool IsReply { get; init; }

    public bool IsRelated { get; init; }

    public bool IsTranslated => (State & (CtState.SourceTranslated | CtState.DestinationTranslated)) != CtState.None;
}

/// <summary>A frame that is really on its way, and what the switch knows beside it.</summary>
internal sealed record TrackedPacket(Packet Packet, ConnectionMetadata Connection);

/// <summary>What a <see cref="FlowAction.ConnectionTrack"/> asks for; marks and labels under their masks.</summary>
internal sealed record TrackRequest(ushort Zone, bool Commit, bool Force, FlowAction.Nat? Nat)
{
    public (UInt128 Value, UInt128 Mask) Mark { get; init; }

    public (UInt128 Value, UInt128 Mask) Label { get; init; }
}
