using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.SecurityGroups;

namespace Alcor.Network.Logs;

internal sealed record CreateLogs(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => Log.PartitionOf(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        for (var i = 0; i < Items.Count; i++)
        {
            var log = Build(Items[i], context.Now);
            if (Check(log, Items[i].Caller, context) is { } error)
                return Items.Count == 1 ? error : error.OfItem(i, Log.Type.Collection);
            decision.Create(Log.Type, log).AndAnswer();
        }
        return decision;
    }

    private static Log Build(NewResource item, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(LogAttributes.Name),
            item.Body.Get(LogAttributes.Description),
            item.Body.Get(LogAttributes.ResourceType),
            item.Body.Get(LogAttributes.ResourceId),
            item.Body.Get(LogAttributes.TargetId),
            item.Body.Get(LogAttributes.Event),
            item.Body.Get(LogAttributes.Enabled),
            now,
            now);

    private static ApiError? Check(Log log, Caller caller, DecideContext context)
    {
        if (!LogAttributes.Loggable.Contains(log.ResourceType))
            return LogErrors.InvalidType(log.ResourceType);
        if (log.ResourceId is { } groupId
            && (context.Read(SecurityGroup.Type, groupId) is not { } group
                || !caller.Sees(SecurityGroup.Type, group.Value)))
            return LogErrors.ResourceNotFound(groupId);
        if (log.TargetId is not { } portId)
            return null;
        if (context.Read(Port.Type, portId) is not { } port || !caller.Sees(Port.Type, port.Value))
            return LogErrors.TargetNotFound(portId);
        if (port.Value.VnicType != "normal")
            return LogErrors.TypeNotSupported(log.ResourceType, portId);
        return log.ResourceId is { } named && !port.Value.SecurityGroups.OrEmpty().Contains(named)
            ? LogErrors.NotInGroup(named, portId)
            : null;
    }
}
