using Alcor.Agent.Desired;

namespace Alcor.Agent.Rendering;

/// <summary>
/// What entries put at places of the switch. Of those that claim one place the first by order has it, and the others
/// wait until it goes; so who has what does not depend on who came first.
/// </summary>
internal sealed class Claims<TPlace, TValue>(Func<TValue, TPlace> placeOf)
    where TPlace : notnull
    where TValue : class
{
    private readonly Dictionary<TPlace, (EntryAddress Owner, TValue Value)> _held = [];
    private readonly Dictionary<TPlace, SortedDictionary<EntryAddress, TValue>> _beaten = [];
    private readonly Dictionary<EntryAddress, HashSet<TPlace>> _lost = [];

    public int Count => _held.Count;

    public IEnumerable<TValue> Values => _held.Values.Select(held => held.Value);

    /// <summary>The entries that claim a place that another has.</summary>
    public IEnumerable<EntryAddress> Losers => _lost.Keys;

    /// <summary>Null when nothing stands there.</summary>
    public TValue? Find(TPlace place) => _held.TryGetValue(place, out var held) ? held.Value : null;

    public EntryAddress? Owner(TPlace place) => _held.TryGetValue(place, out var held) ? held.Owner : null;

    /// <summary>What an entry claims and others have, with what they put there.</summary>
    public IEnumerable<(TPlace Place, EntryAddress Winner, TValue Claimed, TValue Held)> LostBy(EntryAddress owner) =>
        _lost.GetValueOrDefault(owner, [])
            .Select(place => (place, _held[place].Owner, _beaten[place][owner], _held[place].Value));

    /// <summary>An entry claims something else than before.</summary>
    /// <param name="touched">Gains the places where something else may stand now.</param>
    /// <param name="entries">Gains the entries that wait there.</param>
    public void Replace(
        EntryAddress owner,
        IReadOnlyCollection<TValue> before,
        IReadOnlyCollection<TValue> after,
        HashSet<TPlace> touched,
        HashSet<EntryAddress> entries)
    {
        var kept = after.ToDictionary(placeOf);
        foreach (var value in before)
        {
            var place = placeOf(value);
            if (kept.TryGetValue(place, out var same) && same.Equals(value))
            {
                kept.Remove(place);
                continue;
            }
            touched.Add(place);
            Withdraw(owner, place, entries);
        }
        foreach (var (place, value) in kept)
        {
            touched.Add(place);
            Claim(owner, place, value, entries);
        }
    }

    private void Claim(EntryAddress owner, TPlace place, TValue value, HashSet<EntryAddress> entries)
    {
        if (_held.TryGetValue(place, out var holder))
        {
            var wins = EntryAddressOrder.Instance.Compare(owner, holder.Owner) < 0;
            AddBeaten(place, wins ? holder : (owner, value));
            Touch(place, entries);
            if (!wins)
                return;
        }
        _held[place] = (owner, value);
    }

    private void Withdraw(EntryAddress owner, TPlace place, HashSet<EntryAddress> entries)
    {
        Touch(place, entries);
        if (_held[place].Owner != owner)
        {
            RemoveBeaten(place, owner);
            return;
        }
        _held.Remove(place);
        if (!_beaten.TryGetValue(place, out var waiting))
            return;
        var (next, value) = waiting.First();
        RemoveBeaten(place, next);
        _held[place] = (next, value);
    }

    private void AddBeaten(TPlace place, (EntryAddress Owner, TValue Value) claim)
    {
        if (!_beaten.TryGetValue(place, out var beaten))
            _beaten[place] = beaten = new(EntryAddressOrder.Instance);
        beaten[claim.Owner] = claim.Value;
        if (!_lost.TryGetValue(claim.Owner, out var lost))
            _lost[claim.Owner] = lost = [];
        lost.Add(place);
    }

    private void RemoveBeaten(TPlace place, EntryAddress owner)
    {
        var beaten = _beaten[place];
        beaten.Remove(owner);
        if (beaten.Count == 0)
            _beaten.Remove(place);
        _lost[owner].Remove(place);
        if (_lost[owner].Count == 0)
            _lost.Remove(owner);
    }

    private void Touch(TPlace place, HashSet<EntryAddress> entries)
    {
        if (_beaten.TryGetValue(place, out var beaten))
            entries.UnionWith(beaten.Keys);
    }
}
