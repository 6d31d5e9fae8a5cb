namespace Alcor.Storage.Sqlite;

/// <summary>Where a <see cref="SqliteStore"/> lives and how much it may take.</summary>
/// <param name="Path">The database file; made when it is missing. Its log and its shared memory lie next to it.</param>
public sealed record SqliteStoreOptions(string Path)
{
    /// <summary>Pages that the writer keeps in memory, in bytes. A working set beyond it costs a read for each write.</summary>
    public long WriterCacheBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The same for each of the readers.</summary>
    public long ReaderCacheBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>Reads that run at the same time; further ones wait.</summary>
    public int Readers { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>
    /// The size, in bytes, beyond which the file does not grow: commits that would need more fail with
    /// <see cref="StoreException"/>, as on a full disk. Null leaves the bound to the disk.
    /// </summary>
    public long? FileBytesMax { get; init; }
}
