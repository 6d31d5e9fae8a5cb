namespace Alcor.Ovsdb.OpenVSwitch;

/// <summary>A snapshot of <see cref="SwitchTables.Watched"/> read as a switch. Indexes are made on first use.</summary>
public sealed class SwitchView
{
    private readonly Lazy<Dictionary<string, BridgeRow>> bridges;
    private readonly Lazy<Dictionary<string, PortRow>> ports;
    private readonly Lazy<Dictionary<string, InterfaceRow>> interfaces;
    private readonly Lazy<Dictionary<Guid, BridgeRow>> bridgeOfPort;

    public SwitchView(OvsdbSnapshot snapshot)
    {
        Snapshot = snapshot;
        bridges = new(() => Rows(SwitchTables.Bridge, (uuid, row) => new BridgeRow(uuid, row), row => row.Name));
        ports = new(() => Rows(SwitchTables.Port, (uuid, row) => new PortRow(uuid, row), row => row.Name));
        interfaces = new(() =>
            Rows(SwitchTables.Interface, (uuid, row) => new InterfaceRow(uuid, row), row => row.Name));
        bridgeOfPort = new(() => bridges.Value.Values
            .SelectMany(bridge => bridge.Ports.Select(port => (port, bridge)))
            .ToDictionary(pair => pair.port, pair => pair.bridge));
    }

    public OvsdbSnapshot Snapshot { get; }

    /// <summary>The switch itself; null in a database that nobody has initialized.</summary>
    public SwitchRow? Switch => Snapshot.Table(SwitchTables.Switch) is { IsEmpty: false } rows
        ? rows.Select(row => new SwitchRow(row.Key, row.Value)).First()
        : null;

    public IReadOnlyCollection<BridgeRow> Bridges => bridges.Value.Values;

    public IReadOnlyCollection<PortRow> Ports => ports.Value.Values;

    public IReadOnlyCollection<InterfaceRow> Interfaces => interfaces.Value.Values;

    /// <summary>The bridge of that name, null if there is none. So for the next two; names are unique.</summary>
    public BridgeRow? Bridge(string name) => bridges.Value.GetValueOrDefault(name);

    public PortRow? Port(string name) => ports.Value.GetValueOrDefault(name);

    public InterfaceRow? Interface(string name) => interfaces.Value.GetValueOrDefault(name);

    /// <summary>The bridge that a port is on.</summary>
    public BridgeRow? BridgeOf(PortRow port) => bridgeOfPort.Value.GetValueOrDefault(port.Uuid);

    /// <summary>The interfaces of all ports of a bridge, the local one too; none if there is no such bridge.</summary>
    public IEnumerable<InterfaceRow> InterfacesOf(string bridge)
    {
        foreach (var portUuid in Bridge(bridge)?.Ports ?? [])
        {
            if (Snapshot.Find(SwitchTables.Port, portUuid) is not { } port) continue;
            foreach (var uuid in new PortRow(portUuid, port).Interfaces)
            {
                if (Snapshot.Find(SwitchTables.Interface, uuid) is { } row) yield return new(uuid, row);
            }
        }
    }

    private Dictionary<string, T> Rows<T>(string table, Func<Guid, OvsdbRow, T> make, Func<T, string> name) =>
        Snapshot.Table(table).Select(row => make(row.Key, row.Value)).ToDictionary(name, StringComparer.Ordinal);
}
