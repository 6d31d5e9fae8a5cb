using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

/// <summary>Creates network ACLs without rules, which let nothing through.</summary>
internal sealed record CreateNetworkAcls(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.NetworkAcl(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var taken = new Dictionary<string, string>();
        for (var i = 0; i < Items.Count; i++)
        {
            var body = Items[i].Body;
            var acl = new NetworkAcl(
                Items[i].Id,
                Items[i].ProjectId,
                body.Get(NetworkAclAttributes.Name),
                body.Get(NetworkAclAttributes.Description),
                body.Get(NetworkAclAttributes.SubnetIds),
                context.Now,
                context.Now);
            var error = Association.Check(acl, acl.SubnetIds, Items[i].Caller, context);
            foreach (var subnet in acl.SubnetIds)
            {
                if (error is null && !taken.TryAdd(subnet, acl.Id))
                    error = NetworkAclErrors.SubnetHasAnother(subnet, taken[subnet]);
            }
            if (error is not null)
                return Items.Count == 1 ? error : error.OfItem(i, NetworkAcl.Type.Collection);
            decision.Create(NetworkAcl.Type, acl).AndAnswer().Associate(acl, acl.SubnetIds, context);
        }
        return decision;
    }
}
