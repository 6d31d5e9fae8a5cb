using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.AddressGroups;
using Alcor.Network.FloatingIps;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Subnets;
using Alcor.Network.Trunks;
using NetworkResource = Alcor.Network.Networks.Network;

namespace Alcor.Reachability.Tests;

/// <summary>
/// What users have asked for, as the API keeps it, and nothing that was made of it. Every question is answered by
/// looking at everything: this is to be right, not fast.
/// </summary>
internal sealed record Cloud
{
    public ImmutableArray<NetworkResource> Networks { get; init; } = [];

    public ImmutableArray<Subnet> Subnets { get; init; } = [];

    public ImmutableArray<Port> Ports { get; init; } = [];

    public ImmutableArray<SecurityGroup> SecurityGroups { get; init; } = [];

    public ImmutableArray<SecurityGroupRule> Rules { get; init; } = [];

    public ImmutableArray<AddressGroup> AddressGroups { get; init; } = [];

    public ImmutableArray<Router> Routers { get; init; } = [];

    public ImmutableArray<Trunk> Trunks { get; init; } = [];

    public ImmutableArray<NetworkAcl> NetworkAcls { get; init; } = [];

    public ImmutableArray<NetworkAclRule> NetworkAclRules { get; init; } = [];

    public ImmutableArray<FloatingIp> FloatingIps { get; init; } = [];

    public ImmutableArray<PortForwarding> PortForwardings { get; init; } = [];

    /// <param name="outsiders">Machines that the API does not know.</param>
    public static async Task<Cloud> ReadAsync(IStore store, IReadOnlyCollection<Port> outsiders) => new()
    {
        Networks = await AllAsync(store, NetworkResource.Type),
        Subnets = await AllAsync(store, Subnet.Type),
        Ports = [.. await AllAsync(store, Port.Type), .. outsiders],
        SecurityGroups = await AllAsync(store, SecurityGroup.Type),
        Rules = await AllAsync(store, SecurityGroupRule.Type),
        AddressGroups = await AllAsync(store, AddressGroup.Type),
        Routers = await AllAsync(store, Router.Type),
        Trunks = await AllAsync(store, Trunk.Type),
        NetworkAcls = await AllAsync(store, NetworkAcl.Type),
        NetworkAclRules = await AllAsync(store, NetworkAclRule.Type),
        FloatingIps = await AllAsync(store, FloatingIp.Type),
        PortForwardings = await AllAsync(store, PortForwarding.Type),
    };

    public NetworkResource NetworkOf(Port port) => Networks.Single(network => network.Id == port.NetworkId);

    public IEnumerable<Port> PortsIn(string networkId) => Ports.Where(port => port.NetworkId == networkId);

    public Subnet SubnetWith(string id) => Subnets.Single(subnet => subnet.Id == id);

    /// <summary>The port of a network that has an address for its own; null: none has.</summary>
    public Port? OwnerOf(string networkId, IPAddress address) =>
        PortsIn(networkId).FirstOrDefault(port => AnswersTo(port).Any(address.Equals));

    /// <summary>The allowed address pairs of machines of a network.</summary>
    public IEnumerable<AddressPair> PairsIn(string networkId) =>
        PortsIn(networkId).Where(port => port.IsBound).SelectMany(port => port.AddressPairs.OrEmpty());

    public Port? PortWith(string networkId, MacAddress mac) =>
        PortsIn(networkId).FirstOrDefault(port => port.MacAddress == mac);

    /// <summary>The trunk that a port is a subport of; null: of none.</summary>
    public Trunk? TrunkCarrying(Port port) =>
        Trunks.FirstOrDefault(trunk => trunk.SubPorts.Any(one => one.PortId == port.Id));

    /// <summary>The router that a port is an interface of; null: it is none.</summary>
    public Router? RouterBehind(Port port) =>
        Routers.FirstOrDefault(router => router.Interfaces.Any(one => one.PortId == port.Id));

    /// <summary>
    /// The router that has an address outside: that of its gateway, or a floating IP that leads behind it. Null: none.
    /// </summary>
    public Router? RouterOutside(Port port) => Routers.FirstOrDefault(router => router.Gateway is { Host: not null }
        && (router.Gateway.PortId == port.Id || FloatingIpAt(port)?.RouterId == router.Id));

    public FloatingIp? FloatingIpAt(Port port) => FloatingIps.FirstOrDefault(ip => ip.FloatingPortId == port.Id);

    /// <summary>Whether it is a machine's, and not of a part of the cloud itself.</summary>
    public static bool IsMachine(Port port) => !port.DeviceOwner.StartsWith("network:", StringComparison.Ordinal);

    /// <summary>The link-local address that is made of a MAC address (RFC 4291 appendix A).</summary>
    public static IPAddress LinkLocal(MacAddress mac) => IPNetwork.Parse("fe80::/64").InterfaceAddress(mac);

    /// <summary>What a port answers to: its own addresses, and a link-local one if it has one of IPv6.</summary>
    public static IEnumerable<IPAddress> AnswersTo(Port port)
    {
        var own = port.FixedIps.Select(ip => ip.IpAddress);
        return own.Any(address => address.Version() == 6) ? own.Append(LinkLocal(port.MacAddress)) : own;
    }

    /// <summary>The addresses by which a port is a member of its groups: its own and its pairs'.</summary>
    public static IEnumerable<IPNetwork> AddressesOf(Port port) =>
        port.FixedIps.Select(ip => ip.IpAddress.BlockAround(ip.IpAddress.Bits()))
            .Concat(port.AddressPairs.OrEmpty().Select(BlockOf));

    public static IPNetwork BlockOf(AddressPair pair) =>
        AddressPrefix.TryParse(pair.IpAddress!, out var prefix)
            ? prefix.Network
            : throw new FormatException($"'{pair.IpAddress}' is no address of a pair");

    private static async Task<ImmutableArray<T>> AllAsync<T>(IStore store, ResourceType<T> type)
        where T : class =>
        [
            .. from stored in await store.ListAsync(ListQuery.All(type.Name), CancellationToken.None)
               select type.Decode(stored.Value),
        ];
}
