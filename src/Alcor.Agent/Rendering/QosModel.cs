using Alcor.Agent.Desired;

namespace Alcor.Agent.Rendering;

/// <summary>
/// What the host knows of QoS policies, and which of its ports have them. As <see cref="HostModel"/>, it answers
/// changes with the entries whose flows may be others now.
/// </summary>
internal sealed class QosModel
{
    private readonly Dictionary<Guid, QosPolicyValue> _policies = [];
    private readonly Dictionary<Guid, HashSet<EntryAddress>> _ports = [];

    /// <summary>The policy of a port; null: it has none, or it is not known.</summary>
    public QosPolicyValue? PolicyOf(PortValue port) =>
        port.QosPolicy is { } id ? _policies.GetValueOrDefault(id) : null;

    public void Set(Guid id, QosPolicyValue? value, HashSet<EntryAddress> affected)
    {
        if (value is null)
            _policies.Remove(id);
        else
            _policies[id] = value;
        affected.UnionWith(_ports.GetValueOrDefault(id) ?? []);
    }

    /// <summary>A port of this host leaves a policy and gets another.</summary>
    public void SetPort(EntryAddress port, PortValue? before, PortValue? after)
    {
        if (before?.QosPolicy is { } left)
        {
            _ports[left].Remove(port);
            if (_ports[left].Count == 0)
                _ports.Remove(left);
        }
        if (after?.QosPolicy is not { } entered)
            return;
        if (!_ports.TryGetValue(entered, out var ports))
            _ports[entered] = ports = [];
        ports.Add(port);
    }
}
