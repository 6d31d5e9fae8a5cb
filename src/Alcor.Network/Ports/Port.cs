using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Subnets;

namespace Alcor.Network.Ports;

/// <summary>An address of a port, in one of the subnets of its network.</summary>
public readonly record struct FixedIp(string SubnetId, IPAddress IpAddress);

/// <summary>Whether a port carries traffic, as Neutron names it.</summary>
public static class PortStatus
{
    /// <summary>Not bound, or its host says that its interface is not there.</summary>
    public const string Down = "DOWN";

    /// <summary>Bound, and its host has not yet said that the switch has it.</summary>
    public const string Build = "BUILD";

    /// <summary>Its host has acknowledged the revision that contains it as it is.</summary>
    public const string Active = "ACTIVE";

    /// <summary>Its host has refused it.</summary>
    public const string Error = "ERROR";
}

/// <summary>A connection point of a network.</summary>
/// <param name="HostId">The host that it is bound to; empty: none.</param>
/// <param name="TunnelAddress">
/// That host's, as it was when the port was bound; null while there is no such host.
/// </param>
/// <param name="Profile">binding:profile, as JSON text of an object.</param>
/// <param name="Generation">
/// Counts what its host must know of it: a host that acknowledges this generation has the port as it is.
/// </param>
public sealed record Port(
    string Id,
    string NetworkId,
    string ProjectId,
    string Name,
    string Description,
    bool AdminStateUp,
    MacAddress MacAddress,
    ImmutableArray<FixedIp> FixedIps,
    string DeviceId,
    string DeviceOwner,
    string HostId,
    IPAddress? TunnelAddress,
    string VnicType,
    string Profile,
    string Status,
    long Generation,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<Port> Type = new("port", "ports")
    {
        Json = NetworkJson.Default.Port,
        Id = port => port.Id,
        Partition = port => PartitionKey.Network(port.NetworkId),
        Claims = port => port.FixedIps
            .Select(ip => new Claim(Subnet.Space(ip.SubnetId), ip.IpAddress.ToNumber()))
            .Append(new Claim(MacSpace(port.NetworkId), port.MacAddress.Bits)),
        References = ReferencesOf,
        IndexedBy =
        [
            ("name", port => [port.Name]),
            ("device_id", port => [port.DeviceId]),
            ("binding:host_id", port => [port.HostId]),
        ],
        ListedByReference = [("network_id", "network")],
        VisibleTo = port => [port.ProjectId],
        QuotaProject = port => port.ProjectId,
        Attributes = PortAttributes.All,
    };

    /// <summary>Bound to a host that is known.</summary>
    public bool IsBound => TunnelAddress is not null;

    /// <summary>The space in which each MAC address of a network has one owner.</summary>
    public static string MacSpace(string networkId) => $"mac/{networkId}";

    private static IEnumerable<ResourceKey> ReferencesOf(Port port)
    {
        yield return Networks.Network.Type.Key(port.NetworkId);
        foreach (var ip in port.FixedIps)
            yield return Subnet.Type.Key(ip.SubnetId);
        if (port.IsBound)
            yield return Node.Type.Key(port.HostId);
    }
}

/// <summary>
/// What the host of a port must know of it, in the partition of that host: this is what brings the host to the network.
/// Follows wholly from the port.
/// </summary>
public sealed record Binding(
    string PortId,
    string NetworkId,
    string HostId,
    bool AdminStateUp,
    MacAddress MacAddress,
    ImmutableArray<FixedIp> FixedIps,
    long Generation)
{
    public static readonly ResourceType<Binding> Type = new("binding", "bindings")
    {
        Json = NetworkJson.Default.Binding,
        Id = binding => $"{binding.PortId}@{binding.HostId}",
        Partition = binding => PartitionKey.Host(binding.HostId),
    };

    public static Binding Of(Port port) =>
        new(port.Id, port.NetworkId, port.HostId, port.AdminStateUp, port.MacAddress, port.FixedIps, port.Generation);
}
