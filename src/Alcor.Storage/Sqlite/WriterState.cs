using Alcor.Kernel;
using Alcor.Kernel.Store;

namespace Alcor.Storage.Sqlite;

/// <summary>
/// The state as the writer sees it inside one batch: rows that the batch has read or written, in front of the tables.
/// It is forgotten at the end of each batch, so that it is bounded and cannot outlive a rollback.
/// </summary>
internal sealed class WriterState(Database database) : IStoredState
{
    private readonly WriterStatements sql = new(database);
    private readonly Dictionary<ResourceKey, Row?> rows = [];
    private readonly Dictionary<PartitionKey, PartitionRow> partitions = [];
    private readonly Dictionary<long, PartitionRow> partitionsById = [];
    private readonly Dictionary<string, CounterRow> counters = [];

    public StoredStamp? Find(ResourceKey key) =>
        RowOf(key) is { } row ? new StoredStamp(row.Partition.Key, row.Revision) : null;

    public ResourceKey? OwnerOf(Claim claim)
    {
        var statement = sql.OwnerOfClaim.Bind(1, claim);
        ResourceKey? owner = statement.Step() ? statement.Key(0) : null;
        statement.Reset();
        return owner;
    }

    public IEnumerable<ResourceKey> ReferrersOf(ResourceKey target)
    {
        var statement = sql.Referrers.Bind(1, target);
        try
        {
            while (statement.Step())
                yield return statement.Key(0);
        }
        finally
        {
            statement.Reset();
        }
    }

    public bool HoldsAllClaimsOf(Write write)
    {
        if (RowOf(write.Key) is not { } row)
            return false;
        foreach (var claim in write.Claims)
        {
            if (!row.Links.Contains(LinkKind.Claim, KeyText.Write(database.Scratch, claim)))
                return false;
        }

        return true;
    }

    public long CountOf(string key) => CounterOf(key).Value;

    /// <summary>Applies a transaction that the rules have passed. Only the database itself can still fail.</summary>
    public CommitResult.Committed Apply(Transaction transaction, IReadOnlyList<Links> links)
    {
        var advanced = Advance(transaction.Writes);
        // All releases come before the first new claim: a claim may move from one resource to another within a
        // transaction.
        var writes = transaction.Writes;
        for (var i = 0; i < writes.Count; i++)
        {
            if (RowOf(writes[i].Key) is { } row)
                Release(writes[i].Key, row, links[i]);
        }

        for (var i = 0; i < writes.Count; i++)
            Store(writes[i], links[i]);
        foreach (var count in transaction.Counts)
            CounterOf(count.Key).Move(count.Delta);
        return new CommitResult.Committed(advanced);
    }

    /// <summary>
    /// Writes down how far partitions and counters have come: once a batch, however many transactions moved them.
    /// </summary>
    public void Flush()
    {
        foreach (var partition in partitions.Values)
        {
            if (partition.Advanced)
                sql.SetRevision.Bind(1, partition.Revision).Bind(2, partition.Id).Run();
        }

        foreach (var (key, counter) in counters)
        {
            if (!counter.Moved)
                continue;
            if (counter.Value == 0)
                sql.DeleteCounter.BindText(1, key).Run();
            else
                sql.SetCounter.BindText(1, key).Bind(2, counter.Value).Run();
        }
    }

    public void Forget()
    {
        rows.Clear();
        partitions.Clear();
        partitionsById.Clear();
        counters.Clear();
    }

    private PartitionRevision[] Advance(IReadOnlyList<Write> writes)
    {
        if (writes.Count == 1)
            return [PartitionOf(writes[0].Partition).Advance()];
        var keys = new SortedSet<PartitionKey>();
        foreach (var write in writes)
            keys.Add(write.Partition);
        return keys.Select(key => PartitionOf(key).Advance()).ToArray();
    }

    private void Release(ResourceKey key, Row row, Links now)
    {
        foreach (var link in row.Links.Except(now))
        {
            switch (link.Kind)
            {
                case LinkKind.Claim:
                    sql.DeleteClaim.BindText(1, link.Text).Run();
                    break;
                case LinkKind.Reference:
                    sql.DeleteReference.BindText(1, link.Text).Bind(2, key).Run();
                    break;
                case LinkKind.Index:
                    sql.DeleteIndexEntry.BindText(1, link.Text).BindText(2, IdText(key)).Run();
                    break;
                default:
                    throw new InvariantException($"a link of the unknown kind {link.Kind}");
            }
        }
    }

    private void Store(Write write, Links links)
    {
        var partition = PartitionOf(write.Partition);
        var before = RowOf(write.Key);
        if (write.Value is not { } value)
        {
            if (before is not null)
                sql.DeleteResource.Bind(1, before.Id).Run();
            sql.InsertTombstone.Bind(1, partition.Id).Bind(2, partition.Revision).Bind(3, write.Key).Run();
            rows[write.Key] = null;
            return;
        }

        long id;
        if (before is null)
        {
            sql.InsertResource.Bind(1, write.Key).Bind(2, partition.Id).Bind(3, partition.Revision)
                .BindBlob(4, links.Encoded).BindBlob(5, value.Span).Run();
            id = database.LastInsertId();
        }
        else
        {
            id = before.Id;
            sql.UpdateResource.Bind(1, partition.Revision).BindBlob(2, links.Encoded).BindBlob(3, value.Span)
                .Bind(4, id).Run();
        }

        Insert(write.Key, id, links.Except(before?.Links ?? Links.None));
        rows[write.Key] = new Row(id, partition, partition.Revision, links);
    }

    private void Insert(ResourceKey key, long id, Links.Difference added)
    {
        Statement? insert = null;
        LinkKind kind = default;
        foreach (var link in added)
        {
            // In order of their kinds: what all links of one kind have in common is bound once.
            if (insert is null || link.Kind != kind)
                insert = BindInsert(kind = link.Kind, key, id);
            insert.BindText(1, link.Text).Run();
        }
    }

    private Statement BindInsert(LinkKind kind, ResourceKey key, long id) => kind switch
    {
        LinkKind.Claim => sql.InsertClaim.Bind(2, id),
        LinkKind.Reference => sql.InsertReference.Bind(2, key).Bind(3, id),
        LinkKind.Index => sql.InsertIndexEntry.BindText(2, IdText(key)).Bind(3, id),
        _ => throw new InvariantException($"a link of the unknown kind {kind}"),
    };

    private Row? RowOf(ResourceKey key)
    {
        if (rows.TryGetValue(key, out var row))
            return row;
        var statement = sql.FindResource.Bind(1, key);
        if (statement.Step())
        {
            var links = new Links(statement.Bytes(3).ToArray());
            row = new Row(statement.Int64(0), PartitionOf(statement.Int64(1)), statement.Int64(2), links);
        }

        statement.Reset();
        rows.Add(key, row);
        return row;
    }

    private PartitionRow PartitionOf(PartitionKey key)
    {
        if (partitions.TryGetValue(key, out var partition))
            return partition;
        var statement = sql.FindPartition.Bind(1, key);
        if (statement.Step())
        {
            partition = new PartitionRow(statement.Int64(0), key, statement.Int64(1));
            statement.Reset();
        }
        else
        {
            statement.Reset();
            sql.InsertPartition.Bind(1, key).Run();
            partition = new PartitionRow(database.LastInsertId(), key, 0);
        }

        return Keep(partition);
    }

    private PartitionRow PartitionOf(long id)
    {
        if (partitionsById.TryGetValue(id, out var partition))
            return partition;
        var statement = sql.FindPartitionById.Bind(1, id);
        Invariant.Require(statement.Step(), $"partition {id} has a row while a resource names it");
        partition = new PartitionRow(id, statement.Partition(0), statement.Int64(1));
        statement.Reset();
        return Keep(partition);
    }

    private CounterRow CounterOf(string key)
    {
        if (counters.TryGetValue(key, out var counter))
            return counter;
        var statement = sql.FindCounter.BindText(1, key);
        counter = new CounterRow(statement.Step() ? statement.Int64(0) : 0);
        statement.Reset();
        counters.Add(key, counter);
        return counter;
    }

    private PartitionRow Keep(PartitionRow partition)
    {
        partitions.Add(partition.Key, partition);
        partitionsById.Add(partition.Id, partition);
        return partition;
    }

    private ReadOnlySpan<byte> IdText(ResourceKey key) =>
        database.Scratch.AsSpan(0, System.Text.Encoding.UTF8.GetBytes(key.Id, database.Scratch));

    private sealed record Row(long Id, PartitionRow Partition, long Revision, Links Links);

    private sealed class CounterRow(long value)
    {
        public long Value { get; private set; } = value;

        public bool Moved { get; private set; }

        public void Move(long delta)
        {
            Moved = true;
            Value += delta;
        }
    }

    private sealed class PartitionRow(long id, PartitionKey key, long revision)
    {
        public long Id => id;

        public PartitionKey Key => key;

        public long Revision { get; private set; } = revision;

        public bool Advanced { get; private set; }

        public PartitionRevision Advance()
        {
            Advanced = true;
            return new PartitionRevision(key, ++Revision);
        }
    }
}
