namespace Alcor.Storage.Sqlite;

/// <summary>Where a <see cref="SqliteStore"/> lives and how much it may take.</summary>
/// <param name="Path">The database file; made when it is missing. Its log and its shared memory lie next to it.</param>
public sealed record SqliteStoreOptions(string Path)
{
    /// <summary>
    /// Pages that the writer keeps in memory, in bytes: the inner pages of the tables and the leaves at their ends.
    /// More is not better, since SQLite's work at each commit grows with the table of cached pages; what is missing
    /// the system has.
    /// </summary>
    public long WriterCacheBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>The same for each of the readers.</summary>
    public long ReaderCacheBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>Reads that run at the same time; further ones wait.</summary>
    public int Readers { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Bytes of write-ahead log after which it is copied into the file, in the background.</summary>
    public long LogBytesToCheckpoint { get; init; } = 16L * 1024 * 1024;

    /// <summary>
    /// Bytes of write-ahead log after which the writer makes readers stand back until the log can start anew. Only
    /// reads that overlap without end get it this far, and only one batch is added to it.
    /// </summary>
    public long LogBytesMax { get; init; } = 128L * 1024 * 1024;

    /// <summary>
    /// The size, in bytes, beyond which the file does not grow: commits that would need more fail with
    /// <see cref="StoreException"/>, as on a full disk. Null leaves the bound to the disk.
    /// </summary>
    public long? FileBytesMax { get; init; }
}
