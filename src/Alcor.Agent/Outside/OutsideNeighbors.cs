using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Rendering;
using Alcor.OpenFlow;

namespace Alcor.Agent.Outside;

/// <summary>Asks a network outside who has an address.</summary>
/// <param name="Asker">An address of this host there.</param>
public sealed record OutsideQuestion(OutsideAddress Asker, IPAddress Target);

/// <summary>
/// Who has which address in the networks outside, which nobody tells but themselves (ARP, RFC 826; neighbour discovery,
/// RFC 4861). What routers lead to is asked for before anybody sends there, else when somebody does; what was answered
/// is asked for again now and then, and forgotten when nobody answers any more.
/// </summary>
internal sealed class OutsideNeighbors
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Confirmed = TimeSpan.FromSeconds(30);
    private const int UnansweredMax = 3;

    private readonly Dictionary<(Guid Network, IPAddress Address), Entry> _entries = [];
    private ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress> _known =
        ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress>.Empty;

    public ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress> Known => _known;

    /// <summary>
    /// Takes over what is always to be known; what nobody on this host can ask for any more is forgotten.
    /// </summary>
    public void Set(
        IReadOnlyCollection<OutsideQuestion> wanted, IReadOnlySet<OutsideAddress> askers, DateTimeOffset now)
    {
        var keys = wanted.Select(KeyOf).ToHashSet();
        foreach (var (key, entry) in _entries.ToList())
        {
            if (askers.Contains(entry.Question.Asker))
                entry.IsWanted = keys.Contains(key);
            else
                Forget(key);
        }
        foreach (var question in wanted)
            Ask(question, now).IsWanted = true;
    }

    /// <summary>Somebody sends to an address that is not known.</summary>
    public void Seek(OutsideQuestion question, DateTimeOffset now)
    {
        if (_entries.Count < AgentLimits.OutsideNeighborsMax)
            Ask(question, now);
    }

    /// <summary>What was heard before, and is true until nobody confirms it.</summary>
    public void Remember(OutsideQuestion question, MacAddress mac, DateTimeOffset now)
    {
        Seek(question, now);
        if (_entries.ContainsKey(KeyOf(question)))
            _known = _known.SetItem(KeyOf(question), mac);
    }

    /// <summary>An answer; one to a question that was not asked is nothing.</summary>
    public void Learn(Guid network, IPAddress address, MacAddress mac, DateTimeOffset now)
    {
        if (!_entries.TryGetValue((network, address), out var entry) || mac.IsMulticast)
            return;
        (entry.Unanswered, entry.Due) = (0, now + Confirmed);
        _known = _known.SetItem((network, address), mac);
    }

    /// <summary>What is to be asked now.</summary>
    public IReadOnlyList<OutsideQuestion> Take(DateTimeOffset now)
    {
        var due = new List<OutsideQuestion>();
        foreach (var (key, entry) in _entries.Where(entry => entry.Value.Due <= now).ToList())
        {
            if (entry.Unanswered >= UnansweredMax)
            {
                _known = _known.Remove(key);
                if (!entry.IsWanted)
                {
                    _entries.Remove(key);
                    continue;
                }
            }
            entry.Unanswered++;
            entry.Due = now + Patience;
            due.Add(entry.Question);
        }
        return due;
    }

    private Entry Ask(OutsideQuestion question, DateTimeOffset now)
    {
        var key = KeyOf(question);
        if (!_entries.TryGetValue(key, out var entry))
            _entries[key] = entry = new Entry { Question = question, Due = now };
        entry.Question = question;
        return entry;
    }

    private void Forget((Guid Network, IPAddress Address) key)
    {
        _entries.Remove(key);
        _known = _known.Remove(key);
    }

    private static (Guid, IPAddress) KeyOf(OutsideQuestion question) => (question.Asker.Network, question.Target);

    private sealed class Entry
    {
        public required OutsideQuestion Question { get; set; }

        public DateTimeOffset Due { get; set; }

        /// <summary>Questions since the last answer.</summary>
        public int Unanswered { get; set; }

        /// <summary>A router leads there: it is asked for as long as that is so.</summary>
        public bool IsWanted { get; set; }
    }
}
