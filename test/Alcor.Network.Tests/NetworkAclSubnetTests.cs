using Alcor.Kernel.Store;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

/// <summary>A subnet knows its ACL, whichever way it came to it and lost it.</summary>
public sealed class NetworkAclSubnetTests
{
    private readonly World world = new();

    [Fact]
    public async Task A_subnet_names_the_acl_that_it_was_associated_with_from_the_same_commit_on()
    {
        var (one, two, three) = (await SubnetAsync(), await SubnetAsync(), await SubnetAsync());
        var acl = await AclAsync(one, two);
        Assert.Equal($"{acl} {acl} none", await AclsOfAsync(one, two, three));
        await world.UpdateAsync(NetworkAcl.Type, acl, $$"""{"subnet_ids": ["{{two}}", "{{three}}"]}""");
        Assert.Equal($"none {acl} {acl}", await AclsOfAsync(one, two, three));
        await world.UpdateAsync(NetworkAcl.Type, acl, """{"name": "web"}""");
        Assert.Equal($"none {acl} {acl}", await AclsOfAsync(one, two, three));
        Assert.Null((await world.DeleteAsync(NetworkAcl.Type, acl)).Error);
        Assert.Equal("none none none", await AclsOfAsync(one, two, three));
    }

    [Fact]
    public async Task Subnets_of_one_request_name_the_acl_that_each_got()
    {
        var (one, two) = (await SubnetAsync(), await SubnetAsync());
        Assert.Null((await world.TryCreateAsync(
            NetworkAcl.Type, $$"""{"subnet_ids": ["{{one}}"]}""", $$"""{"subnet_ids": ["{{two}}"]}""")).Error);
        var acls = (await AclsOfAsync(one, two)).Split(' ');
        Assert.NotEqual(acls[0], acls[1]);
        foreach (var (subnet, acl) in new[] { (one, acls[0]), (two, acls[1]) })
            Assert.Equal([subnet], (await world.FindAsync(NetworkAcl.Type, acl))!.Value.Value.SubnetIds);
    }

    [Fact]
    public async Task A_change_of_the_subnet_keeps_its_acl_and_its_end_ends_nothing_else()
    {
        var (one, two) = (await SubnetAsync(), await SubnetAsync());
        var acl = await AclAsync(one, two);
        await world.UpdateAsync(Subnet.Type, one, """{"name": "inner", "enable_dhcp": false}""");
        Assert.Equal($"{acl} {acl}", await AclsOfAsync(one, two));
        Assert.Null((await world.DeleteAsync(Subnet.Type, one)).Error);
        Assert.Equal(acl, await AclsOfAsync(two));
    }

    [Fact]
    public async Task A_subnet_that_an_earlier_version_associated_is_told_when_the_acl_names_it_again()
    {
        var subnet = await SubnetAsync();
        var acl = await AclAsync(subnet);
        var earlier = (await world.FindAsync(Subnet.Type, subnet))!.Value;
        var forgot = new Kernel.Resources.Decision()
            .Update(Subnet.Type, earlier.Value with { NetworkAclId = null }, earlier);
        Assert.Null(await world.CommitAsync(forgot.ToTransaction(_ => null)));
        await world.UpdateAsync(NetworkAcl.Type, acl, $$"""{"subnet_ids": ["{{subnet}}"]}""");
        Assert.Equal(acl, await AclsOfAsync(subnet));
    }

    [Fact]
    public async Task A_subnet_that_changes_while_it_is_associated_is_not_forgotten()
    {
        var subnet = await SubnetAsync();
        var decision = await world.DecideAsync(NetworkAcl.Type, $$"""{"subnet_ids": ["{{subnet}}"]}""");
        await world.UpdateAsync(Subnet.Type, subnet, """{"name": "inner"}""");
        Assert.IsType<Refusal.RevisionDiffers>(await world.CommitAsync(decision));
    }

    private async Task<string> AclAsync(params string[] subnets) => (await world.CreateAsync(
        NetworkAcl.Type, $$"""{"subnet_ids": [{{string.Join(", ", subnets.Select(id => $"\"{id}\""))}}]}""")).Value.Id;

    private async Task<string> AclsOfAsync(params string[] subnets)
    {
        var acls = new List<string>();
        foreach (var id in subnets)
            acls.Add((await world.FindAsync(Subnet.Type, id))!.Value.Value.NetworkAclId ?? "none");
        return string.Join(' ', acls);
    }

    private async Task<string> SubnetAsync() => await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
}
