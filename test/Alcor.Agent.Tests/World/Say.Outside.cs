using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent.Tests.World;

/// <summary>What leads outside.</summary>
internal static partial class Say
{
    /// <param name="vlan">Of the provider's network; 0 is untagged.</param>
    public static Entry External(
        int id, int vlan = 0, string physical = "physnet1", uint mtu = 1_500, ByteString? policy = null) => Entry(
        EntryKind.Network, id, new NetworkEntry
        {
            PhysicalNetwork = physical, SegmentationId = (uint)vlan, Mtu = mtu, AdminStateUp = true,
            QosPolicy = policy ?? ByteString.Empty,
        });

    /// <summary>A gateway that translates, at the host of a tunnel address.</summary>
    public static RouterGateway Gateway(
        int network, int port, string tunnel, params (int Subnet, string Address)[] addresses) => new()
    {
        NetworkId = Bytes(network), Mac = Mac(port), Host = "h1", TunnelAddress = Bytes(tunnel), EnableSnat = true,
        Zone = 7,
        FixedIps =
        {
            addresses.Select(one => new FixedIp { SubnetId = Bytes(one.Subnet), Address = Bytes(one.Address) }),
        },
    };
}
