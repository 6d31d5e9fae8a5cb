using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

/// <summary>Its rules end with it, and its subnets have none any more.</summary>
internal sealed record DeleteNetworkAcl(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.NetworkAcl(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(NetworkAcl.Type, Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var decision = new Decision().Dissociate(found.Value.Value.SubnetIds, context);
        foreach (var rule in snapshot.All(NetworkAclRule.Type))
            decision.Delete(NetworkAclRule.Type, snapshot.Find(NetworkAclRule.Type, rule.Id)!.Value);
        return decision.Delete(NetworkAcl.Type, found.Value).AndAnswer();
    }
}
