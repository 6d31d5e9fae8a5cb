using Alcor.Network.Ports;

namespace Alcor.Network.Subnets;

/// <summary>What the owners of ports mean for subnets.</summary>
internal static class SubnetPorts
{
    private static readonly string[] RouterInterfaces =
    [
        "network:router_interface", "network:router_interface_distributed",
        "network:ha_router_replicated_interface", "network:router_centralized_snat",
    ];

    /// <summary>Owners whose ports need not keep a subnet from being deleted.</summary>
    private static readonly string[] Temporary =
        ["network:dhcp", "network:distributed", "network:floatingip_agent_gateway"];

    public static bool IsRouterInterface(string owner) => RouterInterfaces.Contains(owner);

    public static bool IsTemporary(string owner) => Temporary.Contains(owner);

    /// <summary>Whether ports of this owner get addresses in the subnet.</summary>
    public static bool Serves(Subnet subnet, Port port) =>
        subnet.ServiceTypes.IsEmpty || subnet.ServiceTypes.Contains(port.DeviceOwner);
}
