using Alcor.Kernel.Store;

namespace Alcor.Dataplane;

/// <summary>
/// How far one host is, since its last Hello. It outlives the connection, so that one can ask what a host that is
/// gone did not get.
/// </summary>
internal sealed class HostProgress(string host, TimeProvider time, Action<PartitionKey> onChanged)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<PartitionKey, PartitionProgress> partitions = [];
    private DateTimeOffset since = time.GetUtcNow();
    private string? endReason;

    public string Host => host;

    public HostState State
    {
        get
        {
            lock (gate)
                return new HostState(host, endReason is null, since, endReason ?? "");
        }
    }

    public PartitionProgress? Find(PartitionKey partition)
    {
        lock (gate)
            return partitions.GetValueOrDefault(partition);
    }

    /// <param name="held">The revision that the host says it holds; 0 is nothing.</param>
    public PartitionProgress Open(PartitionKey partition, long held)
    {
        var progress = new PartitionProgress(host, partition, time);
        progress.Holds(held);
        lock (gate)
            partitions[partition] = progress;
        return progress;
    }

    public void Close(PartitionKey partition)
    {
        lock (gate)
            partitions.Remove(partition);
        onChanged(partition);
    }

    public void Changed(PartitionKey partition) => onChanged(partition);

    public void Disconnect(string reason)
    {
        List<PartitionKey> known;
        lock (gate)
        {
            (since, endReason) = (time.GetUtcNow(), reason);
            known = [.. partitions.Keys];
        }
        foreach (var partition in known)
            onChanged(partition);
    }
}

/// <param name="Since">When it connected, or when the connection ended.</param>
/// <param name="EndReason">Why it ended; empty while connected.</param>
public sealed record HostState(string Host, bool IsConnected, DateTimeOffset Since, string EndReason);
