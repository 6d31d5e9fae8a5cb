using Alcor.GoalState;

namespace Alcor.Dataplane;

/// <summary>What a feed has for a session that holds a revision.</summary>
internal abstract record Offer
{
    /// <summary>Not known yet; the feed tells its followers when it is.</summary>
    public sealed record Pending : Offer
    {
        public static readonly Pending Instance = new();
    }

    /// <summary>Everything: what is held is too old, or nothing is held.</summary>
    public sealed record Whole(GoalTable Table) : Offer;

    /// <summary>What changed since, or nothing at all.</summary>
    /// <param name="Table">What is held afterwards.</param>
    /// <param name="Message">The whole difference as one message, the same for every session; null if it is too
    /// large.</param>
    public sealed record Since(
        long From, GoalTable Table, IReadOnlyList<GoalEntry> Entries, byte[]? Message) : Offer;
}
