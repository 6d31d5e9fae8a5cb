using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Network.IpAllocations;
using Alcor.Network.MacRanges;
using Alcor.Network.Networks;
using Alcor.Network.Segments;
using Alcor.Network.Subnets;
using Alcor.Server.Api.Neutron;

namespace Alcor.Server.Api.Native;

/// <summary>Alcor's own API: what operators need and the Networking API does not know.</summary>
internal static class NativeApi
{
    public const string Version = "v1";

    /// <summary>In the order of the documentation.</summary>
    public static ImmutableArray<ApiCollection> Collections(NetworkSettings settings, ApiServices services) =>
    [
        .. NetworkCatalog.Native.Select(commands => commands.Type == IpAllocation.Type
            ? new ApiCollection(NetworkCatalog.Types, commands.Type, commands, Version)
            {
                Source = new IpAllocationRows(services),
                Complete = WithNetworkAsync,
            }
            : new ApiCollection(NetworkCatalog.Types, commands.Type, commands, Version)),
        new(NetworkCatalog.Types, MacPool.Type, commands: null, Version) { Source = new MacPools(settings, services) },
        Vpcs(settings),
        SegmentationRanges(settings, services),
    ];

    public static ImmutableArray<ApiOperation> Operations(ApiServices services) =>
    [
        new NodeUpload(services).Operation,
        new IpReleaseOperation(services).Release,
        .. new ConvergenceOperations(services).All,
        new TraceOperation(services).Operation,
    ];

    /// <summary>Networks by the name that clouds know them by: the same resources, under the same rules.</summary>
    private static ApiCollection Vpcs(NetworkSettings settings)
    {
        var commands = new NetworkCommands(settings);
        var names = commands.Type.Api with { Path = "vpcs", Singular = "vpc", Plural = "vpcs", Label = "vpc" };
        return new ApiCollection(NetworkCatalog.Types, commands.Type, commands, Version, names);
    }

    /// <summary>The network segment ranges of the Networking API, by the name that Alcor's operators know.</summary>
    private static ApiCollection SegmentationRanges(NetworkSettings settings, ApiServices services)
    {
        var commands = new NetworkSegmentRangeCommands();
        var names = commands.Type.Api with
        {
            Path = "segmentation-ranges",
            Singular = "segmentation_range",
            Plural = "segmentation_ranges",
            Label = "segmentation_range",
        };
        return new ApiCollection(NetworkCatalog.Types, commands.Type, commands, Version, names)
        {
            Source = new NetworkSegmentRangeRows(settings, services),
        };
    }

    /// <summary>A subnet never moves to another network.</summary>
    private static async ValueTask<Body> WithNetworkAsync(ApiServices services, ApiCall call, Body body)
    {
        var subnet = await services.FindAsync(Subnet.Type, body.Get(IpAllocationAttributes.SubnetId), call.Aborted);
        return body.With(IpAllocationAttributes.NetworkId, ((Subnet?)subnet?.Value)?.NetworkId ?? "");
    }
}
