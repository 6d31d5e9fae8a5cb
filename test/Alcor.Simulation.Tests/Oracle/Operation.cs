using Alcor.Kernel.Resources;

namespace Alcor.Simulation.Tests;

internal enum OperationState
{
    Running,

    /// <summary>Nobody answered, or the store did not know: it may have taken place, or may still.</summary>
    Unknown,
    Acknowledged,
    Refused,
}

/// <summary>
/// Something that a user asked for. Creations and updates carry its tag as the description, so that each commit of a
/// resource says whose it is.
/// </summary>
/// <param name="ids">The resources that it creates, updates or deletes.</param>
internal sealed class Operation(int number, string type, IReadOnlyList<string> ids, bool isDelete)
{
    public string Tag => TagOf(number);

    public string Type => type;

    public IReadOnlyList<string> Ids => ids;

    public bool IsDelete => isDelete;

    /// <summary>What an update names; null for others.</summary>
    public Body? Body { get; init; }

    /// <summary>If-Match.</summary>
    public long? IfRevision { get; init; }

    public OperationState State { get; set; }

    /// <summary>At which revision it changed each of its resources.</summary>
    public Dictionary<string, long> Commits { get; } = [];

    public bool MayCommit => State is OperationState.Running or OperationState.Unknown;

    public static string TagOf(int number) => $"operation {number}";

    public override string ToString() =>
        $"{Tag}: {(IsDelete ? "delete" : Body is null ? "create" : "update")} {Type} {string.Join(' ', Ids)}";
}
