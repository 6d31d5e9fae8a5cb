using System.Collections.Immutable;
using Alcor.Network.Ports;

namespace Alcor.Reachability.Tests;

/// <summary>What becomes of a packet.</summary>
/// <param name="Arrivals">Who must receive it, and as what; nobody else may.</param>
/// <param name="Reasons">Why others do not, in words.</param>
/// <param name="After">The conversations that there are afterwards.</param>
internal sealed record Verdict(
    ImmutableArray<Arrival> Arrivals, ImmutableArray<string> Reasons, Conversations After)
{
    /// <summary>What passes then goes by sequence numbers, which are not looked at here.</summary>
    public const string Unclear = "two ends begin at once";

    public bool IsUnclear => Reasons.Contains(Unclear);

    public static Verdict Nowhere(string reason, Conversations after) => new([], [reason], after);

    public override string ToString() => string.Join("; ", Arrivals.Select(one => $"{one}").Concat(Reasons));
}

/// <summary>A packet at the port that receives it.</summary>
internal sealed record Arrival(Port Port, Probe Probe)
{
    public override string ToString() => $"{Port.Name} receives {Probe}";
}
