using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

/// <summary>Changes what a rule matches, what it does then, or its place; not its direction.</summary>
internal sealed record UpdateNetworkAclRule(NetworkAclRule Current, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.NetworkAcl(Current.NetworkAclId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(NetworkAclRule.Type, Current.Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var rule = found.Value.Value;
        var changed = NetworkAclRulePlan.Change(rule, Change.Body, context.Now);
        if (changed.Error is { } wrong)
            return wrong;
        return changed.Value.Number != rule.Number && NetworkAclRulePlan.IsNumberTaken(changed.Value, snapshot)
            ? NetworkAclErrors.NumberInUse(changed.Value)
            : new Decision().Update(NetworkAclRule.Type, changed.Value, found.Value).AndAnswer();
    }
}
