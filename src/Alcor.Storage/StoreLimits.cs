namespace Alcor.Storage;

/// <summary>The bounds of the store, each with its reason.</summary>
public static class StoreLimits
{
    /// <summary>
    /// Writes in one call: what a single durable write may hold in memory and make the others wait for.
    /// </summary>
    public const int WritesPerCallMax = 65_536;

    /// <summary>Bytes of one value: a resource is a record, not a file.</summary>
    public const int ValueBytesMax = 16 * 1024 * 1024;

    /// <summary>
    /// Characters in each part of a key, a claim's space or an index entry: the keys of a page must fit a page.
    /// </summary>
    public const int KeyCharsMax = 1_024;

    /// <summary>
    /// Calls that wait for the writer; whoever comes then waits outside, so that the queue cannot eat the memory.
    /// </summary>
    public const int WaitingCallsMax = 4_096;

    /// <summary>
    /// Writes after which a batch takes no further call: about 20 ms of work, so that an answer does not wait longer.
    /// </summary>
    public const int WritesPerBatchMax = 1_024;
}
