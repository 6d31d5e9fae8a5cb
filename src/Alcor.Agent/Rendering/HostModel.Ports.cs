using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;

namespace Alcor.Agent.Rendering;

internal sealed partial class HostModel
{
    // Subports by their parent, whose interface they need; and by number, of which only the first is rendered.
    private readonly Dictionary<Guid, SortedSet<EntryAddress>> _subPortsOf = [];
    private readonly Dictionary<ushort, SortedSet<EntryAddress>> _subPortsByNumber = [];

    /// <summary>Where a port of this host is at its switch, or why it is nowhere.</summary>
    public (Attachment? Attachment, EntryProblem? Problem) Attach(EntryAddress address, PortValue port)
    {
        var subport = port.SubPort;
        var plugged = subport?.ParentId ?? address.Key.Id;
        if (Of(Facts, plugged) is not { } number)
        {
            return (null, EntryProblem.Waiting(
                $"interface of {(subport is null ? "port" : "its parent port")} {plugged:D} is not plugged"));
        }
        if (PortKey.Of(number) is not { } key)
        {
            return (null, EntryProblem.Failed($"{(subport is null ? "its" : "its parent's")} interface has OpenFlow "
                + $"port {number}, and {PortKey.OrdinaryMax} is the highest that a port may have"));
        }
        if (subport is null)
            return (new Attachment(key, number, Vlan: 0), null);
        return _subPortsByNumber[subport.Number].Min is var first && first != address
            ? (null, EntryProblem.Failed($"subport {first.Key.Id:D} has number {subport.Number} on this host too"))
            : (new Attachment(PortKey.OfSubPort(subport.Number), number, subport.Vlan), null);
    }

    /// <summary>The OpenFlow port of the interface that carries subports; null: it is not plugged, or fails.</summary>
    public uint? ParentAt(Guid port) => Of(Facts, port) is { } number ? PortKey.Of(number) : null;

    /// <summary>The key of a port of this host; null: it is not plugged, or not known.</summary>
    public uint? KeyOf(EntryAddress address) =>
        _ports.TryGetValue(address, out var port) ? Attach(address, port).Attachment?.Key : null;

    /// <inheritdoc cref="KeyOf(EntryAddress)"/>
    public uint? KeyOf(Guid port) => _portsById.TryGetValue(port, out var same) ? KeyOf(same.Min) : null;

    /// <summary>The port of this host that has a key, the first if two claim it.</summary>
    public EntryAddress? PortOf(uint key)
    {
        IEnumerable<EntryAddress> claimants = PortKey.SubPortOf(key) is { } number
            ? _subPortsByNumber.GetValueOrDefault(number) ?? []
            : Facts.Interfaces.Where(known => known.Value == key)
                .SelectMany(known => _portsById.GetValueOrDefault(known.Key) ?? [])
                .Order(EntryAddressOrder.Instance);
        var found = claimants.Where(address => KeyOf(address) == key).Take(1).ToList();
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The ports of this host that are up and plugged.</summary>
    public IEnumerable<(EntryAddress Address, PortValue Value, uint Key)> PluggedPorts =>
        _ports.Where(port => port.Value.AdminStateUp)
            .Select(port => (port.Key, port.Value, Number: KeyOf(port.Key)))
            .Where(port => port.Number is not null)
            .Select(port => (port.Key, port.Value, port.Number!.Value));

    private void AddSubPort(EntryAddress address, SubPortValue subport, HashSet<EntryAddress> affected)
    {
        _subPortsOf.Index(subport.ParentId, address);
        _subPortsByNumber.Index(subport.Number, address);
        AffectSubPorts(subport.Number, affected);
    }

    private void RemoveSubPort(EntryAddress address, SubPortValue subport, HashSet<EntryAddress> affected)
    {
        AffectSubPorts(subport.Number, affected);
        _subPortsOf.Unindex(subport.ParentId, address);
        _subPortsByNumber.Unindex(subport.Number, address);
    }

    /// <summary>Which of them is the first may be another.</summary>
    private void AffectSubPorts(ushort number, HashSet<EntryAddress> affected)
    {
        foreach (var subport in _subPortsByNumber[number])
            AffectPort(subport, affected);
    }
}
