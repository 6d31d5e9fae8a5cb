using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.SecurityGroups;

/// <summary>
/// The addresses of a port that is in a security group, in the partition of that group: whom its rules and those of
/// others mean that name the group. Follows wholly from the port.
/// </summary>
/// <param name="Addresses">The port's own, of both versions of IP.</param>
public sealed record SecurityGroupMember(string PortId, string GroupId, ImmutableArray<IPAddress> Addresses)
{
    public static readonly ResourceType<SecurityGroupMember> Type =
        new("security_group_member", "security_group_members")
        {
            Json = NetworkJson.Default.SecurityGroupMember,
            Id = member => $"{member.PortId}@{member.GroupId}",
            Partition = member => PartitionKey.SecurityGroup(member.GroupId),
        };

    /// <summary>What its allowed address pairs add, as in Neutron; absent: nothing.</summary>
    public ImmutableArray<IPNetwork> Blocks { get; init; }

    /// <summary>One for each group of a port; none while it has no addresses.</summary>
    public static ImmutableArray<SecurityGroupMember> AllOf(Port port)
    {
        if (port.SecurityGroups.IsDefaultOrEmpty || (port.FixedIps.IsEmpty && port.AddressPairs.IsDefaultOrEmpty))
            return [];
        var addresses = port.FixedIps.Select(ip => ip.IpAddress).ToImmutableArray();
        var blocks = AllowedAddress.Of(port).Select(allowed => allowed.Block).Distinct().ToImmutableArray().OrAbsent();
        return
        [
            .. port.SecurityGroups
                .Select(group => new SecurityGroupMember(port.Id, group, addresses) { Blocks = blocks }),
        ];
    }

    /// <summary>Whether two states of a port have the same addresses in whatever groups they are.</summary>
    public static bool HaveSameAddresses(Port left, Port right) =>
        left.FixedIps.SequenceEqual(right.FixedIps)
        && left.IsUnprotected == right.IsUnprotected
        && left.AddressPairs.OrEmpty().SequenceEqual(right.AddressPairs.OrEmpty());
}
