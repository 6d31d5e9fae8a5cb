using System.Collections.Immutable;
using System.Net;

namespace Alcor.Reachability.Tests;

/// <summary>
/// A conversation whose packets have other ends before and after a translation (RFC 3022). It keeps them for as long as
/// it lasts.
/// </summary>
/// <param name="Place">Who translates: what he has begun for one, he does not know for another.</param>
/// <param name="Cause">What says that it is translated, and ends it when it does not any more.</param>
internal readonly record struct TranslatedConversation(string Place, string Cause, Tuple Original, Tuple Translated);

/// <content>Conversations that are translated.</content>
internal sealed partial record Conversations
{
    private ImmutableList<TranslatedConversation> Translated { get; init; } = [];

    public Conversations With(TranslatedConversation begun) => this with { Translated = Translated.Add(begun) };

    public Conversations WithCauses(IReadOnlySet<string> causes) =>
        this with { Translated = Translated.RemoveAll(one => !causes.Contains(one.Cause)) };

    /// <summary>
    /// The packet with the ends that it has behind the translation, if it belongs to a conversation that is translated;
    /// null: it does not.
    /// </summary>
    public IpContent? Translate(string place, IpContent packet) => Translated.Where(one => one.Place == place)
        .Select(one => packet.Transport is PortUnreachable error
            ? Quoting(one, packet, error.Quoted)
            : Forth(one, packet) ?? Back(one, packet))
        .FirstOrDefault(found => found is not null);

    /// <summary>Whether another conversation looks as this one would behind the translation.</summary>
    public bool IsTaken(string place, IpContent translated) =>
        Translated.Any(one => one.Place == place && one.Translated == Tuple.Of(translated));

    /// <summary>Whether it wants to begin, and the other end has begun before.</summary>
    public bool IsCrossing(string place, IpContent packet) =>
        packet.Transport is Segment { Protocol: Protocol.Tcp, Flags: TcpFlags.Syn }
        && Translated.Any(one => one.Place == place && Back(one, packet) is not null);

    private static IpContent? Forth(TranslatedConversation one, IpContent packet) =>
        Tuple.Of(packet) == one.Original ? packet.Between(SourceOf(one.Translated), TargetOf(one.Translated)) : null;

    private static IpContent? Back(TranslatedConversation one, IpContent packet) =>
        Opposite(packet) is { } opposite && Tuple.Of(opposite) == one.Translated
            ? packet.Between(TargetOf(one.Original), SourceOf(one.Original))
            : null;

    /// <summary>Who quotes a packet came by it behind the translation, and is answered for where it was sent.</summary>
    private static IpContent? Quoting(TranslatedConversation one, IpContent packet, IpContent quoted)
    {
        IpContent? before = null;
        if (Tuple.Of(quoted) == one.Translated)
            before = quoted.Between(SourceOf(one.Original), TargetOf(one.Original));
        else if (Opposite(quoted) is { } opposite && Tuple.Of(opposite) == one.Original)
            before = quoted.Between(TargetOf(one.Translated), SourceOf(one.Translated));
        return before is null ? null : packet with
        {
            Source = before.Target, Target = before.Source, Transport = new PortUnreachable(before),
        };
    }

    private static (IPAddress Address, int Label) SourceOf(Tuple tuple) => (tuple.Source, tuple.SourceLabel);

    private static (IPAddress Address, int Label) TargetOf(Tuple tuple) => (tuple.Target, tuple.TargetLabel);
}
