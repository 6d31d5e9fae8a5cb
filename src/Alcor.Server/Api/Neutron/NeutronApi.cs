using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Network.FloatingIps;
using Alcor.Network.LocalIps;
using Alcor.Network.Networks;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Segments;

namespace Alcor.Server.Api.Neutron;

/// <summary>All that the Networking API v2.0 consists of.</summary>
internal static class NeutronApi
{
    private const string Version = "v2.0";

    /// <summary>In the order of the documentation.</summary>
    public static ImmutableArray<ApiCollection> Collections(NetworkSettings settings, ApiServices services) =>
    [
        .. NetworkCatalog.Commands(settings).Select(commands => commands.Type == NetworkSegmentRange.Type
            ? Derived(commands, new NetworkSegmentRangeRows(settings, services))
            : Stored(commands.Type, commands)),
        .. QosRuleTypes.Aliases.Select(commands => Stored(commands.Type, commands)),
        .. NetworkCatalog.ReadOnly.Select(type => Stored(type, commands: null)),
        Derived(new PortBindingCommands(settings), new PortBindings(services)),
        Derived(new LocalIpAssociationCommands(), new LocalIpAssociations(services)),
        new(NetworkCatalog.Types, NetworkIpAvailability.Type, commands: null, Version)
        {
            Source = new NetworkIpAvailabilities(services),
        },
        new(NetworkCatalog.Types, FloatingIpPool.Type, commands: null, Version)
        {
            Source = new FloatingIpPools(services),
        },
        new(NetworkCatalog.Types, AvailabilityZone.Type, commands: null, Version)
        {
            Source = new AvailabilityZones(services),
        },
    ];

    /// <summary>What is not one of a collection's operations.</summary>
    public static ImmutableArray<ApiOperation> Operations(NetworkSettings settings, ApiServices services) =>
    [
        .. new QuotaOperations(settings, services).All,
        .. new QosRuleTypeOperations().All,
        .. new AutoAllocatedTopologyOperations(settings, services).All,
        .. new SchedulerOperations(services).All,
        .. new FlavorOperations(services).All,
        ServiceProviders.List,
        LoggableResources.List,
    ];

    private static ApiCollection Derived(IResourceCommands commands, ICollectionSource source) =>
        new(NetworkCatalog.Types, commands.Type, commands, Version) { Source = source };

    private static ApiCollection Stored(IResourceType type, IResourceCommands? commands) =>
        new(NetworkCatalog.Types, type, commands, Version)
        {
            BeforeList = DefaultGroups.AreIn(type) ? DefaultGroups.EnsureAsync : null,
        };
}
