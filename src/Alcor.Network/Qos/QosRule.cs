namespace Alcor.Network.Qos;

/// <summary>One thing that a policy says of traffic.</summary>
/// <param name="Kind">The name of its <see cref="QosRuleKind"/>.</param>
/// <param name="Value">The rate, in the unit of its kind, or the DSCP mark.</param>
/// <param name="Burst">How much may go out at once, in the unit of its kind; 0: as the host chooses.</param>
/// <param name="Direction">Seen from the port; empty for a kind without.</param>
public sealed record QosRule(string Id, string PolicyId, string Kind, int Value, int Burst, string Direction);
