using System.Collections.Frozen;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.AddressGroups;
using Alcor.Network.FloatingIps;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Subnets;
using Alcor.Protocol.V1;

namespace Alcor.GoalState;

/// <summary>
/// What hosts must know of a resource. One resource says at most one thing at a time, which follows from its own value
/// alone: no joins. Under which keys it may say it follows from its own key, and so does what its end takes away. So a
/// change of a partition is projected change by change, in any order.
/// </summary>
public static class Projection
{
    private static readonly FrozenDictionary<string, EntryKind[]> Kinds = new Dictionary<string, EntryKind[]>
    {
        [Network.Networks.Network.Type.Name] = [EntryKind.Network],
        [Subnet.Type.Name] = [EntryKind.Subnet],
        // Whose it is may change.
        [Port.Type.Name] = [EntryKind.Neighbor, EntryKind.RouterPort],
        [Binding.Type.Name] = [EntryKind.Port, EntryKind.RouterGateway],
        [SecurityGroup.Type.Name] = [EntryKind.SecurityGroup],
        [SecurityGroupRule.Type.Name] = [EntryKind.SecurityGroupRule],
        [SecurityGroupMember.Type.Name] = [EntryKind.SecurityGroupMember],
        [AddressGroup.Type.Name] = [EntryKind.AddressGroup],
        [QosPolicy.Type.Name] = [EntryKind.QosPolicy],
        [Router.Type.Name] = [EntryKind.Router],
        [NetworkAcl.Type.Name] = [EntryKind.NetworkAcl],
        [NetworkAclRule.Type.Name] = [EntryKind.NetworkAclRule],
        [RoutedFloatingIp.Type.Name] = [EntryKind.FloatingIp],
        [RoutedPortForwarding.Type.Name] = [EntryKind.PortForwarding],
    }.ToFrozenDictionary();

    /// <summary>What a changed resource says now; null: it says nothing to hosts, or has ended.</summary>
    public static GoalEntry? Of(Change change, Catalog catalog) =>
        change.Resource is { } resource
            ? Of(catalog[resource.Key.Type].Decode(resource.Value), resource.Revision)
            : null;

    /// <summary>What a resource says, under one of <see cref="KeysOf"/> its key; null: nothing.</summary>
    /// <param name="resource">A decoded resource of the catalog.</param>
    public static GoalEntry? Of(object resource, long revision) => resource switch
    {
        Network.Networks.Network network => NetworkProjection.Of(network, revision),
        Subnet subnet => NetworkProjection.Of(subnet, revision),
        Port port => PortProjection.Of(port, revision),
        Binding binding => PortProjection.Of(binding, revision),
        SecurityGroup group => SecurityProjection.Of(group, revision),
        SecurityGroupRule rule => SecurityProjection.Of(rule, revision),
        SecurityGroupMember member => SecurityProjection.Of(member, revision),
        AddressGroup group => SecurityProjection.Of(group, revision),
        QosPolicy policy => QosProjection.Of(policy, revision),
        NetworkAcl acl => NetworkAclProjection.Of(acl, revision),
        NetworkAclRule rule => NetworkAclProjection.Of(rule, revision),
        Router router => RouterProjection.Of(router, revision),
        RoutedFloatingIp ip => FloatingIpProjection.Of(ip, revision),
        RoutedPortForwarding forwarding => FloatingIpProjection.Of(forwarding, revision),
        _ => null,
    };

    /// <summary>The keys of all that a resource may ever say.</summary>
    /// <remarks>
    /// The id of what follows from a port begins with the port's, and an @ that no UUID has: <c>port@host</c>.
    /// </remarks>
    public static IEnumerable<EntryKey> KeysOf(ResourceKey key) =>
        Kinds.TryGetValue(key.Type, out var kinds)
            ? kinds.Select(kind => EntryKey.Parse(kind, key.Id.Split('@', 2)[0]))
            : [];

    /// <summary>
    /// All that a change tells somebody of whom it is not known what he knew: what the resource says now, and that it
    /// says nothing else.
    /// </summary>
    public static IEnumerable<GoalEntry> Whole(Change change, Catalog catalog)
    {
        var present = Of(change, catalog);
        return KeysOf(change.Key)
            .Select(key => present?.Key == key ? present : GoalEntry.Absent(key, change.Revision));
    }
}
