using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tracing;

/// <summary>What a host has been told, by kind and id, and by the cookies of its flows.</summary>
internal sealed class TracedState
{
    private readonly Dictionary<EntryKey, (EntryAddress Address, IEntryValue Value)> _entries = [];
    private readonly Dictionary<ulong, EntryAddress> _owners = [];

    public TracedState(DesiredState desired)
    {
        foreach (var address in desired.Addresses)
        {
            _entries[address.Key] = (address, desired.Find(address)!.Value);
            _owners[Cookies.Of(address.Key)] = address;
        }
    }

    /// <summary>Null: it is not known, or makes no sense.</summary>
    public T? Find<T>(EntryKind kind, Guid id)
        where T : class, IEntryValue =>
        _entries.TryGetValue(new EntryKey(kind, id), out var found) ? found.Value as T : null;

    public IEnumerable<(EntryAddress Address, T Value)> All<T>()
        where T : class, IEntryValue =>
        from entry in _entries.Values
        where entry.Value is T
        orderby entry.Address.Key
        select (entry.Address, (T)entry.Value);

    /// <summary>Null: the skeleton's.</summary>
    public EntryAddress? OwnerOf(ulong cookie) => _owners.TryGetValue(cookie, out var owner) ? owner : null;
}
