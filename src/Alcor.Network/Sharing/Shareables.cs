using Alcor.Kernel.Store;
using Alcor.Network.AddressGroups;
using Alcor.Network.AddressScopes;
using Alcor.Network.FloatingIps;
using Alcor.Network.Networks;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.SubnetPools;
using Alcor.Network.Subnets;

namespace Alcor.Network.Sharing;

/// <summary>Names every resource type that can be shared.</summary>
public static class Shareables
{
    public static readonly IReadOnlyList<IShareable> All =
    [
        new Shareable<Networks.Network>(Networks.Network.Type)
        {
            Actions = [ShareAction.AsShared, ShareAction.AsExternal],
            Owner = network => network.ProjectId,
            Shares = network => network.Shares,
            WithShares = NetworkShares.With,
            Follow = (decision, network, context) =>
                decision.ShareSubnets(network, context.Partition(PartitionKey.Network(network.Id))),
            UsedBy = [Port.Type],
            IsEndStrict = false,
            NeededFor = NetworkShares.FindReasonFor,
        },
        new Shareable<SubnetPool>(SubnetPool.Type)
        {
            Owner = pool => pool.ProjectId,
            Shares = pool => pool.Shares,
            WithShares = (pool, shares) => pool with { Shares = shares },
            UsedBy = [Subnet.Type],
            Refuse = ScopeMembership.RefuseSharing,
        },
        new Shareable<AddressScope>(AddressScope.Type)
        {
            Owner = scope => scope.ProjectId,
            Shares = scope => scope.Shares,
            WithShares = (scope, shares) => scope with { Shares = shares },
            UsedBy = [SubnetPool.Type],
        },
        new Shareable<SecurityGroup>(SecurityGroup.Type)
        {
            Owner = group => group.ProjectId,
            Shares = group => group.Shares,
            WithShares = (group, shares) => group with { Shares = shares },
            UsedBy = [Port.Type],
        },
        new Shareable<AddressGroup>(AddressGroup.Type)
        {
            Owner = group => group.ProjectId,
            Shares = group => group.Shares,
            WithShares = (group, shares) => group with { Shares = shares },
            UsedBy = [SecurityGroupRule.Type],
        },
        new Shareable<QosPolicy>(QosPolicy.Type)
        {
            Owner = policy => policy.ProjectId,
            Shares = policy => policy.Shares,
            WithShares = (policy, shares) => policy with { Shares = shares },
            UsedBy = [Networks.Network.Type, Port.Type, Router.Type, FloatingIp.Type],
        },
    ];

    /// <summary>What the API calls them. Written out: these are made before the types that they describe.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["network", "subnetpool", "address_scope", "security_group", "address_group", "qos_policy"];

    public static IShareable Of(string objectType) => All.Single(shareable => shareable.Type.Name == objectType);
}
