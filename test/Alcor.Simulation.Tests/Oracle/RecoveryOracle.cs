using Alcor.Network.Ports;
using AgentRecord = Alcor.Network.Nodes.Agent;
using NetworkResource = Alcor.Network.Networks.Network;

namespace Alcor.Simulation.Tests;

/// <summary>What must be so some time after the last fault.</summary>
internal sealed class RecoveryOracle(Simulation world, Oracle oracle)
{
    private CommitOracle Commits => oracle.Commits;

    /// <summary>What is not as it must be, the first of it; null when all is well.</summary>
    public string? Missing() =>
        Commits.All<Port>().Select(StatusOf).FirstOrDefault(wrong => wrong is not null)
        ?? world.Hosts.Select(AgentOf).FirstOrDefault(wrong => wrong is not null)
        ?? world.Hosts.Select(FlowsOf).FirstOrDefault(wrong => wrong is not null)
        ?? Commits.All<NetworkResource>().Select(PacketsOf).FirstOrDefault(wrong => wrong is not null);

    private string? StatusOf(Port port)
    {
        var host = world.Hosts.SingleOrDefault(known => known.Name == port.HostId);
        if (host is null)
            return port.IsBound ? $"port {port.Id} is bound to no host" : null;
        if (!host.TunnelAddress.Equals(port.TunnelAddress))
            return $"port {port.Id} is bound to {port.TunnelAddress}, {host.Name} is at {host.TunnelAddress}";
        var id = Guid.Parse(port.Id);
        var isPlugged = host.Interfaces.ContainsKey(id);
        if (isPlugged == Turmoil.IsNeverPlugged(port.Id))
            return $"the machine of port {port.Id} {(isPlugged ? "runs" : "does not run")}";
        var isRight = !port.AdminStateUp ? port.Status == PortStatus.Down
            : isPlugged ? port.Status == PortStatus.Active
            : port.Status is PortStatus.Build or PortStatus.Down;
        return isRight ? null : $"port {port.Id} on {host.Name}, {(isPlugged ? "" : "not ")}plugged, is {port.Status}";
    }

    private string? AgentOf(SimulatedHost host)
    {
        var isAlive = Commits.All<AgentRecord>().Any(agent => agent.Host == host.Name && agent.Alive);
        return isAlive ? null : $"the agent of {host.Name} is said to be gone";
    }

    private string? FlowsOf(SimulatedHost host)
    {
        var stray = host.Interfaces.Keys.FirstOrDefault(id =>
            Commits.Find(Port.Type, id.ToString("D"))?.HostId != host.Name);
        if (stray != Guid.Empty)
            return $"{stray} is still plugged at {host.Name}";
        var wanted = Rendering.Of(Commits.History, host).ToHashSet();
        var has = host.Switch.Flows.ToHashSet();
        if (wanted.FirstOrDefault(flow => !has.Contains(flow)) is { } missing)
            return $"{host.Name} lacks {missing}";
        return has.FirstOrDefault(flow => !wanted.Contains(flow)) is { } tooMany
            ? $"{host.Name} has {tooMany} too many"
            : null;
    }

    /// <summary>Every port reaches every other one of its network, and nobody else.</summary>
    private string? PacketsOf(NetworkResource network)
    {
        var ports = Commits.All<Port>()
            .Where(port => port.NetworkId == network.Id && oracle.Packets.IsPlugged(port))
            .ToList();
        var up = ports.Where(port => network.AdminStateUp && port.AdminStateUp).Select(port => port.Id).ToHashSet();
        foreach (var from in ports)
        {
            var others = up.Contains(from.Id) ? up.Where(id =>
                id != from.Id).Order(StringComparer.Ordinal).ToList() : [];
            var flooded = oracle.Packets.Send(from, PacketOracle.Broadcast).Order(StringComparer.Ordinal).ToList();
            if (!flooded.SequenceEqual(others))
                return $"a broadcast of {from.Id} reaches {flooded.Count} ports, not {others.Count}";
            foreach (var to in ports.Where(to => to.Id != from.Id))
            {
                var received = oracle.Packets.Send(from, to.MacAddress);
                string[] expected = others.Contains(to.Id) ? [to.Id] : [];
                if (!received.SequenceEqual(expected))
                    return $"a packet of {from.Id} to {to.Id} reaches [{string.Join(' ', received)}]";
            }
        }
        return null;
    }
}
