using System.Collections.Immutable;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;

namespace Alcor.Agent.Services;

/// <summary>
/// What entries say under keys. Several may say something under one: they stand in the order of the entries, so that
/// the index is the same whatever came first.
/// </summary>
internal sealed class RankedIndex<TKey, TValue>
    where TKey : notnull
{
    public static readonly RankedIndex<TKey, TValue> Empty = new([]);

    private readonly ImmutableDictionary<TKey, ImmutableArray<(EntryAddress Entry, TValue Value)>> _said;

    private RankedIndex(ImmutableDictionary<TKey, ImmutableArray<(EntryAddress Entry, TValue Value)>> said) =>
        _said = said;

    public bool IsEmpty => _said.IsEmpty;

    public IEnumerable<KeyValuePair<TKey, ImmutableArray<(EntryAddress Entry, TValue Value)>>> All => _said;

    /// <summary>In the order of the entries.</summary>
    public IEnumerable<TValue> At(TKey key) =>
        _said.TryGetValue(key, out var found) ? found.Select(one => one.Value) : [];

    /// <summary>An entry says one thing under a key, the last.</summary>
    public RankedIndex<TKey, TValue> With(TKey key, EntryAddress entry, TValue value)
    {
        var others = Without(key, entry)._said;
        var there = others.TryGetValue(key, out var found) ? found : [];
        var at = there.Count(one => EntryAddressOrder.Instance.Compare(one.Entry, entry) < 0);
        return new(others.SetItem(key, there.Insert(at, (entry, value))));
    }

    public RankedIndex<TKey, TValue> Without(TKey key, EntryAddress entry)
    {
        if (!_said.TryGetValue(key, out var there))
            return this;
        var left = there.RemoveAll(one => one.Entry == entry);
        return left.Length == there.Length ? this
            : new(left.IsEmpty ? _said.Remove(key) : _said.SetItem(key, left));
    }
}
