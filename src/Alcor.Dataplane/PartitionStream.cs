using System.Collections.Immutable;
using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Dataplane;

/// <summary>
/// What one host gets of one partition. At most one update is on its way at a time: what changes meanwhile becomes
/// one value a key in the next, and an acknowledgement says beyond doubt what the host knew when it spoke.
/// </summary>
/// <remarks>Not safe for concurrent use: the session's gate guards it.</remarks>
internal sealed class PartitionStream(Following following, PartitionProgress progress, int messageBytesMax, long held)
    : IDisposable
{
    private IEnumerator<GoalEntry>? pieces;
    private GoalTable? pieceTable;
    private Func<EntryKey, bool>? goneWhenAcknowledged;
    private long awaited;
    private readonly long claimed = held;
    private readonly long floor = following.Feed.Announced;
    private long sent = progress.Sent;
    private bool isBehindInNumber;
    private bool mayAdvance;

    public PartitionKey Partition => Feed.Partition;

    public Feed Feed => following.Feed;

    public PartitionProgress Progress => progress;

    /// <summary>In the session's queue.</summary>
    public bool IsQueued { get; set; }

    /// <summary>A snapshot is being sent, or an update waits for its acknowledgement.</summary>
    public bool IsBusy => pieces is not null || IsAwaiting;

    public bool IsAwaiting => goneWhenAcknowledged is not null;

    /// <summary>There are further pieces of a snapshot.</summary>
    public bool HasPieces => pieces is not null;

    /// <summary>
    /// What was committed before the host asked has not been read yet. A host that begins with something older, and is
    /// told that this is everything, takes from its switch what it should keep.
    /// </summary>
    public bool IsBehind => Feed.Table is not { } table || table.Revision < Math.Min(floor, Feed.Announced);

    /// <summary>Once, all that the partition said at some revision had been sent.</summary>
    public bool WasComplete { get; private set; }

    /// <summary>Where the partition leads, as far as the host was told of it or further; null: it was told
    /// nothing.</summary>
    public ImmutableSortedSet<PartitionKey>? Leads { get; private set; }

    public void Dispose()
    {
        pieces?.Dispose();
        following.Dispose();
    }

    /// <summary>Takes note of where the partition leads now. While it cannot be read, it leads where it did.</summary>
    /// <returns>Whether that is another set than before.</returns>
    public bool NoteLeads()
    {
        // What is older than what the host holds, or than what was committed before it asked, does not count.
        if (!(WasComplete || HasPieces)
            || Feed.Table is not { Leads.Partitions: var now }
            || ReferenceEquals(now, Leads))
            return false;
        Leads = now;
        return true;
    }

    /// <summary>The next message for the host, or null when there is nothing to say now.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        if (IsAwaiting || (!WasComplete && IsBehind))
            return null;
        if (pieces is not null)
            return NextPiece();
        return Feed.For(sent) switch
        {
            Offer.Whole whole => Begin(whole.Table),
            Offer.Since since => Difference(since),
            _ => null,
        };
    }

    /// <summary>
    /// Time has passed: a revision that changed no entry may now be told, so that a host that connects again can name
    /// it.
    /// </summary>
    /// <returns>Whether there is one to tell.</returns>
    public bool Tick()
    {
        mayAdvance = isBehindInNumber;
        return mayAdvance;
    }

    /// <summary>Whether an acknowledgement counts; one of what the host was told to forget does not.</summary>
    /// <exception cref="ProtocolViolationException">The host cannot have this revision.</exception>
    public bool Takes(long revision)
    {
        if (revision > Math.Max(sent, claimed))
            throw new ProtocolViolationException($"{Partition} is acknowledged at {revision}, but sent up to {sent}");
        return revision <= sent;
    }

    /// <summary>Ends the wait if this is what was waited for.</summary>
    public void Release(long revision)
    {
        if (goneWhenAcknowledged is not { } isGone || revision < awaited)
            return;
        progress.Forget(isGone);
        goneWhenAcknowledged = null;
    }

    private ReadOnlyMemory<byte>? Begin(GoalTable table)
    {
        if (sent > table.Revision)
        {
            // The host has what this store never had, or lost. It takes no lower revision unless it forgets first.
            sent = 0;
            progress.StartOver();
            return new DataplaneMessage { Dropped = new PartitionDropped { Partition = Partition.ToString() } }
                .ToByteArray();
        }
        if (table.Revision == 0)
        {
            WasComplete = true;
            return null;
        }
        pieces = table.Entries.Values.GetEnumerator();
        pieceTable = table;
        if (!pieces.MoveNext())
            pieces = null;
        return NextPiece();
    }

    private byte[] NextPiece()
    {
        var table = pieceTable!;
        var entries = new List<GoalEntry>();
        var bytes = 0;
        while (pieces is not null && (entries.Count == 0 || bytes + pieces.Current.Encoded.Length <= messageBytesMax))
        {
            entries.Add(pieces.Current);
            bytes += pieces.Current.Encoded.Length;
            if (pieces.MoveNext())
                continue;
            pieces.Dispose();
            pieces = null;
        }
        if (pieces is null)
        {
            pieceTable = null;
            Await(table.Revision, key => !table.Entries.ContainsKey(key));
            WasComplete = true;
        }
        return UpdateMessage.Piece(Partition, table.Revision, last: pieces is null, entries);
    }

    private ReadOnlyMemory<byte>? Difference(Offer.Since since)
    {
        if (since.Entries.Count == 0 && !mayAdvance)
        {
            isBehindInNumber = since.Table.Revision > sent;
            WasComplete = true;
            return null;
        }
        if (since.Entries.Count == 0 && since.Table.Revision == sent)
            return null;
        // A difference that takes several messages is sent as a snapshot, which counts only when its last piece is
        // there.
        // It cannot be cut at a revision: an entry that was read after it was written twice no longer says what it was
        // in between, and another dataplane that saw both would not send it again to a host that claims the first.
        if (since.Message is not { } message)
            return Begin(since.Table);
        Await(since.Table.Revision, Removals(since.Entries));
        WasComplete = true;
        return message;
    }

    private void Await(long revision, Func<EntryKey, bool> isGone)
    {
        (sent, awaited, goneWhenAcknowledged) = (revision, revision, isGone);
        (mayAdvance, isBehindInNumber) = (false, false);
        progress.SentTo(revision);
    }

    private static Func<EntryKey, bool> Removals(IReadOnlyList<GoalEntry> entries)
    {
        var removed = entries.Where(entry => entry.Removed).Select(entry => entry.Key).ToHashSet();
        return removed.Contains;
    }
}

/// <summary>A host broke a rule of the protocol. Its session ends; nothing else does.</summary>
internal sealed class ProtocolViolationException(string message) : Exception(message);
