using Alcor.Agent.Desired;

namespace Alcor.Agent.Rendering;

/// <summary>What the host knows of QoS policies, and which entries have them.</summary>
internal sealed class QosModel
{
    private readonly Dictionary<Guid, QosPolicyValue> _policies = [];
    private readonly Dictionary<Guid, SortedSet<EntryAddress>> _users = [];

    /// <summary>Null: it is not known.</summary>
    public QosPolicyValue? Find(Guid id) => _policies.GetValueOrDefault(id);

    /// <summary>The policy of a port; null: it has none, or it is not known.</summary>
    public QosPolicyValue? PolicyOf(PortValue port) => port.QosPolicy is { } id ? Find(id) : null;

    /// <summary>The entries that name a policy.</summary>
    public IReadOnlyCollection<EntryAddress> UsersOf(Guid id) =>
        _users.TryGetValue(id, out var users) ? users : [];

    public void Set(Guid id, QosPolicyValue? value)
    {
        if (value is null)
            _policies.Remove(id);
        else
            _policies[id] = value;
    }

    /// <summary>An entry leaves a policy and gets another.</summary>
    public void SetUser(EntryAddress user, Guid? before, Guid? after)
    {
        if (before is { } left)
            _users.Unindex(left, user);
        if (after is { } entered)
            _users.Index(entered, user);
    }
}
