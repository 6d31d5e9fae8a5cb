using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Logs;

/// <summary>What the Networking API can ask of logs.</summary>
public sealed class LogCommands : IResourceCommands
{
    public IResourceType Type => Log.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateLogs(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateLog(((Log)current.Value).Id, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteLog(((Log)current.Value).Id, change.IfRevision);
}

internal sealed record UpdateLog(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => Log.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Log.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var log = found.Value.Value;
        var updated = log with
        {
            Name = Change.Body.Get(LogAttributes.Name, log.Name),
            Description = Change.Body.Get(LogAttributes.Description, log.Description),
            Enabled = Change.Body.Get(LogAttributes.Enabled, log.Enabled),
            UpdatedAt = context.Now,
        };
        return new Decision().Update(Log.Type, updated, found.Value).AndAnswer();
    }
}

internal sealed record DeleteLog(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => Log.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Delete(Log.Type, Id, IfRevision);
}
