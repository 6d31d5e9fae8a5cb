namespace Alcor.Network.Ports;

/// <summary>What device_owner says of a port, as Neutron names it.</summary>
public static class DeviceOwner
{
    public const string RouterInterface = "network:router_interface";

    public const string RouterGateway = "network:router_gateway";

    public const string FloatingIp = "network:floatingip";

    public const string LocalIp = "network:local_ip";

    public const string Dhcp = "network:dhcp";

    /// <summary>Carried by the parent port of a trunk.</summary>
    public const string SubPort = "trunk:subport";

    /// <summary>How the instances of a highly available router hear of one another.</summary>
    private const string HighAvailability = "network:router_ha_interface";

    /// <summary>Virtual machines: <c>compute:nova</c>.</summary>
    public const string ComputePrefix = "compute:";

    /// <summary>Machines without a hypervisor: <c>baremetal:none</c>.</summary>
    private const string BareMetalPrefix = "baremetal:";

    private const string NetworkPrefix = "network:";

    private const string NeutronPrefix = "neutron:";

    private static readonly HashSet<string> Interfaces =
    [
        RouterInterface, "network:router_interface_distributed", "network:ha_router_replicated_interface",
        "network:router_centralized_snat",
    ];

    /// <summary>Whether the device is a machine of the orchestrator.</summary>
    public static bool IsMachine(string owner) =>
        owner.StartsWith(ComputePrefix, StringComparison.Ordinal)
            || owner.StartsWith(BareMetalPrefix, StringComparison.Ordinal);

    /// <summary>Part of the network itself: never held to rules or addresses.</summary>
    public static bool IsTrusted(string owner) => owner.StartsWith(NetworkPrefix, StringComparison.Ordinal);

    /// <summary>Nobody's machine: a part of the network, or of the service that makes networks.</summary>
    public static bool IsOfTheCloud(string owner) =>
        IsTrusted(owner) || owner.StartsWith(NeutronPrefix, StringComparison.Ordinal);

    /// <summary>
    /// The side of a router that a network's ports send to: has the addresses that it is given and makes none itself.
    /// </summary>
    public static bool IsRouterInterface(string owner) => Interfaces.Contains(owner);

    /// <summary>Whether only its router changes the IPv4 addresses of the port.</summary>
    public static bool KeepsAddresses(string owner) => IsRouterInterface(owner) || owner == HighAvailability;

    public static bool IsRouter(string owner) => IsRouterInterface(owner) || owner == RouterGateway;

    /// <summary>Belongs to a router or a floating IP, by which alone it ends.</summary>
    public static bool IsLayer3(string owner) => IsRouter(owner) || owner == FloatingIp;
}
