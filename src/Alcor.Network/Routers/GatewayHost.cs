using System.Net;

namespace Alcor.Network.Routers;

/// <summary>The host that has the gateway of a router: what is for outside leaves and enters there.</summary>
/// <param name="TunnelAddress">A copy of its node's.</param>
/// <param name="Zone">
/// What keeps the connections of the router apart from those of the other routers whose gateway it has.
/// </param>
/// <param name="IsLost">
/// Its agent was gone, and no other host could have the gateway, when that was last looked at. The switch may work
/// still, so the gateway stays there until another host comes.
/// </param>
public sealed record GatewayHost(string Name, IPAddress TunnelAddress, uint Zone, bool IsLost = false)
{
    /// <summary>Zones are from 1 on; the upper half of the 16 bits is left to the ports of the host.</summary>
    public const uint ZoneMax = 32_767;

    /// <summary>The availability zone of the host when that was last looked at; empty: of none.</summary>
    public string AvailabilityZone { get; init; } = "";

    /// <summary>The space in which each zone of a host has one router.</summary>
    public static string ZoneSpace(string host) => $"gateway-zone/{host}";
}
