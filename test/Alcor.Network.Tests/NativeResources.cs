using Alcor.Network.MacRanges;

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
    }
}
