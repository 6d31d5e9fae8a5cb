using Alcor.Kernel.Resources;

namespace Alcor.Network;

internal static class Preconditions
{
    /// <summary>
    /// The resource as the snapshot has it, unless it is gone (404) or not at the revision named by If-Match (412).
    /// </summary>
    public static Result<Stamped<T>> Find<T>(this Snapshot snapshot, ResourceType<T> type, string id, long? ifRevision)
        where T : class => snapshot.Find(type, id).Unless(type, id, ifRevision);

    /// <summary>Deletes it, if it is there and at the revision named by If-Match, and answers what it was.</summary>
    public static Result<Decision> Delete<T>(this Snapshot snapshot, ResourceType<T> type, string id, long? ifRevision)
        where T : class
    {
        var found = snapshot.Find(type, id, ifRevision);
        return found.Error is { } error ? error : new Decision().Delete(type, found.Value).AndAnswer();
    }

    /// <summary>What was found, unless there is nothing (404) or it is at another revision (412).</summary>
    public static Result<Stamped<T>> Unless<T>(
        this Stamped<T>? read, ResourceType<T> type, string id, long? ifRevision)
        where T : class
    {
        if (read is not { } found)
            return type.Api.NotFound(id);
        return ifRevision is { } expected && expected != found.Revision
            ? Errors.RevisionNumberConstraintFailed(id, expected)
            : found;
    }

    /// <summary>Whether a resource that a request names is there for who asks.</summary>
    public static bool Sees<T>(this Caller caller, ResourceType<T> type, T resource)
        where T : class => caller.IsAdmin || type.IsVisible(resource, caller.ProjectId);
}
