using Alcor.Kernel.Resources;
using Alcor.Network.AddressGroups;
using Alcor.Network.AddressScopes;
using Alcor.Network.Flavors;
using Alcor.Network.FloatingIps;
using Alcor.Network.IpAllocations;
using Alcor.Network.LocalIps;
using Alcor.Network.Logs;
using Alcor.Network.MacRanges;
using Alcor.Network.Metering;
using Alcor.Network.NdpProxies;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Quotas;
using Alcor.Network.Routers;
using Alcor.Network.Segments;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Sharing;
using Alcor.Network.SubnetPools;
using Alcor.Network.Subnets;
using Alcor.Network.Topologies;
using Alcor.Network.Trunks;

namespace Alcor.Network;

/// <summary>Names every resource type that there is. What is not here does not exist.</summary>
public static class NetworkCatalog
{
    public static readonly Catalog Types = new(
        Networks.Network.Type,
        Subnet.Type,
        SubnetPool.Type,
        SubnetPoolBlocks.Type,
        AddressScope.Type,
        Port.Type,
        Binding.Type,
        Segment.Type,
        NetworkSegmentRange.Type,
        SecurityGroup.Type,
        SecurityGroupRule.Type,
        SecurityGroupMember.Type,
        AddressGroup.Type,
        QosPolicy.Type,
        QosRuleTypes.BandwidthLimit,
        QosRuleTypes.DscpMarking,
        QosRuleTypes.MinimumBandwidth,
        QosRuleTypes.MinimumPacketRate,
        QosRuleTypes.PacketRateLimit,
        Trunk.Type,
        MeteringLabel.Type,
        MeteringLabelRule.Type,
        RbacPolicy.Type,
        ProjectQuota.Type,
        AutoAllocatedTopology.Type,
        Router.Type,
        ConnectionTracker.Type,
        FloatingIp.Type,
        PortForwarding.Type,
        RoutedFloatingIp.Type,
        RoutedPortForwarding.Type,
        LocalIp.Type,
        NdpProxy.Type,
        Flavor.Type,
        ServiceProfile.Type,
        Log.Type,
        MacRange.Type,
        IpAllocation.Type,
        NetworkAcl.Type,
        NetworkAclRule.Type,
        Node.Type,
        Agent.Type,
        AgentSession.Type);

    /// <summary>
    /// The resource types that the Networking API creates, changes and deletes, in the order of its documentation.
    /// </summary>
    public static IReadOnlyList<IResourceCommands> Commands(NetworkSettings settings) =>
    [
        new Networks.NetworkCommands(settings),
        new SubnetCommands(),
        new SubnetPoolCommands(),
        new AddressScopeCommands(),
        new PortCommands(settings),
        new SegmentCommands(settings),
        new NetworkSegmentRangeCommands(),
        new SecurityGroupCommands(),
        new SecurityGroupRuleCommands(),
        new AddressGroupCommands(),
        new QosPolicyCommands(),
        .. QosRuleTypes.Commands,
        new TrunkCommands(),
        new MeteringLabelCommands(),
        new MeteringLabelRuleCommands(),
        new LogCommands(),
        new RbacPolicyCommands(),
        new RouterCommands(settings),
        new ConnectionTrackerCommands(),
        new FloatingIpCommands(settings),
        new PortForwardingCommands(),
        new LocalIpCommands(settings),
        new NdpProxyCommands(),
        new FlavorCommands(),
        new ServiceProfileCommands(),
        new AgentCommands(),
    ];

    /// <summary>The resource types that only Alcor's own API creates, changes and deletes.</summary>
    public static readonly IReadOnlyList<IResourceCommands> Native =
    [
        new NodeCommands(),
        new MacRangeCommands(),
        new IpAllocationCommands(),
        new NetworkAclCommands(),
        new NetworkAclRuleCommands(),
    ];

    /// <summary>Resource types that are not stored: they follow from what is.</summary>
    public static readonly IReadOnlyList<IResourceType> Derived =
        [
            PortBinding.Type, LocalIpAssociation.Type, Networks.NetworkIpAvailability.Type, FloatingIpPool.Type,
            AvailabilityZone.Type, MacPool.Type,
        ];

    /// <summary>The resource types that the Networking API only shows.</summary>
    public static readonly IReadOnlyList<IResourceType> ReadOnly = [];
}
