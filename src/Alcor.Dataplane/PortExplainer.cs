using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Ports;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane;

/// <summary>Says how far one port is, and what it waits for.</summary>
internal sealed class PortExplainer(Convergence convergence, Relay relay)
{
    public async Task<PortExplanation> ExplainAsync(Port port, CancellationToken cancellationToken)
    {
        var explanation = new PortExplanation(port.Id, port.Status, port.HostId, "");
        if (BeforeItsHost(port) is { } reason)
        {
            return explanation with
            {
                Reason = port.Status == PortStatus.Active ? "" : reason,
                Stages = [Created(port), Never(PortStages.Sent), Never(PortStages.Acknowledged), Active(port)],
            };

            PortStage Never(string name) => new(name, null, reason);
        }
        var signal = new Signal();
        using var host = relay.Follow(PartitionKey.Host(port.HostId), signal.Set);
        using var network = relay.Follow(PartitionKey.Network(port.NetworkId), signal.Set);
        var bound = await Convergence.LoadedAsync(host.Feed, signal, cancellationToken);
        var neighbors = await Convergence.LoadedAsync(network.Feed, signal, cancellationToken);
        var key = EntryKey.Parse(port.GatewayOf is null ? EntryKind.Port : EntryKind.RouterGateway, port.Id);
        var entry = bound.Entries.GetValueOrDefault(key);
        var neighbor = neighbors.Entries.GetValueOrDefault(EntryKey.Parse(EntryKind.Neighbor, port.Id));
        return explanation with
        {
            Reason = port.Status == PortStatus.Active ? "" : ReasonOf(port, host.Feed, entry),
            HostPartition = LagOf(port.HostId, host.Feed, entry),
            NetworkPartition = LagOf(port.HostId, network.Feed, neighbor),
            LastNack = NackOf(port, key),
            Stages = [.. StagesOf(port, host.Feed, entry)],
        };
    }

    /// <summary>What keeps it from concerning a host at all; null: nothing.</summary>
    private static string? BeforeItsHost(Port port) => port switch
    {
        { HostId: "" } => "it is not bound to a host",
        { IsBound: false } => $"no agent of host {port.HostId} has ever connected",
        _ => null,
    };

    private string ReasonOf(Port port, Feed feed, GoalEntry? entry)
    {
        if (!port.AdminStateUp)
            return "its admin_state_up is false";
        if (entry is null)
            return NotRead(port);
        var host = convergence.Assess(feed, port.HostId, entry.Revision);
        if (host.Problems.FirstOrDefault(problem => problem.Key == entry.Key) is { } own)
            return Convergence.Describe(port.HostId, own);
        return host.Acknowledged >= entry.Revision && convergence.Find(port.HostId) is { State.IsConnected: true }
            ? $"host {port.HostId} has it; that is being written down"
            : host.Reason;
    }

    private PartitionLag? LagOf(string host, Feed feed, GoalEntry? entry)
    {
        if (entry is null)
            return null;
        var progress = convergence.Find(host)?.Find(feed.Partition);
        return new PartitionLag(
            feed.Partition, entry.Revision, progress?.Sent ?? 0, progress?.Acknowledged ?? 0);
    }

    /// <summary>
    /// What is wrong with the port now, else with its network or its security groups, else what was wrong with the
    /// port.
    /// </summary>
    private Nack? NackOf(Port port, EntryKey key)
    {
        if (convergence.Find(port.HostId) is not { } host)
            return null;
        var own = host.Find(PartitionKey.Host(port.HostId));
        if (own?.ProblemOf(key) is { } now)
            return new Nack(own.Partition, now, IsResolved: false);
        IEnumerable<PartitionKey> around =
            [PartitionKey.Network(port.NetworkId), .. port.SecurityGroups.OrEmpty().Select(PartitionKey.SecurityGroup)];
        foreach (var partition in around)
        {
            if (host.Find(partition) is { Problems: [var first, ..] })
                return new Nack(partition, first, IsResolved: false);
        }
        return own?.LastNack is { } last && last.Key == key
            ? new Nack(own.Partition, last, IsResolved: true)
            : null;
    }

    private IEnumerable<PortStage> StagesOf(Port port, Feed feed, GoalEntry? entry)
    {
        var progress = convergence.Find(port.HostId)?.Find(feed.Partition);
        yield return entry is not null && feed.AnnouncedAt(entry.Revision) is { } committed
            ? Known(PortStages.Committed, committed)
            : Created(port);
        yield return Stage(PortStages.Sent, progress?.Sent ?? 0, one => one.SentAt(entry!.Revision));
        yield return Stage(
            PortStages.Acknowledged, progress?.Acknowledged ?? 0, one => one.AcknowledgedAt(entry!.Revision));
        yield return Active(port);

        PortStage Stage(string name, long reached, Func<PartitionProgress, DateTimeOffset?> timeOf)
        {
            if (entry is null)
                return new PortStage(name, null, NotRead(port));
            if (progress is null)
                return new PortStage(name, null, $"host {port.HostId} has not connected to this process");
            if (timeOf(progress) is { } at)
                return Known(name, at);
            return new PortStage(name, null, reached < entry.Revision
                ? $"not yet: host {port.HostId} is at revision {reached} of {entry.Revision}"
                : name == PortStages.Sent
                    ? $"host {port.HostId} held it when it connected, or has been sent "
                    + $"{DataplaneLimits.RevisionTimesMax} updates since"
                    : $"host {port.HostId} has acknowledged {DataplaneLimits.RevisionTimesMax} updates since");
        }
    }

    /// <summary>The first generation is as old as the port.</summary>
    private static PortStage Created(Port port) => port.Generation == 1
        ? Known(PortStages.Committed, port.CreatedAt)
        : new PortStage(
            PortStages.Committed,
            null,
            "it changed before this process followed its host, or too many other changes of the host came since");

    private PortStage Active(Port port)
    {
        if (port.Status != PortStatus.Active)
            return new PortStage(PortStages.Active, null, $"its status is {port.Status}");
        return convergence.Activations.Find(port.Id, port.Generation) is { } at
            ? Known(PortStages.Active, at)
            : new PortStage(
                PortStages.Active,
                null,
                "another process wrote it down or an earlier one, or too many other ports became ACTIVE since");
    }

    private static PortStage Known(string name, DateTimeOffset at) => new(name, at, "");

    private static string NotRead(Port port) => $"its binding to host {port.HostId} has not been read yet";
}
