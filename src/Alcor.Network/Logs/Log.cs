using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.SecurityGroups;

namespace Alcor.Network.Logs;

/// <summary>
/// Asks for a record of what security groups let through and what not. Stored; hosts do not write any yet.
/// </summary>
/// <param name="ResourceType">What decides over the packets: <see cref="LogAttributes.Loggable"/>.</param>
/// <param name="ResourceId">The one security group that is meant; null: all.</param>
/// <param name="TargetId">The one port that is meant; null: all.</param>
/// <param name="Event">What became of the packets that are meant: ACCEPT, DROP or ALL.</param>
public sealed record Log(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    string ResourceType,
    string? ResourceId,
    string? TargetId,
    string Event,
    bool Enabled,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<Log> Type = new("log", "logs")
    {
        Json = NetworkJson.Default.Log,
        Id = log => log.Id,
        Partition = log => PartitionOf(log.Id),
        References = ReferencesOf,
        IndexedBy = [("name", log => [log.Name])],
        ListedByReference = [("resource_id", "security_group"), ("target_id", "port")],
        VisibleTo = log => [log.ProjectId],
        Attributes = LogAttributes.All,
        Api = new ApiNames("log/logs", "log", "logs") { NotFound = LogErrors.NotFound },
    };

    public static PartitionKey PartitionOf(string id) => new("log", id);

    private static IEnumerable<ResourceKey> ReferencesOf(Log log)
    {
        if (log.ResourceId is { } group)
            yield return SecurityGroup.Type.Key(group);
        if (log.TargetId is { } port)
            yield return Port.Type.Key(port);
    }
}

internal static class LogEnds
{
    /// <summary>The logs of a security group or of a port end with it.</summary>
    public static Decision DeleteLogsOf(this Decision decision, ResourceKey key, DecideContext context)
    {
        foreach (var log in context.Referrers(key, Log.Type))
            decision.Delete(Log.Type, log);
        return decision;
    }
}
