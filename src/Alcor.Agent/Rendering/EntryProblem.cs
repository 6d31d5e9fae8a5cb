namespace Alcor.Agent.Rendering;

/// <summary>Why an entry is not applied.</summary>
/// <param name="IsFailure">False: nothing is wrong, something is only not there yet.</param>
public sealed record EntryProblem(bool IsFailure, string Reason)
{
    public static EntryProblem Waiting(string reason) => new(IsFailure: false, reason);

    public static EntryProblem Failed(string reason) => new(IsFailure: true, reason);
}
