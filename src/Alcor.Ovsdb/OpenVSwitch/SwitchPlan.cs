using System.Collections.Immutable;

namespace Alcor.Ovsdb.OpenVSwitch;

/// <summary>What was asked for contradicts what the switch has, and would take something away from its owner.</summary>
public sealed class SwitchConflictException(string message) : Exception(message);

/// <summary>
/// The operations that bring a switch from what <paramref name="view"/> shows to what the calls ask for, as one
/// transaction; none if it is so already.
/// </summary>
/// <remarks>
/// Every row that is changed is guarded: if another client has removed it since, the transaction fails with
/// <c>timed out</c> instead of changing nothing and claiming success. Names are unique by schema, so two clients that
/// create the same thing at once cannot both succeed.
/// </remarks>
public sealed class SwitchPlan(SwitchView view)
{
    private readonly List<OvsdbOperation> operations = [];
    private readonly HashSet<string> plannedBridges = new(StringComparer.Ordinal);
    private readonly HashSet<string> plannedPorts = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> guarded = [];
    private bool switchPlanned;

    public IReadOnlyList<OvsdbOperation> Operations => operations;

    /// <summary>
    /// A bridge with its local port. A new one gets its fail mode in the transaction that creates it: changing it later
    /// to <c>secure</c> makes the switch drop all flows, which a wrong one has to suffer once.
    /// </summary>
    public SwitchPlan EnsureBridge(BridgeSettings settings)
    {
        if (!plannedBridges.Add(settings.Name)) throw Twice("bridge", settings.Name);
        if (view.Bridge(settings.Name) is not { } bridge)
        {
            var local = InsertPort(new PortSettings(settings.Name) { Type = "internal" });
            var uuid = Insert(SwitchTables.Bridge, settings.ToRow().With("ports", local));
            MutateSwitch(new OvsdbMutation("bridges", "insert", uuid));
            return this;
        }

        Update(SwitchTables.Bridge, bridge.Uuid, bridge.Row, settings.Columns());
        Merge(SwitchTables.Bridge, bridge.Uuid, bridge.Row, "other_config", settings.OtherConfig);
        Merge(SwitchTables.Bridge, bridge.Uuid, bridge.Row, "external_ids", settings.ExternalIds);
        return EnsurePort(settings.Name, new PortSettings(settings.Name) { Type = "internal" });
    }

    /// <summary>Removes a bridge with all its ports, if it is there.</summary>
    public SwitchPlan DeleteBridge(string name)
    {
        if (view.Bridge(name) is { } bridge) MutateSwitch(new OvsdbMutation("bridges", "delete", bridge.Uuid));
        return this;
    }

    /// <summary>A port of one interface on a bridge that is there or that this plan makes.</summary>
    /// <exception cref="SwitchConflictException">There is no such bridge, or the port is on another one.</exception>
    public SwitchPlan EnsurePort(string bridge, PortSettings settings)
    {
        if (view.Port(settings.Name) is { } port)
        {
            if (!plannedPorts.Add(settings.Name)) throw Twice("port", settings.Name);
            ChangePort(bridge, port, settings);
            return this;
        }

        var found = view.Bridge(bridge);
        if (found is null && !plannedBridges.Contains(bridge))
            throw new SwitchConflictException($"There is no bridge '{bridge}' for the port '{settings.Name}'.");
        if (found is not null) Guard(SwitchTables.Bridge, found.Uuid);
        Mutate(SwitchTables.Bridge, OvsdbCondition.Is("name", bridge),
            new OvsdbMutation("ports", "insert", InsertPort(settings)));
        return this;
    }

    /// <summary>A tunnel port whose key and peer every flow gives (<c>key=flow</c>, <c>remote_ip=flow</c>).</summary>
    /// <exception cref="SwitchConflictException">As for <see cref="EnsurePort"/>.</exception>
    public SwitchPlan EnsureTunnelPort(string bridge, TunnelSettings settings) =>
        EnsurePort(bridge, settings.ToPort());

    /// <summary>Removes a port from a bridge, if it is there.</summary>
    public SwitchPlan DeletePort(string bridge, string name)
    {
        // Ports and interfaces that nothing refers to are collected by the database.
        if (view.Port(name) is { } port && view.BridgeOf(port) is { } owner && owner.Name == bridge)
        {
            Guard(SwitchTables.Bridge, owner.Uuid);
            Mutate(SwitchTables.Bridge, OvsdbCondition.Row(owner.Uuid),
                new OvsdbMutation("ports", "delete", port.Uuid));
        }

        return this;
    }

    /// <summary>Keys of Open_vSwitch's external_ids; others stay as they are.</summary>
    public SwitchPlan SetSwitchExternalIds(ImmutableSortedDictionary<string, string> wanted)
    {
        if (view.Switch is { } row) Merge(SwitchTables.Switch, row.Uuid, row.Row, "external_ids", wanted);
        else MutateSwitch(new OvsdbMutation("external_ids", "insert", OvsdbValue.Map(wanted)));
        return this;
    }

    private void ChangePort(string bridge, PortRow port, PortSettings settings)
    {
        if (view.BridgeOf(port) is not { } owner || owner.Name != bridge)
            throw new SwitchConflictException($"The port '{settings.Name}' is not on the bridge '{bridge}'.");
        if (port.Interfaces is not [var uuid] || view.Snapshot.Find(SwitchTables.Interface, uuid) is not { } row)
            throw new SwitchConflictException($"The port '{settings.Name}' has not just one interface.");
        Update(SwitchTables.Interface, uuid, row, settings.Columns());
        Merge(SwitchTables.Interface, uuid, row, "external_ids", settings.ExternalIds);
    }

    private OvsdbAtom InsertPort(PortSettings settings)
    {
        if (!plannedPorts.Add(settings.Name)) throw Twice("port", settings.Name);
        var row = Insert(SwitchTables.Interface, settings.ToRow());
        return Insert(SwitchTables.Port, OvsdbRow.Of(("name", settings.Name), ("interfaces", row)));
    }

    private OvsdbAtom Insert(string table, OvsdbRow row)
    {
        var name = "row" + operations.Count;
        operations.Add(new OvsdbOperation.Insert(table, row, name));
        return OvsdbAtom.OfNamedUuid(name);
    }

    private void Update(string table, Guid uuid, OvsdbRow current, OvsdbRow wanted)
    {
        var different = wanted.Columns.Where(column => column.Value != current.Find(column.Key)).ToArray();
        if (different.Length == 0) return;
        Guard(table, uuid);
        var row = OvsdbRow.Of(different.Select(column => (column.Key, column.Value)));
        operations.Add(new OvsdbOperation.Update(table, OvsdbCondition.Row(uuid), row));
    }

    private void Merge(
        string table, Guid uuid, OvsdbRow current, string column, ImmutableSortedDictionary<string, string> wanted)
    {
        var now = current.Map(column);
        var different = wanted.Where(pair => now.GetValueOrDefault(pair.Key) != pair.Value).ToArray();
        if (different.Length == 0) return;
        Guard(table, uuid);
        // The mutator "insert" leaves a key that is there as it is, so that its old pair goes first.
        Mutate(table, OvsdbCondition.Row(uuid),
            new OvsdbMutation(column, "delete", OvsdbValue.Strings(different.Select(pair => pair.Key))),
            new OvsdbMutation(column, "insert", OvsdbValue.Map(different)));
    }

    private void MutateSwitch(OvsdbMutation mutation)
    {
        if (view.Switch is { } row)
        {
            Guard(SwitchTables.Switch, row.Uuid);
        }
        else if (!switchPlanned)
        {
            switchPlanned = true;
            operations.Add(new OvsdbOperation.Insert(SwitchTables.Switch, OvsdbRow.Empty, null));
        }

        Mutate(SwitchTables.Switch, OvsdbCondition.Everywhere, mutation);
    }

    private void Mutate(
        string table, ImmutableArray<OvsdbCondition> where, params ImmutableArray<OvsdbMutation> mutations) =>
        operations.Add(new OvsdbOperation.Mutate(table, where, mutations));

    private void Guard(string table, Guid uuid)
    {
        if (!guarded.Add(uuid)) return;
        operations.Add(new OvsdbOperation.Wait(
            table, OvsdbCondition.Row(uuid), ["_uuid"], [OvsdbRow.Of(("_uuid", uuid))], TimeSpan.Zero));
    }

    private static ArgumentException Twice(string what, string name) =>
        new($"The {what} '{name}' is in this plan already.");
}
