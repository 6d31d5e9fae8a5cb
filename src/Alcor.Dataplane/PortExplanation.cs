using System.Collections.Immutable;
using Alcor.Kernel.Store;

namespace Alcor.Dataplane;

/// <summary>How far a port is on its way to its host.</summary>
/// <param name="Host">The host that it is bound to; empty: none.</param>
/// <param name="Reason">Why it is not ACTIVE; empty when it is.</param>
public sealed record PortExplanation(string PortId, string Status, string Host, string Reason)
{
    /// <summary>The host's own partition, which says what is bound to it; null: nothing leads the port there.</summary>
    public PartitionLag? HostPartition { get; init; }

    /// <summary>That of its network, which says where its neighbours are; null: no host has to know it.</summary>
    public PartitionLag? NetworkPartition { get; init; }

    /// <summary>
    /// What the host said last of why it did not apply the port, or what it says of its network or its security groups;
    /// null: nothing since it connected.
    /// </summary>
    public Nack? LastNack { get; init; }

    /// <summary>The stages of the last change of it that its host must know, in order.</summary>
    public ImmutableArray<PortStage> Stages { get; init; } = [];
}

/// <summary>How far a host is with a partition.</summary>
/// <param name="Wanted">The revision that says of the port what it is now.</param>
/// <param name="Sent">The revision that the host was last sent, or said that it holds; 0: nothing.</param>
/// <param name="Acknowledged">The revision that it last acknowledged since it connected; 0: none.</param>
public sealed record PartitionLag(PartitionKey Partition, long Wanted, long Sent, long Acknowledged);

/// <param name="IsResolved">Whether the host has applied the entry since.</param>
public sealed record Nack(PartitionKey Partition, EntryProblem Problem, bool IsResolved);

/// <summary>A step of a port on its way, and when it took place as far as this process knows.</summary>
/// <param name="Name">One of <see cref="PortStages"/>.</param>
/// <param name="At">UTC; null: not yet, or not known.</param>
/// <param name="Reason">Why there is no time; empty when there is one.</param>
public readonly record struct PortStage(string Name, DateTimeOffset? At, string Reason);

/// <summary>The names of the stages.</summary>
public static class PortStages
{
    /// <summary>The store has the change.</summary>
    public const string Committed = "committed";

    /// <summary>It was given to the connection of the host.</summary>
    public const string Sent = "sent";

    /// <summary>The host said for the first time that it has taken it, applied or not.</summary>
    public const string Acknowledged = "acknowledged";

    /// <summary>It was written down that the switch has the port as it is.</summary>
    public const string Active = "active";
}
