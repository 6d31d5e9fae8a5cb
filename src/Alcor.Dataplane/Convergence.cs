using System.Collections.Concurrent;
using Alcor.GoalState;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane;

/// <summary>Whether a host has a partition at a revision.</summary>
/// <param name="Sent">The revision that it was last sent, or said that it holds.</param>
/// <param name="Acknowledged">The revision that it last acknowledged, since it connected.</param>
/// <param name="Problems">What it has and its switch does not.</param>
/// <param name="Reason">Why it is not there yet; empty when it is.</param>
public sealed record HostConvergence(
    string Host, long Sent, long Acknowledged, IReadOnlyList<EntryProblem> Problems, string Reason)
{
    public bool IsThere => Reason.Length == 0;
}

/// <param name="Hosts">Those that follow the partition, and those that it names: ordered by name.</param>
public sealed record PartitionConvergence(
    PartitionKey Partition, long Revision, IReadOnlyList<HostConvergence> Hosts)
{
    public bool IsThere => Hosts.All(host => host.IsThere);
}

/// <summary>
/// Which hosts have what, and if not, why. It answers from what hosts acknowledged, and counts nothing as there because
/// nobody complained.
/// </summary>
/// <remarks>In memory: as large as the hosts that connected to this process and the partitions that each
/// follows.</remarks>
public sealed class Convergence(Relay relay, IStore store, Catalog catalog, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, HostProgress> hosts = new();
    private readonly Lock gate = new();
    private readonly Dictionary<PartitionKey, List<Signal>> waiters = [];

    internal Activations Activations { get; } = new(time);

    /// <summary>Every host that has been connected, by name.</summary>
    public IReadOnlyList<HostState> Hosts =>
        [.. hosts.Values.Select(host => host.State).OrderBy(host => host.Host, StringComparer.Ordinal)];

    /// <summary>Which hosts have a partition at a revision, which have not, and why.</summary>
    public async Task<PartitionConvergence> OfAsync(
        PartitionKey partition, long revision, CancellationToken cancellationToken)
    {
        var signal = new Signal();
        using var following = relay.Follow(partition, signal.Set);
        var table = await LoadedAsync(following.Feed, signal, cancellationToken);
        return Assess(following.Feed, table, NamedBy(table), revision);
    }

    /// <summary>
    /// Waits until every host that must know it has a partition at a revision, and its switch has all of it.
    /// </summary>
    /// <returns>False when the wait was cancelled before that.</returns>
    public async Task<bool> WaitAsync(PartitionKey partition, long revision, CancellationToken cancellationToken)
    {
        var signal = new Signal();
        using var following = relay.Follow(partition, signal.Set);
        using var awaiting = Await(partition, signal);
        using var cancelling = cancellationToken.UnsafeRegister(static state => ((Signal)state!).Set(), signal);
        try
        {
            (GoalTable? Table, IReadOnlyList<string> Hosts) named = (null, []);
            while (true)
            {
                var table = await LoadedAsync(following.Feed, signal, cancellationToken);
                if (!ReferenceEquals(named.Table, table))
                    named = (table, NamedBy(table));
                if (table.Revision >= revision && Assess(following.Feed, table, named.Hosts, revision).IsThere)
                    return true;
                cancellationToken.ThrowIfCancellationRequested();
                await signal.WaitAsync();
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>How far a port is, and why it is not ACTIVE; null when there is no such port.</summary>
    public async Task<PortExplanation?> ExplainPortAsync(string portId, CancellationToken cancellationToken) =>
        await store.GetAsync(Port.Type.Key(portId), cancellationToken) is { } stored
            ? await new PortExplainer(this, relay).ExplainAsync((Port)catalog.Decode(stored).Value, cancellationToken)
            : null;

    internal HostProgress Connect(string host) => hosts[host] = new HostProgress(host, time, Changed);

    /// <summary>How far a host is that has been connected.</summary>
    internal HostProgress? Find(string host) => hosts.GetValueOrDefault(host);

    internal void Changed(PartitionKey partition)
    {
        List<Signal> told;
        lock (gate)
        {
            if (!waiters.TryGetValue(partition, out var found))
                return;
            told = [.. found];
        }
        foreach (var signal in told)
            signal.Set();
    }

    private PartitionConvergence Assess(Feed feed, GoalTable table, IReadOnlyList<string> named, long revision)
    {
        var concerned = hosts.Values.Where(host => host.Find(feed.Partition) is not null).Select(host => host.Host)
            .Concat(named)
            .Distinct()
            .Order(StringComparer.Ordinal);
        return new PartitionConvergence(
            table.Partition, revision, [.. concerned.Select(host => Assess(feed, host, revision))]);
    }

    internal HostConvergence Assess(Feed feed, string host, long revision)
    {
        if (!hosts.TryGetValue(host, out var known))
            return new HostConvergence(host, 0, 0, [], $"host {host} has not connected");
        var progress = known.Find(feed.Partition);
        var (sent, acknowledged) = (progress?.Sent ?? 0, progress?.Acknowledged ?? 0);
        var problems = progress?.Problems ?? [];
        // Revisions that changed no entry are told with the next heartbeat; a host that has all entries is there.
        var has = acknowledged >= revision || (acknowledged > 0 && feed.AnyChange(acknowledged, revision) == false);
        var state = known.State;
        var reason = !state.IsConnected ? $"host {host} is not connected since {state.Since:O}: {state.EndReason}"
            : has && problems.Count > 0 ? Describe(host, problems[0])
            : has ? ""
            : sent >= revision ? $"host {host} was sent revision {sent} and has acknowledged {acknowledged}"
            : acknowledged < sent ? $"host {host} has yet to acknowledge revision {sent} before it is sent more"
            : $"host {host} has not been sent revision {revision} yet";
        return new HostConvergence(host, sent, acknowledged, problems, reason);
    }

    internal static string Describe(string host, EntryProblem problem) =>
        problem.State == EntryState.Waiting
            ? $"host {host} waits with {problem.Key}: {problem.Reason}"
            : $"host {host} failed with {problem.Key}: {problem.Reason}";

    /// <summary>The hosts that must know a partition, connected or not: the host itself, or where a network has
    /// ports.</summary>
    private static IReadOnlyList<string> NamedBy(GoalTable table) =>
        table.Partition == PartitionKey.Host(table.Partition.Id)
            ? [table.Partition.Id]
            : [.. table.Entries.Values
                .Where(entry => entry.Key.Kind == EntryKind.Neighbor)
                .Select(entry => NeighborEntry.Parser.ParseFrom(entry.Value.Span).Host)
                .Distinct()];

    internal static async Task<GoalTable> LoadedAsync(Feed feed, Signal signal, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (feed.Table is { } table)
                return table;
            cancellationToken.ThrowIfCancellationRequested();
            // The token wakes by the signal, as everything does: the wait then ends where it began, on no other thread.
            using var cancelling = cancellationToken.UnsafeRegister(static state => ((Signal)state!).Set(), signal);
            await signal.WaitAsync();
        }
    }

    private Awaiting Await(PartitionKey partition, Signal signal)
    {
        lock (gate)
        {
            if (!waiters.TryGetValue(partition, out var found))
                waiters.Add(partition, found = []);
            found.Add(signal);
        }
        return new Awaiting(this, partition, signal);
    }

    private sealed class Awaiting(Convergence owner, PartitionKey partition, Signal signal) : IDisposable
    {
        public void Dispose()
        {
            lock (owner.gate)
            {
                var found = owner.waiters[partition];
                found.Remove(signal);
                if (found.Count == 0)
                    owner.waiters.Remove(partition);
            }
        }
    }
}
