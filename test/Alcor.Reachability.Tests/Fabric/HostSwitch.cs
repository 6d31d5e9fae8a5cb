using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Reachability.Tests;

/// <summary>
/// A host of the fabric: what it has been told, what it renders of that, and a switch that has it. It is told
/// differences, as a host is, and its switch is changed by differences: connections that the switch tracks live on.
/// </summary>
internal sealed class HostSwitch
{
    /// <summary>Where the keys of subports begin (docs/pipeline.md).</summary>
    private const uint SubPortKeys = 1 << 13;
    private const uint FloatingIpZones = 1 << 14;
    private static readonly ImmutableSortedDictionary<string, uint> Physical = ImmutableSortedDictionary<string, uint>
        .Empty.WithComparers(StringComparer.Ordinal)
        .Add(ScriptedRegion.PhysicalNetwork, ITestedSwitch.PhysicalPort);

    private readonly Mutation _mutation;
    private readonly Renderer _renderer = new();
    private readonly Dictionary<PartitionKey, GoalTable> _told = [];
    private IReadOnlyCollection<Guid> _awaited = [];
    private readonly Dictionary<Guid, uint> _plugged = [];
    private Dictionary<Guid, Carriage> _carried = [];
    private Dictionary<FlowKey, Flow> _installed = [];
    private DesiredState _desired = DesiredState.Empty;

    public HostSwitch(string name, IPAddress tunnelAddress, ITestedSwitch device, Mutation mutation)
    {
        (Name, TunnelAddress, Device, _mutation) = (name, tunnelAddress, device, mutation);
    }

    public string Name { get; }

    public IPAddress TunnelAddress { get; }

    public ITestedSwitch Device { get; }

    public IReadOnlyCollection<Flow> Flows => _installed.Values;

    /// <summary>Where the machine of a port sends; null: it is not here.</summary>
    public uint? PortOf(Guid port) =>
        _plugged.TryGetValue(_carried.TryGetValue(port, out var by) ? by.Parent : port, out var number)
            ? number
            : null;

    /// <summary>The frame as the machine of a port sends it.</summary>
    public byte[] Tagged(Guid port, byte[] frame) => _carried.TryGetValue(port, out var by)
        ? [.. frame[..12], .. TagOf(by.Vlan), .. frame[12..]]
        : frame;

    /// <summary>Which port of a machine has received a frame, and the frame without the tag that says so.</summary>
    public (Guid Port, byte[] Frame) Received(uint number, byte[] frame)
    {
        var port = _plugged.FirstOrDefault(known => known.Value == number).Key;
        Assert.True(port != Guid.Empty, $"{Name} sends to port {number}, where no machine is");
        var subport = _carried.FirstOrDefault(known =>
            known.Value.Parent == port && frame.AsSpan(12, 4).SequenceEqual(TagOf(known.Value.Vlan))).Key;
        return subport == Guid.Empty ? (port, frame) : (subport, [.. frame[..12], .. frame[16..]]);
    }

    /// <summary>The machines of exactly these ports are on the host.</summary>
    /// <param name="carried">Ports that have no interface of their own.</param>
    /// <param name="awaited">Ports of other hosts whose interfaces are here.</param>
    public async Task PlugAsync(
        IReadOnlyCollection<Guid> ports, Dictionary<Guid, Carriage> carried, IReadOnlyCollection<Guid> awaited)
    {
        // As the agent does: what a machine had begun here is not there when it comes back.
        foreach (var left in awaited.Intersect(_plugged.Keys).Except(_awaited))
            await ForgetAsync(_plugged[left]);
        _awaited = awaited;
        ports = [.. ports, .. awaited];
        foreach (var (port, before) in _carried)
        {
            // Its number may be another's next.
            if (carried.GetValueOrDefault(port) != before)
                await ForgetAsync(SubPortKeys | before.Number);
        }
        _carried = carried;
        foreach (var gone in _plugged.Keys.Where(known => !ports.Contains(known)).ToList())
        {
            await Device.UnplugAsync(_plugged[gone]);
            _plugged.Remove(gone);
        }
        foreach (var port in ports.Where(port => !_plugged.ContainsKey(port)))
            _plugged[port] = await Device.PlugAsync();
    }

    /// <summary>Brings the host to know exactly these partitions, as they are in these tables.</summary>
    /// <param name="heard">Ports of networks outside, as whose owners it has heard them answer there.</param>
    public async Task LearnAsync(IReadOnlyCollection<GoalTable> tables, IReadOnlyCollection<Port> heard)
    {
        var changed = new HashSet<EntryAddress>();
        foreach (var gone in _told.Keys.Except(tables.Select(table => table.Partition)).ToList())
        {
            Take(_desired.Drop(gone.ToString()), changed);
            _told.Remove(gone);
        }
        foreach (var table in tables)
        {
            if (_told.GetValueOrDefault(table.Partition) == table)
                continue;
            Take(_desired.Apply(UpdateTo(table)), changed);
            _told[table.Partition] = table;
        }
        var facts = new SwitchFacts(_plugged.ToImmutableDictionary(), ITestedSwitch.Tunnels, TunnelAddress)
        {
            PhysicalPorts = Device.HasOutside ? Physical : Physical.Clear(),
            OutsideNeighbors = heard.ToImmutableDictionary(
                one => (Guid.Parse(one.NetworkId), one.FixedIps[0].IpAddress),
                one => Alcor.OpenFlow.MacAddress.Parse($"{one.MacAddress}")),
        };
        _renderer.Update(_desired, facts, changed);
        var flows = _mutation.OfFlows(_renderer.Flows).DistinctBy(flow => flow.Key);
        await InstallAsync(flows.ToDictionary(flow => flow.Key));
    }

    /// <summary>Entries that were not applied, and why.</summary>
    public IEnumerable<string> Problems => _renderer.Problems.Select(problem => $"{problem.Key}: {problem.Value}");

    private async Task ForgetAsync(uint key)
    {
        foreach (var zone in new[] { key, FloatingIpZones | key })
            await Device.ForgetAsync(new ConnectionFilter((ushort)zone));
    }

    private void Take(DesiredChange change, HashSet<EntryAddress> changed)
    {
        Assert.True(change.Outcome == UpdateOutcome.Applied, change.Reason);
        _desired = change.State;
        changed.UnionWith(change.Changed);
    }

    private PartitionUpdate UpdateTo(GoalTable table)
    {
        var update = new PartitionUpdate
        {
            Partition = table.Partition.ToString(),
            ToRevision = (ulong)table.Revision,
            Last = true,
        };
        if (_told.TryGetValue(table.Partition, out var before))
        {
            update.FromRevision = (ulong)before.Revision;
            update.Entries.AddRange(before.Entries.Keys.Where(key => !table.Entries.ContainsKey(key))
                .Select(key => EntryOf(GoalEntry.Absent(key, table.Revision))));
            update.Entries.AddRange(table.Entries.Values
                .Where(entry => !before.Entries.TryGetValue(entry.Key, out var old) || !entry.SaysTheSameAs(old))
                .Select(EntryOf));
        }
        else
        {
            update.Snapshot = true;
            update.Entries.AddRange(table.Entries.Values.Select(EntryOf));
        }
        var entries = update.Entries.Select(_mutation.OfEntry).OfType<Entry>().ToList();
        update.Entries.Clear();
        update.Entries.AddRange(entries);
        return update;
    }

    private async Task InstallAsync(Dictionary<FlowKey, Flow> wanted)
    {
        var changes = wanted.Values.Where(flow => !flow.Equals(_installed.GetValueOrDefault(flow.Key)))
            .Select(FlowMod.Add)
            .Concat(_installed.Values.Where(flow => !wanted.ContainsKey(flow.Key))
                .Select(flow => new FlowMod(FlowModCommand.DeleteStrict, flow with { Instructions = [] })))
            .ToList();
        await Device.ApplyAsync(changes);
        // As the agent does: what nobody translates any more is forgotten.
        foreach (var ended in Translations(_installed).Except(Translations(wanted)))
            await Device.ForgetAsync(ended.Connections);
        _installed = wanted;
    }

    private static IEnumerable<AddressTranslation> Translations(Dictionary<FlowKey, Flow> flows) =>
        flows.Values.Select(AddressTranslation.Of).OfType<AddressTranslation>();

    /// <summary>IEEE 802.1Q.</summary>
    private static byte[] TagOf(int vlan) => [0x81, 0x00, (byte)(vlan >> 8), (byte)vlan];

    private static Entry EntryOf(GoalEntry entry) => new()
    {
        Kind = entry.Key.Kind,
        Id = ByteString.CopyFrom(entry.Key.Id.ToByteArray(bigEndian: true)),
        Revision = (ulong)entry.Revision,
        Removed = entry.Removed,
        Value = ByteString.CopyFrom(entry.Value.Span),
    };
}

/// <summary>How a port without an interface of its own is reached.</summary>
/// <param name="Number">What its host calls it.</param>
internal sealed record Carriage(Guid Parent, int Vlan, uint Number);
