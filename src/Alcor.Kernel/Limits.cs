namespace Alcor.Kernel;

/// <summary>Every bound of the kernel, each with its reason.</summary>
public static class Limits
{
    /// <summary>
    /// Commands waiting in one lane: at 15,000 commands a second a full lane is a third of a second of work.
    /// </summary>
    public const int LaneQueueMax = 5_000;

    /// <summary>
    /// Commands decided and committed together: bounds the time that the first of them waits for the last.
    /// </summary>
    public const int LaneBatchMax = 500;

    /// <summary>Lanes kept in memory with their snapshots; above it, idle ones are forgotten.</summary>
    public const int LanesMax = 4_096;

    /// <summary>Times that a command is decided anew after its commit was refused, before its caller is told.</summary>
    public const int CommitAttemptsMax = 8;

    /// <summary>Resources created by one bulk request: Nova asks for tens, load tests for thousands.</summary>
    public const int BulkMax = 5_000;

    /// <summary>What a lane remembers of other partitions from one batch to the next; of more, nothing.</summary>
    public const int ReadingsKeptMax = 64;

    /// <summary>Derived ids that are kept instead of being derived anew; one takes some 300 bytes.</summary>
    public const int DerivedIdsKeptMax = 1_024;

    /// <summary>Times that a batch is decided anew because its commands asked for what had not been read.</summary>
    public const int ReadRoundsMax = 16;
}
