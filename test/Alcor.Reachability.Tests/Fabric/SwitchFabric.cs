using System.Net.Sockets;
using System.Text;
using Alcor.GoalState;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Nodes;
using Alcor.OpenFlow;

namespace Alcor.Reachability.Tests;

/// <summary>What a frame led to: the ports that received something, and its way through each switch.</summary>
internal sealed record Journey(IReadOnlyList<(Guid Port, byte[] Frame)> Arrivals, string Trace);

/// <summary>
/// All hosts of a cloud with what they must know of it, projected from the store, on switches in memory whose tunnels
/// carry packets at once.
/// </summary>
internal sealed class SwitchFabric(IStore store, Mutation mutation)
{
    private readonly Dictionary<string, HostSwitch> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<PartitionKey, GoalTable> _tables = [];

    public IEnumerable<HostSwitch> Hosts => _hosts.Values;

    /// <summary>Tells every host what is new; all at once, so that nothing is on its way afterwards.</summary>
    public async Task UpdateAsync(Cloud cloud)
    {
        foreach (var node in await store.ListAsync(ListQuery.All(Node.Type.Name), CancellationToken.None))
        {
            var (name, address) = (Node.Type.Decode(node.Value).Name, Node.Type.Decode(node.Value).TunnelAddress);
            if (!_hosts.ContainsKey(name))
                _hosts.Add(name, new HostSwitch(name, address, mutation));
        }
        // What has ended still has to be heard to have ended.
        foreach (var partition in PartitionsOf(cloud).Union(_tables.Keys).ToList())
            await ProjectAsync(partition);
        foreach (var host in Hosts)
        {
            host.Plug([.. cloud.Ports.Where(port => port.HostId == host.Name).Select(port => Guid.Parse(port.Id))]);
            var own = PartitionKey.Host(host.Name);
            var known = Interest.Of(own, partition => _tables[partition].Leads.Partitions).Prepend(own);
            host.Learn([.. known.Select(partition => _tables[partition])]);
        }
    }

    private IEnumerable<PartitionKey> PartitionsOf(Cloud cloud) =>
        Hosts.Select(host => PartitionKey.Host(host.Name))
            .Concat(cloud.Networks.Select(network => PartitionKey.Network(network.Id)))
            .Concat(cloud.SecurityGroups.Select(group => PartitionKey.SecurityGroup(group.Id)))
            .Concat(cloud.AddressGroups.Select(group => PartitionKey.AddressGroup(group.Id)))
            .Concat(cloud.Routers.Select(router => PartitionKey.Router(router.Id)));

    /// <summary>The machine of a port that is on a host sends a frame.</summary>
    public Journey Send(Guid port, byte[] frame)
    {
        var from = Hosts.Single(host => host.PortOf(port) is not null);
        var arrivals = new List<(Guid, byte[])>();
        var trace = new StringBuilder();
        Receive(from, from.PortOf(port)!.Value, new Packet(frame), default, (arrivals, trace));
        return new Journey(arrivals, trace.ToString());
    }

    private void Receive(
        HostSwitch host, uint port, Packet packet, TunnelFields tunnel,
        (List<(Guid, byte[])> Arrivals, StringBuilder Trace) told)
    {
        var result = host.Receive(port, packet, tunnel);
        told.Trace.Append($"{host.Name}, port {port}, {packet}\n{result.Trace}");
        foreach (var output in result.Outputs)
        {
            if (output.Port != HostSwitch.TunnelPort)
            {
                told.Arrivals.Add((host.PortAt(output.Port), output.Packet.Bytes.ToArray()));
                continue;
            }
            Assert.True(port != HostSwitch.TunnelPort, $"from tunnel to tunnel:\n{told.Trace}");
            var target = ((UInt128)output.Tunnel.Destination.Value).ToAddress(AddressFamily.InterNetwork);
            if (Hosts.SingleOrDefault(one => one.TunnelAddress.Equals(target)) is { } peer)
                Receive(peer, HostSwitch.TunnelPort, output.Packet, new TunnelFields { Id = output.Tunnel.Id }, told);
            else
                told.Trace.Append($"nobody has tunnel address {target}\n");
        }
    }

    private async Task ProjectAsync(PartitionKey partition)
    {
        var known = _tables.GetValueOrDefault(partition) ?? GoalTable.Empty(partition);
        var changes = await store.ChangesAsync(partition, known.Revision, CancellationToken.None);
        _tables[partition] = changes.Changes.Count == 0 ? known : known.Apply(changes, NetworkCatalog.Types).Table;
    }
}
