using System.Collections.Immutable;

namespace Alcor.Network.Networks;

/// <summary>How one physical part of a network is kept apart from others.</summary>
/// <param name="Id">Of the <c>segment</c> that the Networking API shows.</param>
/// <param name="NetworkType">One of <see cref="Networks.NetworkType"/>.</param>
/// <param name="PhysicalNetwork">The underlay that carries it; null where tunnels do.</param>
/// <param name="SegmentationId">VLAN id, VXLAN network identifier and so on; null where the type has none.</param>
public sealed record NetworkSegment(string Id, string NetworkType, string? PhysicalNetwork, uint? SegmentationId);

/// <summary>What keeps the traffic of networks apart, as Neutron names it.</summary>
public static class NetworkType
{
    public const string Local = "local";

    public const string Flat = "flat";

    public const string Vlan = "vlan";

    public const string Gre = "gre";

    public const string Vxlan = "vxlan";

    public const string Geneve = "geneve";

    public static readonly ImmutableArray<string> All = [Local, Flat, Vlan, Gre, Vxlan, Geneve];

    /// <summary>
    /// Whether frames may have a tag of their sender's besides what keeps the network apart; the types are those of
    /// Neutron's OVN driver.
    /// </summary>
    public static bool CarriesTaggedFrames(string networkType) => networkType is Local or Vlan or Vxlan or Geneve;
}
