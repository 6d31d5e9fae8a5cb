namespace Alcor.Kernel.Resources;

/// <summary>
/// Commands that are decided one after the other, each on what the ones before it will leave behind, and become one
/// decision: all of it happens in one commit, or nothing.
/// </summary>
public sealed class Composition
{
    private readonly DecideContext after;

    /// <param name="lane">What the command is decided on that consists of the others.</param>
    public Composition(Snapshot lane, DecideContext context) => after = context.After(Decision, lane);

    /// <summary>What is decided so far, without an answer.</summary>
    public Decision Decision { get; } = new();

    /// <summary>Adds what a command changes, or gives the error with which it refuses.</summary>
    public ApiError? Add(ICommand command)
    {
        var next = command.Decide(after.Partition(command.Lane), after);
        if (next.Error is { } error)
            return error;
        Decision.Append(next.Value);
        return null;
    }
}
