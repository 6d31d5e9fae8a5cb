using Alcor.GoalState;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;

namespace Alcor.Reachability.Tests;

/// <summary>All hosts of a cloud with what they must know of it, projected from the store.</summary>
internal sealed class SwitchFabric(IStore store, IDataplane dataplane, Mutation mutation)
{
    private readonly Dictionary<string, HostSwitch> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<PartitionKey, GoalTable> _tables = [];
    private List<Port> _outsiders = [];
    private Dictionary<Guid, string> _hostOf = [];

    public IEnumerable<HostSwitch> Hosts => _hosts.Values;

    /// <summary>Tells every host what is new; all at once, so that nothing is on its way afterwards.</summary>
    public async Task UpdateAsync(Cloud cloud)
    {
        _outsiders = [.. cloud.Ports.Where(port => port.HostId == ScriptedRegion.OutsideHost)];
        _hostOf = cloud.Ports.ToDictionary(port => Guid.Parse(port.Id), port => port.HostId);
        foreach (var node in await store.ListAsync(ListQuery.All(Node.Type.Name), CancellationToken.None))
        {
            var (name, address) = (Node.Type.Decode(node.Value).Name, Node.Type.Decode(node.Value).TunnelAddress);
            var hasOutside = Node.Type.Decode(node.Value).PhysicalNetworks.OrEmpty().Length > 0;
            if (!_hosts.ContainsKey(name))
                _hosts[name] = new HostSwitch(name, address, dataplane.SwitchOf(address, hasOutside), mutation);
        }
        // What has ended still has to be heard to have ended.
        foreach (var partition in PartitionsOf(cloud).Union(_tables.Keys).ToList())
            await ProjectAsync(partition);
        foreach (var host in Hosts)
        {
            var ports = cloud.Ports.Where(port => port.HostId == host.Name && Cloud.IsMachine(port)).ToList();
            var carried = ports.Where(port => cloud.TrunkCarrying(port) is not null)
                .ToDictionary(port => Guid.Parse(port.Id), port => CarriageOf(cloud, port));
            // Of a machine that may come, its interface is there already.
            var awaited = cloud.Ports.Where(port => cloud.TrunkCarrying(port) is null
                && port.InactiveBindings.OrEmpty().Any(binding => binding.Host == host.Name));
            await host.PlugAsync(
                [.. ports.Select(port => Guid.Parse(port.Id)).Where(port => !carried.ContainsKey(port))], carried,
                [.. awaited.Select(port => Guid.Parse(port.Id))]);
            var own = PartitionKey.Host(host.Name);
            var known = Interest.Of(own, partition => _tables[partition].Leads.Partitions).Append(own).ToHashSet();
            await host.LearnAsync(
                [.. known.Select(partition => _tables[partition])], [.. HeardOutside(cloud, known)]);
        }
    }

    private IEnumerable<PartitionKey> PartitionsOf(Cloud cloud) =>
        Hosts.Select(host => PartitionKey.Host(host.Name))
            .Concat(cloud.Networks.Select(network => PartitionKey.Network(network.Id)))
            .Concat(cloud.SecurityGroups.Select(group => PartitionKey.SecurityGroup(group.Id)))
            .Concat(cloud.AddressGroups.Select(group => PartitionKey.AddressGroup(group.Id)))
            .Concat(cloud.NetworkAcls.Select(acl => PartitionKey.NetworkAcl(acl.Id)))
            .Concat(cloud.Routers.Select(router => PartitionKey.Router(router.Id)));

    /// <summary>
    /// Whom a host hears of only by asking outside: machines there, and routers that it is told nothing of.
    /// </summary>
    private IEnumerable<Port> HeardOutside(Cloud cloud, HashSet<PartitionKey> known) => _outsiders.Concat(
        cloud.Ports.Where(port => cloud.RouterOutside(port) is { AdminStateUp: true } router
            && !known.Contains(PartitionKey.Router(router.Id))));

    /// <summary>The machine of a port that is on a host sends frames.</summary>
    public async Task<Journey> SendAsync(Guid port, IReadOnlyList<byte[]> frames, int arrivalsExpected)
    {
        if (_outsiders.Exists(one => one.Id == $"{port}"))
            return await dataplane.SendFromOutsideAsync(frames, arrivalsExpected);
        var from = _hosts[_hostOf[port]];
        return await dataplane.SendAsync(from.Device, from.PortOf(port)!.Value,
            [.. frames.Select(frame => from.Tagged(port, frame))], arrivalsExpected);
    }

    /// <summary>
    /// The port of the API by which a machine has received something, and what it was; null: nobody outside wants it.
    /// </summary>
    public (Guid Port, byte[] Frame)? Received(Delivery delivery)
    {
        if (delivery.Switch is { } device)
            return Hosts.Single(host => host.Device == device).Received(delivery.Port, delivery.Frame);
        var target = MacAddress.Parse(string.Join(':', delivery.Frame[..6].Select(octet => $"{octet:x2}")));
        return _outsiders.Find(one => one.MacAddress == target || target.IsMulticast) is { } outsider
            ? (Guid.Parse(outsider.Id), delivery.Frame)
            : null;
    }

    private static Carriage CarriageOf(Cloud cloud, Port port)
    {
        var trunk = cloud.TrunkCarrying(port)!;
        var vlan = trunk.SubPorts.Single(one => one.PortId == port.Id).SegmentationId;
        return new Carriage(Guid.Parse(trunk.PortId), vlan, port.Trunk!.Number);
    }

    private async Task ProjectAsync(PartitionKey partition)
    {
        var known = _tables.GetValueOrDefault(partition) ?? GoalTable.Empty(partition);
        var changes = await store.ChangesAsync(partition, known.Revision, CancellationToken.None);
        _tables[partition] = changes.Changes.Count == 0 ? known : known.Apply(changes, NetworkCatalog.Types).Table;
    }
}
