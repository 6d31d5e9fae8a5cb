namespace Alcor.Policy;

/// <summary>What is wrong with a policy file, for its author.</summary>
/// <param name="File">As it was named when it was given.</param>
/// <param name="Rule">The rule; empty when it is about the file.</param>
/// <param name="Reason">Names the place within the rule, or the line of the file.</param>
public sealed record PolicyError(string File, string Rule, string Reason)
{
    public override string ToString() => Rule.Length == 0 ? $"{File}: {Reason}" : $"{File}: rule {Rule}: {Reason}";
}
