using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using EntryKey = Alcor.GoalState.EntryKey;
using KernelMacAddress = Alcor.Kernel.Addresses.MacAddress;
using NetworkResource = Alcor.Network.Networks.Network;

namespace Alcor.Simulation.Tests;

/// <summary>
/// Sends packets through the flows of the switches: none may reach another network, and where one arrives while
/// everybody
/// is up to date, the next one does too until something changes, whoever restarts.
/// </summary>
internal sealed class PacketOracle(Simulation world, Oracle oracle)
{
    private const int ProbesMax = 6;
    private readonly Dictionary<(string From, string To), string> _established = [];

    private History History => oracle.Commits.History;

    /// <summary>Pairs of ports between which packets must not cease to flow.</summary>
    public int EstablishedCount => _established.Count;

    public void Probe()
    {
        var ports = oracle.Commits.All<Port>().Where(IsPlugged).ToList();
        var byId = ports.ToDictionary(port => port.Id);
        foreach (var ((from, to), circumstances) in _established.ToList())
        {
            var stays = byId.TryGetValue(from, out var sender) && byId.TryGetValue(to, out var receiver)
                && CircumstancesOf(sender, receiver) == circumstances;
            if (!stays)
                _established.Remove((from, to));
            else
                oracle.Require(Reaches(byId[from], byId[to]), "packets flow on while nothing changes",
                    $"from {from} on {byId[from].HostId} to {to} on {byId[to].HostId}");
        }
        for (var i = 0; i < ProbesMax && ports.Count > 1; i++)
            ProbeOne(world.Pick(ports), world.Pick(ports));
    }

    /// <summary>The ports that get a packet which one port sends to an address.</summary>
    public List<string> Send(Port from, KernelMacAddress to)
    {
        var host = HostOf(from)!;
        var received = new List<string>();
        var packet = Frame(from.MacAddress, to);
        var inPort = host.Interfaces[Guid.Parse(from.Id)];
        foreach (var output in host.Switch.Receive(inPort, packet).Outputs)
        {
            if (SimulatedHost.Tunnels.At(output.Port) is null)
                Receive(host, output.Port, received);
            else if (HostAt(output.Tunnel.Destination) is { } other && other != host)
                Arrive(other, output, received);
        }
        return received;
    }

    public bool IsPlugged(Port port) => HostOf(port)?.Interfaces.ContainsKey(Guid.Parse(port.Id)) ?? false;

    public static KernelMacAddress Broadcast { get; } = new(0xffff_ffff_ffff);

    private void ProbeOne(Port from, Port to)
    {
        var toAll = world.Chance(0.3);
        foreach (var id in Send(from, toAll ? Broadcast : to.MacAddress))
            RequireSameNetwork(from, id);
        if (from.Id != to.Id && from.NetworkId == to.NetworkId && !toAll && IsUpToDate(from, to) && Reaches(from, to))
            _established[(from.Id, to.Id)] = CircumstancesOf(from, to);
    }

    /// <summary>A machine whose port is gone may linger; who it was is not known any more.</summary>
    public void RequireSameNetwork(Port from, string id)
    {
        var receiver = oracle.Commits.Find(Port.Type, id);
        oracle.Require(receiver is null || receiver.NetworkId == from.NetworkId,
            "no packet goes from one network to another",
            $"from {from.Id} in {from.NetworkId} to {id} in {receiver?.NetworkId}");
    }

    private bool Reaches(Port from, Port to) => Send(from, to.MacAddress).Contains(to.Id);

    private SimulatedHost? HostOf(Port port) => world.Hosts.SingleOrDefault(host => host.Name == port.HostId);

    private SimulatedHost? HostAt(Ipv4Address address) =>
        world.Hosts.SingleOrDefault(host => Ipv4Address.From(host.TunnelAddress).Value == address.Value);

    private static void Arrive(SimulatedHost host, SwitchOutput sent, List<string> received)
    {
        var arrived = host.Switch.Receive(sent.Port, sent.Packet.Bytes,
            new TunnelFields { Id = sent.Tunnel.Id });
        foreach (var output in arrived.Outputs)
            Receive(host, output.Port, received);
    }

    private static void Receive(SimulatedHost host, uint ofPort, List<string> received)
    {
        if (host.OwnerOf(ofPort) is { } owner)
            received.Add(owner.ToString("D"));
    }

    /// <summary>Whether both hosts have been told and have done all that concerns the two ports.</summary>
    private bool IsUpToDate(Port from, Port to) =>
        // Whoever is told this, and has not done it yet, is about to do nothing that could hinder these packets.
        oracle.Commits.Find(NetworkResource.Type, from.NetworkId) is { AdminStateUp: true }
            && from is { Status: PortStatus.Active, AdminStateUp: true }
            && to is { Status: PortStatus.Active, AdminStateUp: true }
            && IsUpToDate(HostOf(from)!, from, to) && IsUpToDate(HostOf(to)!, to, from);

    private bool IsUpToDate(SimulatedHost host, Port port, Port peer)
    {
        if (host.Agent is not { Agent.Status: { Converged: true, SwitchConnected: true } } process
            || process.Switch.Facts.Count == 0 || process.Switch.Facts[^1] != host.Facts)
            return false;
        var network = PartitionKey.Network(port.NetworkId);
        return IsHeld(process, network, EntryKind.Network, port.NetworkId)
            && IsHeld(process, network, EntryKind.Neighbor, peer.Id)
            && IsHeld(process, network, EntryKind.Neighbor, port.Id)
            && IsHeld(process, PartitionKey.Host(host.Name), EntryKind.Port, port.Id);
    }

    /// <summary>The agent knows the entry as it is, and nothing older of it is left to be told.</summary>
    private bool IsHeld(AgentProcess process, PartitionKey partition, EntryKind kind, string id)
    {
        var held = process.Agent.Desired.Partitions.GetValueOrDefault(partition.ToString());
        return held is not null
            && !History.ChangedAfter(partition, EntryKey.Parse(kind, id), (long)held.Revision);
    }

    private string CircumstancesOf(Port from, Port to)
    {
        var network = History.Now(PartitionKey.Network(from.NetworkId))
            .GetValueOrDefault(EntryKey.Parse(EntryKind.Network, from.NetworkId));
        return $"{network?.Revision} {Of(from)} {Of(to)}";

        string Of(Port port)
        {
            var host = HostOf(port)!;
            return $"{port.HostId} {port.Generation} {host.Interfaces[Guid.Parse(port.Id)]} {host.Upheavals}";
        }
    }

    /// <summary>Some packet in which nothing looks deeper than Ethernet.</summary>
    private static byte[] Frame(KernelMacAddress from, KernelMacAddress to)
    {
        var frame = new byte[60];
        new MacAddress(to.Bits).Write(frame);
        new MacAddress(from.Bits).Write(frame.AsSpan(6));
        (frame[12], frame[13]) = (0x88, 0xb5);
        return frame;
    }
}
