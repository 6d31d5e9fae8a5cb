using Alcor.Agent.Desired;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

internal sealed partial class HostModel
{
    // The ports outside whose traffic is limited here, by who asks for that: one for all forwardings of a floating IP.
    private readonly Dictionary<EntryAddress, OutsidePort> _limitedOutside = [];
    private readonly Dictionary<OutsidePort, SortedSet<EntryAddress>> _limitedBy = [];
    private readonly OutsideNumbers _outsideNumbers = new();

    /// <summary>By which the meters of a port outside have ids; null: its traffic is not limited here.</summary>
    public uint? KeyOf(OutsidePort port) => _outsideNumbers[port];

    /// <summary>
    /// Gives every port outside that is limited here its number; adds those whose number is another one now. Asked for
    /// are entries that may render to something else, and so whatever may be limited now or not any more.
    /// </summary>
    public void NumberOutside(HashSet<EntryAddress> affected)
    {
        var moved = new HashSet<OutsidePort>();
        foreach (var address in affected.Where(address =>
            address.Key.Kind is EntryKind.Router or EntryKind.FloatingIp or EntryKind.PortForwarding))
        {
            OutsidePort? before = _limitedOutside.TryGetValue(address, out var known) ? known : null;
            var after = OutsidePolicy.LimitedPort(this, address);
            if (before == after)
                continue;
            if (before is { } left)
                Leave(address, left, moved);
            if (after is { } entered)
                Enter(address, entered, moved);
        }
        foreach (var port in moved)
            affected.UnionWith(_limitedBy.GetValueOrDefault(port) ?? []);
    }

    private void Enter(EntryAddress address, OutsidePort port, HashSet<OutsidePort> moved)
    {
        _limitedOutside[address] = port;
        if (_limitedBy.Index(port, address))
            _outsideNumbers.Add(port, moved);
    }

    private void Leave(EntryAddress address, OutsidePort port, HashSet<OutsidePort> moved)
    {
        _limitedOutside.Remove(address);
        if (_limitedBy.Unindex(port, address))
            _outsideNumbers.Remove(port, moved);
    }

    /// <summary>Who has a policy of its own renders to something else when that does, and so does who has its
    /// network's.</summary>
    private void SetPolicy(Guid id, QosPolicyValue? value, HashSet<EntryAddress> affected)
    {
        Qos.Set(id, value);
        foreach (var user in Qos.UsersOf(id))
        {
            affected.Add(user);
            if (user.Key.Kind == EntryKind.Network)
                AffectRouters(Network(user.Key.Id)!, affected);
        }
    }
}
