using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Sharing;

namespace Alcor.Network.AddressGroups;

internal sealed record DeleteAddressGroup(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.AddressGroup(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var key = AddressGroup.Type.Key(Id);
        var rules = context.Referrers(key, SecurityGroupRule.Type, limit: 1);
        if (rules.Count > 0)
            return AddressGroup.Type.Api.InUse(Id, SecurityGroupRule.Type.Key(rules[0].Value.Id));
        var found = snapshot.Find(AddressGroup.Type, Id, IfRevision);
        return found.Error is { } missing
            ? missing
            : new Decision().Delete(AddressGroup.Type, found.Value).AndAnswer().DeleteShares(snapshot, key);
    }
}
