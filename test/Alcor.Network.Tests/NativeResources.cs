using Alcor.Network.IpAllocations;
using Alcor.Network.MacRanges;
using Alcor.Network.NetworkAcls;

namespace Alcor.Network.Tests;

/// <summary>What only Alcor's own API has, in a region in memory.</summary>
internal static class NativeResources
{
    /// <summary>A resource of each type, but of nodes.</summary>
    /// <param name="network">One that has no subnet like it yet.</param>
    public static async Task OneOfEachNativeAsync(this World world, string network)
    {
        await world.CreateAsync(MacRange.Type, """{"first": "02:00:00:00:00:00", "last": "02:00:00:ff:ff:ff"}""");
        await world.PortAsync(network);
        var subnet = await world.SubnetAsync(network, "10.77.0.0/24");
        await world.CreateAsync(
            IpAllocation.Type, World.PortJson(network, $"\"subnet_id\": \"{subnet}\", \"description\": \"kept\""));
        var acl = (await world.CreateAsync(NetworkAcl.Type, $$"""{"subnet_ids": ["{{subnet}}"]}""")).Value.Id;
        await world.CreateAsync(
            NetworkAclRule.Type,
            $$"""
            {"network_acl_id": "{{acl}}", "number": 1, "direction": "ingress", "action": "allow", "protocol": "icmp",
             "icmp_type": 8, "cidr": "10.0.0.0/8"}
            """);
    }
}
