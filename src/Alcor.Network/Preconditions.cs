using Alcor.Kernel.Resources;

namespace Alcor.Network;

internal static class Preconditions
{
    /// <summary>
    /// The resource as the snapshot has it, unless it is gone (404) or not at the revision named by If-Match (412).
    /// </summary>
    public static Result<Stamped<T>> Find<T>(this Snapshot snapshot, ResourceType<T> type, string id, long? ifRevision)
        where T : class
    {
        if (snapshot.Find(type, id) is not { } found)
            return type.Api.NotFound(id);
        return ifRevision is { } expected && expected != found.Revision
            ? Errors.RevisionNumberConstraintFailed(id, expected)
            : found;
    }
}
