namespace Alcor.OpenFlow;

/// <summary>
/// TCP as the userspace datapath of Open vSwitch follows it: with windows, after Guido van Rooij, "Real Stateful TCP
/// Packet Filtering in IP Filter" (2000). A segment in the middle of a connection that nobody saw begin is taken for a
/// beginning, and the windows are guessed from it.
/// </summary>
internal sealed class TcpProgress : ConnectionProgress
{
    // What may lie between the last acknowledged byte and a segment: a window without scaling, and some packet.
    private const int Slack = 0xffff + 1500;
    private const int ScaleMax = 14;
    private readonly Peer originator;
    private readonly Peer responder;

    public TcpProgress(TcpSegment first)
    {
        originator = new Peer
        {
            Phase = Phase.SynSent, Low = first.Sequence, High = first.End + 1, Scale = first.WindowScale,
            WindowMax = Unscaled(Math.Max(first.Window, (ushort)1), first.WindowScale ?? 0),
        };
        responder = new Peer { Phase = Phase.Closed, High = 1, WindowMax = 1 };
        if (!first.HasSyn) (originator.IsScaleUnknown, responder.IsScaleUnknown, originator.Scale) = (true, true, null);
    }

    private enum Phase
    {
        Closed,
        SynSent,
        Established,
        Closing,
        FinAcknowledged,
        Ended,
    }

    public override ConnectionUpdate Update(TrackedHeader header, bool isReply)
    {
        if (header.Tcp is not { IsImpossible: false } segment) return ConnectionUpdate.Invalid;
        var (sender, receiver) = isReply ? (responder, originator) : (originator, responder);
        if (segment is { HasSyn: true, HasAck: false })
        {
            if (sender.Phase >= Phase.FinAcknowledged && receiver.Phase >= Phase.FinAcknowledged)
                return ConnectionUpdate.Over;
            if (sender.Phase <= Phase.SynSent)
            {
                sender.Phase = Phase.SynSent;
                return ConnectionUpdate.New;
            }
        }

        return IsTaken(segment, sender, receiver) ? ConnectionUpdate.Established : ConnectionUpdate.Invalid;
    }

    private static bool IsTaken(TcpSegment segment, Peer sender, Peer receiver)
    {
        var (senderScale, receiverScale) = Scales(segment, sender, receiver);
        var window = (uint)segment.Window;
        var isGuess = false;
        if (sender.Phase < Phase.SynSent)
        {
            if (segment.HasSyn) (window, senderScale, receiverScale) = Agree(segment, sender, receiver);
            isGuess = MeetFirst(segment, sender, receiver.WindowMax << receiverScale);
            sender.WindowMax = Math.Max(sender.WindowMax, window);
        }

        var acknowledged = segment is { HasAck: true } and not { HasRst: true, Acknowledgement: 0 }
            ? segment.Acknowledgement : receiver.Low;
        var (start, end) = (segment.Sequence, segment.End);
        // A segment that carries nothing stands nowhere.
        if (start == end) start = end = sender.Low;
        var skew = isGuess ? 0 : (int)(receiver.Low - acknowledged);
        var isInside = IsNotBefore(sender.High, end)
            && IsNotBefore(start, sender.Low - (receiver.WindowMax << receiverScale))
            && skew >= -Slack && skew <= (long)Slack << senderScale
            && (!segment.HasRst || segment.Sequence - sender.Low + 1 <= 2);
        var isLoose = receiver.Phase < Phase.SynSent || receiver.Phase >= Phase.FinAcknowledged
            || sender.Phase >= Phase.FinAcknowledged;
        var isNear = IsNotBefore(sender.High + Slack, end) && IsNotBefore(start, sender.Low - Slack);
        if (!isInside && !(isLoose && isNear)) return false;

        sender.WindowMax = Math.Max(sender.WindowMax, window);
        if (!IsNotBefore(sender.Low, end)) sender.Low = end;
        if (IsNotBefore(acknowledged + (window << senderScale), receiver.High))
            receiver.High = acknowledged + Math.Max(window << senderScale, 1);
        Advance(segment, sender, receiver, isInside);
        return true;
    }

    /// <summary>Scaling holds when both ends offered it, and never for a SYN.</summary>
    private static (int Sender, int Receiver) Scales(TcpSegment segment, Peer sender, Peer receiver)
    {
        if (segment.HasSyn) return (0, 0);
        if (sender.Scale is { } own && receiver.Scale is { } other) return (own, other);
        return sender.IsScaleUnknown && receiver.IsScaleUnknown ? (ScaleMax, ScaleMax) : (0, 0);
    }

    /// <summary>The first SYN of an end: it takes up the other's offer of scaling, or ends it.</summary>
    private static (uint Window, int Sender, int Receiver) Agree(TcpSegment segment, Peer sender, Peer receiver)
    {
        if (receiver.Scale is not { } offered) return (segment.Window, 0, 0);
        sender.Scale = segment.WindowScale;
        if (sender.Scale is { } own) return (Unscaled(segment.Window, own), own, offered);
        receiver.WindowMax <<= offered;
        receiver.Scale = null;
        return (segment.Window, 0, 0);
    }

    /// <summary>True when the end's window is what its first segment, this one, makes of it.</summary>
    private static bool MeetFirst(TcpSegment segment, Peer sender, uint room)
    {
        sender.Low = segment.Sequence;
        sender.Phase = Phase.SynSent;
        var high = segment.End + Math.Max(1, room);
        if (sender.High != 1 && !IsNotBefore(high, sender.High)) return false;
        sender.High = high;
        return true;
    }

    private static void Advance(TcpSegment segment, Peer sender, Peer receiver, bool isInside)
    {
        if (segment.HasFin && sender.Phase < Phase.Closing) sender.Phase = Phase.Closing;
        if (segment.HasAck && isInside)
        {
            if (receiver.Phase == Phase.SynSent) receiver.Phase = Phase.Established;
            else if (receiver.Phase == Phase.Closing) receiver.Phase = Phase.FinAcknowledged;
        }

        if (segment.HasRst) sender.Phase = receiver.Phase = Phase.Ended;
    }

    private static uint Unscaled(uint window, int scale) => (window + (1u << scale) - 1) >> scale;

    /// <summary>Sequence numbers go round (RFC 9293 section 3.4).</summary>
    private static bool IsNotBefore(uint one, uint other) => (int)(one - other) >= 0;

    private sealed class Peer
    {
        public Phase Phase { get; set; }

        /// <summary>Behind the last byte that was sent.</summary>
        public uint Low { get; set; }

        /// <summary>Behind the last byte that the other end takes.</summary>
        public uint High { get; set; }

        public uint WindowMax { get; set; }

        public byte? Scale { get; set; }

        public bool IsScaleUnknown { get; set; }
    }
}
