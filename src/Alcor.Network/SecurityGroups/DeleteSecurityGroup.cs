using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Logs;
using Alcor.Network.Ports;
using Alcor.Network.Sharing;

namespace Alcor.Network.SecurityGroups;

/// <summary>
/// Deletes a group that no port is in, with its rules, and with those of other groups that name it: they allow nothing
/// any more.
/// </summary>
internal sealed record DeleteSecurityGroup(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.SecurityGroup(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(SecurityGroup.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var key = SecurityGroup.Type.Key(Id);
        if (context.Referrers(key, Port.Type, limit: 1).Count > 0)
            return SecurityGroupErrors.InUse(Id);
        if (found.Value.Value.IsDefault && !Change.Caller.IsAdmin)
            return SecurityGroupErrors.CannotRemoveDefault;
        var decision = new Decision().Delete(SecurityGroup.Type, found.Value).AndAnswer().DeleteShares(snapshot, key);
        foreach (var rule in snapshot.All(SecurityGroupRule.Type))
            decision.Delete(SecurityGroupRule.Type, snapshot.Find(SecurityGroupRule.Type, rule.Id)!.Value);
        foreach (var rule in context.Referrers(key, SecurityGroupRule.Type))
        {
            if (rule.Value.SecurityGroupId != Id)
                decision.Delete(SecurityGroupRule.Type, rule);
        }
        return decision.DeleteLogsOf(key, context);
    }
}
