using System.Collections.Immutable;
using System.Net;

namespace Alcor.Reachability.Tests;

/// <summary>How a packet relates to what a port has sent and received before.</summary>
internal enum Phase
{
    /// <summary>It begins a conversation, or goes on as it began: from the side that began it.</summary>
    Original,

    /// <summary>It goes the other way than the conversation began.</summary>
    Reply,

    /// <summary>It belongs to none and cannot begin one.</summary>
    Stray,

    /// <summary>It begins one that the other side has begun, too (RFC 9293 section 3.5).</summary>
    Crossing,

    /// <summary>It says of a packet of a conversation that something is wrong with it.</summary>
    Related,
}

/// <summary>What the packets of a conversation have in common, in the direction that it began.</summary>
/// <param name="SourceLabel">The source port, the identifier of ICMP, or nothing.</param>
/// <param name="TargetLabel">The target port, type and code of ICMP, or nothing.</param>
internal readonly record struct Tuple(
    IPAddress Source, IPAddress Target, int Protocol, int SourceLabel, int TargetLabel)
{
    public static Tuple Of(IpContent packet) => packet.Transport switch
    {
        Segment segment => Of(packet, segment.SourcePort, segment.TargetPort),
        Icmp icmp => Of(packet, icmp.Identifier, icmp.Type << 8 | icmp.Code),
        _ => Of(packet, 0, 0),
    };

    private static Tuple Of(IpContent packet, int sourceLabel, int targetLabel) =>
        new(packet.Source, packet.Target, packet.Protocol, sourceLabel, targetLabel);
}

/// <summary>
/// Which conversations each port has, as connection tracking keeps them: a port remembers what its rules let through,
/// whatever became of it elsewhere. They do not end by themselves here, as nothing takes time.
/// </summary>
internal sealed partial record Conversations
{
    public static readonly Conversations None = new();

    private ImmutableHashSet<(string PortId, Tuple Tuple)> Known { get; init; } = [];

    /// <summary>Those of them that the other side has accepted (RFC 9293 section 3.5).</summary>
    private ImmutableHashSet<(string PortId, Tuple Tuple)> Answered { get; init; } = [];

    public Phase PhaseOf(string portId, IpContent packet)
    {
        if (packet.Transport is PortUnreachable { Quoted: var quoted })
            return Known.Contains((portId, Tuple.Of(quoted))) || IsReply(portId, quoted) ? Phase.Related : Phase.Stray;
        if (Known.Contains((portId, Tuple.Of(packet))))
            return Phase.Original;
        if (Opposite(packet) is { } opposite && (portId, Tuple.Of(opposite)) is var known && Known.Contains(known))
        {
            var isBeginning = packet.Transport is Segment { Protocol: Protocol.Tcp, Flags: TcpFlags.Syn };
            return isBeginning && !Answered.Contains(known) ? Phase.Crossing : Phase.Reply;
        }
        return MayBegin(packet) ? Phase.Original : Phase.Stray;
    }

    /// <summary>Whether a packet that belongs to no conversation is the beginning of one.</summary>
    public static bool MayBegin(IpContent packet) => packet.Transport switch
    {
        // A connection may be noticed late, in its middle, but not by the answer to its beginning.
        Segment { Protocol: Protocol.Tcp, Flags: TcpFlags.SynAck } => false,
        // Questions of ICMP have no code but 0 (RFC 792): another one is no message that anybody could answer.
        Icmp { IsQuestion: false } or Icmp { Code: not 0 } or PortUnreachable => false,
        _ => true,
    };

    /// <summary>A port has let through what begins a conversation, or goes on with it.</summary>
    public Conversations With(string portId, IpContent packet) =>
        this with { Known = Known.Add((portId, Tuple.Of(packet))) };

    /// <summary>A port has seen a reply, whether it lets it through or not.</summary>
    public Conversations WithReply(string portId, IpContent packet) =>
        packet.Transport is Segment { Flags: TcpFlags.SynAck }
            ? this with { Answered = Answered.Add((portId, Tuple.Of(Opposite(packet)!))) }
            : this;

    /// <summary>A machine that moves to another host leaves its conversations behind.</summary>
    public Conversations Without(string portId) => new()
    {
        Translated = Translated.RemoveAll(one => one.Place == portId),
        Known = [.. Known.Where(known => known.PortId != portId)],
        Answered = [.. Answered.Where(known => known.PortId != portId)],
    };

    private bool IsReply(string portId, IpContent packet) =>
        Opposite(packet) is { } opposite && Known.Contains((portId, Tuple.Of(opposite)));

    /// <summary>The packet that this one answers; null: it cannot be an answer.</summary>
    public static IpContent? Opposite(IpContent packet)
    {
        var transport = packet.Transport is Icmp icmp ? icmp.Reversed() : packet.Transport.Reply();
        return transport is null ? null : packet with
        {
            Source = packet.Target,
            Target = packet.Source,
            Transport = transport,
        };
    }
}
