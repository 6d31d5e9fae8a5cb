using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// The numbers by which the networks of a host are told apart in <see cref="Registers.Network"/>: above the 24 bits of
/// a VNI stands what carries the network, 0 for VXLAN. So the same VNI of another encapsulation is another network.
/// </summary>
internal static class NetworkNumbers
{
    private const int VniBits = 24;
    private const uint Outside = 1u << VniBits;
    private const uint Geneve = 2u << VniBits;
    private const int VlanBits = 12;

    public static uint Of(Encapsulation encapsulation, uint vni) => Kind(encapsulation) | vni;

    /// <param name="place">Of the physical network among those of the host.</param>
    /// <param name="vlan">0: untagged.</param>
    public static uint OfOutside(int place, uint vlan) => Outside | (uint)place << VlanBits | vlan;

    /// <summary>Narrowed to the networks that tunnels of one encapsulation carry.</summary>
    public static Match CarriedBy(this Match match, Encapsulation encapsulation) =>
        match.Register(Registers.Network, Kind(encapsulation), 0xff00_0000);

    /// <summary>Sends a packet into the tunnel under the VNI of the network that it is in.</summary>
    public static FlowAction ToTunnelId() => new FlowAction.Move(
        Field.Register(Registers.Network).Bits(0, VniBits), Field.TunnelId.Bits(0, VniBits));

    private static uint Kind(Encapsulation encapsulation) => encapsulation == Encapsulation.Geneve ? Geneve : 0;
}
