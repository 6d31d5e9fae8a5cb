using Alcor.Kernel.Store;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane.Tests;

/// <summary>A host knows the network ACLs of the subnets that it knows.</summary>
public sealed class NetworkAclInterestTests
{
    private static readonly string Acl1 = PartitionKey.NetworkAcl(Samples.AclId(1)).ToString();
    private static readonly string Acl2 = PartitionKey.NetworkAcl(Samples.AclId(2)).ToString();

    [Fact]
    public void An_acl_comes_with_its_subnet_and_its_rules_as_they_change_and_goes_with_it()
    {
        using var world = new World();
        world.Commit(Samples.PutNetwork(1));
        world.Commit(Samples.Put(Samples.Acl(1)), Samples.Put(Samples.AclRule(10, 1)));
        world.Commit(Samples.Put(Samples.Acl(2)), Samples.Put(Samples.AclRule(20, 2)));
        world.Commit(Samples.PutBound(Samples.Port(5, 1, "host-a")));
        var host = world.Connect("host-a");
        Assert.DoesNotContain(Acl1, host.Partitions.Keys);
        var bounded = Samples.Subnet(1, 1) with { NetworkAclId = Samples.AclId(1) };
        world.Commit(Samples.Put(bounded));
        Assert.Contains(Acl1, host.Partitions.Keys);
        world.AssertConverged(host);
        host.Forget();
        world.Commit(Samples.Put(Samples.AclRule(10, 1) with { Action = "deny" }), Samples.Put(Samples.AclRule(11, 1)));
        var update = Assert.Single(host.Updates);
        Assert.Equal(
            (Acl1, false, 2), (update.Partition, update.Snapshot, update.Entries.Count));
        Assert.All(update.Entries, entry => Assert.Equal(EntryKind.NetworkAclRule, entry.Kind));
        // Another project's rules are not told to those who have nothing to do with them.
        host.Forget();
        world.Commit(Samples.Put(Samples.AclRule(21, 2)));
        Assert.Empty(host.Updates);
        world.Commit(Samples.Put(bounded with { NetworkAclId = Samples.AclId(2) }));
        Assert.Contains(Acl2, host.Partitions.Keys);
        Assert.Equal([Acl1], host.Dropped);
        world.AssertConverged(host);
    }
}
