using System.Collections.Immutable;
using Alcor.Network;
using Alcor.Network.Networks;

namespace Alcor.Server.Api.Native;

/// <summary>Alcor's own API: what operators need and the Networking API does not know.</summary>
internal static class NativeApi
{
    private const string Version = "v1";

    public static ImmutableArray<ApiCollection> Collections(NetworkSettings settings) =>
    [
        .. NetworkCatalog.Native.Select(
            commands => new ApiCollection(NetworkCatalog.Types, commands.Type, commands, Version)),
        Vpcs(settings),
    ];

    public static ImmutableArray<ApiOperation> Operations(ApiServices services) =>
        [.. new ConvergenceOperations(services).All];

    /// <summary>Networks by the name that clouds know them by: the same resources, under the same rules.</summary>
    private static ApiCollection Vpcs(NetworkSettings settings)
    {
        var commands = new NetworkCommands(settings);
        var names = commands.Type.Api with { Path = "vpcs", Singular = "vpc", Plural = "vpcs", Label = "vpc" };
        return new ApiCollection(NetworkCatalog.Types, commands.Type, commands, Version, names);
    }
}
