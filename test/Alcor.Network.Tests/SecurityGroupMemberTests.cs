using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.SecurityGroups;

namespace Alcor.Network.Tests;

/// <summary>What the partition of a group says of the ports in it, and that of a host of the ports on it.</summary>
public sealed class SecurityGroupMemberTests
{
    private const string OnAlpha = "\"binding:host_id\": \"alpha\"";
    private readonly World world = new();

    [Fact]
    public async Task A_port_is_in_its_groups_with_its_addresses_and_its_allowed_ones()
    {
        var network = await DualAsync();
        var group = await GroupAsync("first");
        var port = await world.PortAsync(
            network, GroupsJson(group) + """, "allowed_address_pairs": [{"ip_address": "10.9.9.9/16"}]""");
        var member = Assert.Single(await MembersAsync(group));
        Assert.Equal(port.Value.FixedIps.Select(ip => ip.IpAddress), member.Addresses);
        Assert.Equal(2, member.Addresses.Length);
        Assert.Equal(["10.9.0.0/16"], member.Blocks.Select(block => block.ToString()));
    }

    [Fact]
    public async Task A_port_that_names_no_group_is_in_the_default_one_of_its_project()
    {
        var port = await world.PortAsync(await DualAsync());
        var member = Assert.Single(await MembersAsync(DefaultSecurityGroup.IdOf("project")));
        Assert.Equal(port.Value.Id, member.PortId);
    }

    [Fact]
    public async Task A_port_without_groups_or_without_addresses_is_nowhere_and_writes_nothing_more()
    {
        var network = await DualAsync();
        var group = await GroupAsync("first");
        string[] bodies = ["\"security_groups\": []", GroupsJson(group) + ", \"fixed_ips\": []"];
        foreach (var body in bodies)
        {
            var creation = await world.DecideAsync(Port.Type, World.PortJson(network, body));
            Assert.Equal([Port.Type.Name], creation.Writes.Select(write => write.Key.Type));
        }
    }

    [Fact]
    public async Task A_port_follows_its_groups_and_addresses_and_leaves_with_its_end()
    {
        var network = await DualAsync();
        var (first, second) = (await GroupAsync("first"), await GroupAsync("second"));
        var port = (await world.PortAsync(network, GroupsJson(first))).Value.Id;
        await world.UpdateAsync(Port.Type, port, $"{{{GroupsJson(first, second)}}}");
        Assert.Single(await MembersAsync(first));
        Assert.Single(await MembersAsync(second));
        await world.UpdateAsync(Port.Type, port, """{"fixed_ips": [{"ip_address": "10.0.0.77"}]}""");
        foreach (var group in new[] { first, second })
            Assert.Equal("10.0.0.77", Assert.Single(await MembersAsync(group)).Addresses.Single().ToString());
        await world.UpdateAsync(Port.Type, port, $"{{{GroupsJson(second)}}}");
        Assert.Empty(await MembersAsync(first));
        await world.DeleteAsync(Port.Type, port);
        Assert.Empty(await MembersAsync(second));
        Assert.Null((await world.DeleteAsync(SecurityGroup.Type, second)).Error);
    }

    [Fact]
    public async Task A_port_that_a_router_has_taken_loses_addresses_with_its_subnets_in_its_groups_too()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        var subnet = await world.SubnetAsync(network, "fd00::/64");
        var group = await GroupAsync("first");
        var port = (await world.PortAsync(network, GroupsJson(group))).Value;
        var router = await world.RouterAsync();
        Assert.Null((await world.TryAddInterfaceAsync(router, $$"""{"port_id": "{{port.Id}}"}""")).Error);
        Assert.Equal(2, Assert.Single(await MembersAsync(group)).Addresses.Length);
        await world.RemoveInterfaceAsync(router, subnet);
        Assert.Single(Assert.Single(await MembersAsync(group)).Addresses);
    }

    [Fact]
    public async Task What_a_group_does_not_see_of_a_port_is_not_written_to_it()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var network = await DualAsync();
        var group = await GroupAsync("first");
        var port = (await world.PortAsync(network, GroupsJson(group))).Value.Id;
        var before = await RevisionAsync(group);
        await world.UpdateAsync(Port.Type, port, $"{{{OnAlpha}}}");
        await world.UpdateAsync(Port.Type, port, """{"name": "n", "admin_state_up": false}""");
        Assert.Equal(before, await RevisionAsync(group));
        await world.UpdateAsync(
            Port.Type, port, """{"allowed_address_pairs": [{"ip_address": "10.9.9.9"}]}""");
        Assert.Equal(before + 1, await RevisionAsync(group));
    }

    [Fact]
    public async Task What_the_host_must_know_of_a_ports_protection_is_another_generation()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var port = await world.PortAsync(await DualAsync(), OnAlpha);
        var group = await GroupAsync("first");
        string[] changes =
        [
            GroupsJson(group), "\"allowed_address_pairs\": [{\"ip_address\": \"10.9.9.9\"}]",
            "\"allowed_address_pairs\": []", GroupsJson(), "\"port_security_enabled\": false",
        ];
        foreach (var change in changes)
        {
            var changed = await world.UpdateAsync(Port.Type, port.Value.Id, $"{{{change}}}");
            Assert.Equal(port.Value.Generation + 1, changed.Value.Generation);
            Assert.Equal(PortStatus.Build, changed.Value.Status);
            var binding = (await world.FindAsync(Binding.Type, $"{port.Value.Id}@alpha"))!.Value.Value;
            Assert.Equal(changed.Value.Generation, binding.Generation);
            Assert.Equal(changed.Value.IsUnprotected, binding.IsUnprotected);
            Assert.Equal(changed.Value.SecurityGroups.OrEmpty(), binding.SecurityGroups.OrEmpty());
            Assert.Equal(AllowedAddress.Of(changed.Value), binding.AllowedAddresses.OrEmpty());
            port = changed;
        }
    }

    [Fact]
    public async Task Ports_of_two_networks_that_are_created_at_once_come_into_one_group_without_a_collision()
    {
        var (one, other) = (await world.NetworkAsync(), await world.NetworkAsync());
        await world.SubnetAsync(one, "10.0.1.0/24");
        await world.SubnetAsync(other, "10.0.2.0/24");
        var group = await GroupAsync("first");
        await world.PortAsync(one, GroupsJson(group));
        Transaction[] creations =
        [
            await world.DecideAsync(Port.Type, World.PortJson(one, GroupsJson(group))),
            await world.DecideAsync(Port.Type, World.PortJson(other, GroupsJson(group))),
        ];
        foreach (var creation in creations)
            Assert.Null(await world.CommitAsync(creation));
        Assert.Equal(3, (await MembersAsync(group)).Count);
        var rule = await world.TryCreateAsync(
            SecurityGroupRule.Type,
            $$"""{"security_group_id": "{{group}}", "direction": "ingress", "remote_group_id": "{{group}}"}""");
        Assert.Null(rule.Error);
    }

    [Fact]
    public async Task What_an_earlier_version_wrote_of_a_port_is_written_anew_when_its_host_comes_back()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var network = await DualAsync();
        var group = await GroupAsync("first");
        var port = (await world.PortAsync(network, $"{OnAlpha}, {GroupsJson(group)}")).Value;
        var earlier = new Binding(
            port.Id, network, "alpha", port.AdminStateUp, port.MacAddress, port.FixedIps, port.Generation);
        var member = SecurityGroupMember.Type.ToWrite(SecurityGroupMember.AllOf(port).Single());
        Assert.Null(await world.CommitAsync(new Transaction(
            [Binding.Type.ToWrite(earlier), Write.Tombstone(member.Key, member.Partition)], [])));
        Assert.Empty(await MembersAsync(group));
        await world.RunAsync(new RefreshBindings(network, "alpha"));
        Assert.Single(await MembersAsync(group));
        var binding = (await world.FindAsync(Binding.Type, $"{port.Id}@alpha"))!.Value;
        Assert.Equal([group], binding.Value.SecurityGroups);
        await world.RunAsync(new RefreshBindings(network, "alpha"));
        Assert.Equal(binding.Revision, (await world.FindAsync(Binding.Type, $"{port.Id}@alpha"))!.Value.Revision);
    }

    [Fact]
    public async Task The_end_of_a_port_of_an_earlier_version_takes_nothing_that_is_not_there()
    {
        var group = await GroupAsync("first");
        var port = (await world.PortAsync(await DualAsync(), GroupsJson(group))).Value;
        var member = SecurityGroupMember.Type.ToWrite(SecurityGroupMember.AllOf(port).Single());
        Assert.Null(await world.CommitAsync(new Transaction([Write.Tombstone(member.Key, member.Partition)], [])));
        Assert.Null((await world.DeleteAsync(Port.Type, port.Id)).Error);
        Assert.Empty(await MembersAsync(group));
    }

    private async Task<string> DualAsync()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        await world.SubnetAsync(network, "fd00::/64");
        return network;
    }

    private async Task<string> GroupAsync(string name) =>
        (await world.CreateAsync(SecurityGroup.Type, $$"""{"name": "{{name}}"}""")).Value.Id;

    private static string GroupsJson(params IEnumerable<string> groups) =>
        $"\"security_groups\": [{string.Join(", ", groups.Select(group => $"\"{group}\""))}]";

    private async Task<long> RevisionAsync(string group) =>
        (await SnapshotAsync(group)).Revision;

    private async Task<List<SecurityGroupMember>> MembersAsync(string group) =>
        [.. (await SnapshotAsync(group)).All(SecurityGroupMember.Type)];

    private async Task<Snapshot> SnapshotAsync(string group) =>
        await NetworkCatalog.Types.LoadAsync(world.Store, PartitionKey.SecurityGroup(group));
}
