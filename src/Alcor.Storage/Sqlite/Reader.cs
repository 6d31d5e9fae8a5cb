using System.Text;
using Alcor.Kernel.Store;

namespace Alcor.Storage.Sqlite;

/// <summary>One read-only connection with its statements; used by one caller at a time.</summary>
internal sealed class Reader(Database database) : IDisposable
{
    private const string Resource = "SELECT r.key, p.key, r.revision, r.value FROM ";

    private readonly Statement get = database.Prepare(
        Resource + "resource r JOIN partition p ON p.id = r.partition WHERE r.key = ?1");

    private readonly Statement list = database.Prepare(
        Resource + "resource r JOIN partition p ON p.id = r.partition "
        + "WHERE r.key > ?1 AND r.key < ?2 ORDER BY r.key LIMIT ?3");

    private readonly Statement listByIndex = database.Prepare(
        Resource + "index_entry i CROSS JOIN resource r ON r.id = i.resource JOIN partition p ON p.id = r.partition "
        + "WHERE i.entry = ?1 AND i.id > ?2 ORDER BY i.id LIMIT ?3");

    private readonly Statement listByReference = database.Prepare(
        Resource + "reference f CROSS JOIN resource r ON r.id = f.resource JOIN partition p ON p.id = r.partition "
        + "WHERE f.target = ?4 AND f.source > ?1 AND f.source < ?2 ORDER BY f.source LIMIT ?3");

    private readonly Statement referrers = database.Prepare(
        "SELECT source FROM reference WHERE target = ?1 LIMIT ?2");

    private readonly Statement counts = database.Prepare(
        "SELECT key, value FROM counter WHERE key >= ?1 AND key < ?2 ORDER BY key");

    private readonly Statement findPartition = database.Prepare("SELECT id, revision FROM partition WHERE key = ?1");

    private readonly Statement written = database.Prepare(
        "SELECT key, revision, value FROM resource WHERE partition = ?1 AND revision > ?2 ORDER BY revision");

    private readonly Statement deleted = database.Prepare(
        "SELECT key, revision FROM tombstone WHERE partition = ?1 AND revision > ?2 ORDER BY revision");

    private readonly byte[] text = new byte[9 * StoreLimits.KeyCharsMax + 64];

    public StoredResource? Get(ResourceKey key) => ReadResources(get.Bind(1, key)).SingleOrDefault();

    public List<StoredResource> List(ListQuery query)
    {
        if (query.Index is { } entry)
        {
            listByIndex.BindText(1, Links.IndexText(text, query.Type, entry));
            // An empty text has no address to bind; below every id lies also the text of one NUL.
            listByIndex.BindText(2, query.After is { Length: > 0 } id ? Encoding.UTF8.GetBytes(id) : "\0"u8);
            return ReadResources(listByIndex.Bind(3, query.Limit));
        }

        var byKey = query.RefersTo is { } target ? listByReference.Bind(4, target) : list;
        byKey.BindText(1, KeyText.Write(text, query.Type, '/', query.After ?? ""));
        // The character behind the slash ends the range of the type.
        byKey.BindText(2, KeyText.Write(text, query.Type, (char)('/' + 1), ""));
        return ReadResources(byKey.Bind(3, query.Limit));
    }

    public List<ResourceKey> Referrers(ResourceKey target, int limit)
    {
        var keys = new List<ResourceKey>();
        ReadRows(referrers.Bind(1, target).Bind(2, limit), row => keys.Add(row.Key(0)));
        return keys;
    }

    public List<Counter> Counts(string prefix)
    {
        var found = new List<Counter>();
        var length = Encoding.UTF8.GetBytes(prefix, text);
        // An empty text has no address to bind; below every key lies also the text of one NUL.
        counts.BindText(1, length > 0 ? text.AsSpan(0, length) : "\0"u8);
        // No text in UTF-8 has this byte, so it ends the range of the prefix.
        text[length] = 0xff;
        counts.BindText(2, text.AsSpan(0, length + 1));
        ReadRows(counts, row => found.Add(new Counter(Encoding.UTF8.GetString(row.Bytes(0)), row.Int64(1))));
        return found;
    }

    public PartitionSnapshot Snapshot(PartitionKey partition) => InOneView(() =>
    {
        var (id, revision) = Find(partition);
        return new PartitionSnapshot(partition, revision, ReadWritten(partition, id, after: 0));
    });

    public PartitionChanges Changes(PartitionKey partition, long after) => InOneView(() =>
    {
        var (id, revision) = Find(partition);
        if (after >= revision)
            return new PartitionChanges(partition, revision, []);
        var resources = ReadWritten(partition, id, after);
        var gone = new Dictionary<ResourceKey, long>();
        ReadRows(deleted.Bind(1, id).Bind(2, after), row => gone[row.Key(0)] = row.Int64(1));
        return new PartitionChanges(partition, revision, Merge(resources, gone));
    });

    public void Dispose() => database.Dispose();

    private static List<Change> Merge(List<StoredResource> resources, Dictionary<ResourceKey, long> gone)
    {
        var changes = new List<Change>(resources.Count + gone.Count);
        foreach (var resource in resources)
        {
            // Deleted and made again since: it counts as it is now.
            if (gone.Count > 0)
                gone.Remove(resource.Key);
            changes.Add(new Change(resource.Key, resource.Revision, resource));
        }

        if (gone.Count == 0)
            return changes;
        changes.AddRange(gone.Select(one => new Change(one.Key, one.Value, null)));
        changes.Sort(static (left, right) => Compare(left.Revision, left.Key, right.Revision, right.Key));
        return changes;
    }

    private static int Compare(long leftRevision, ResourceKey left, long rightRevision, ResourceKey right) =>
        leftRevision != rightRevision ? leftRevision.CompareTo(rightRevision) : MemoryState.Compare(left, right);

    private (long Id, long Revision) Find(PartitionKey partition)
    {
        var found = (Id: 0L, Revision: 0L);
        ReadRows(findPartition.Bind(1, partition), row => found = (row.Int64(0), row.Int64(1)));
        return found;
    }

    private List<StoredResource> ReadWritten(PartitionKey partition, long id, long after)
    {
        var resources = new List<StoredResource>();
        ReadRows(written.Bind(1, id).Bind(2, after), row =>
            resources.Add(new StoredResource(row.Key(0), partition, row.Int64(1), row.Bytes(2).ToArray())));
        resources.Sort(static (left, right) => Compare(left.Revision, left.Key, right.Revision, right.Key));
        return resources;
    }

    private static List<StoredResource> ReadResources(Statement bound)
    {
        var resources = new List<StoredResource>();
        ReadRows(bound, row =>
            resources.Add(new StoredResource(row.Key(0), row.Partition(1), row.Int64(2), row.Bytes(3).ToArray())));
        return resources;
    }

    private static void ReadRows(Statement bound, Action<Statement> read)
    {
        try
        {
            while (bound.Step())
                read(bound);
        }
        finally
        {
            bound.Reset();
        }
    }

    private T InOneView<T>(Func<T> read)
    {
        database.BeginRead();
        try
        {
            return read();
        }
        finally
        {
            if (database.InTransaction)
                database.Commit();
        }
    }
}
