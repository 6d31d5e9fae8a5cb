using System.Net;
using System.Text.Json.Serialization;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;

namespace Alcor.Network.IpAllocations;

/// <summary>
/// An address of a subnet that somebody has: one that an operator keeps from ports, or one of a port. Only the first is
/// stored, with the ports of its network, so that both are given out by the same lane; the second is shown alike and
/// follows from the port.
/// </summary>
/// <param name="NetworkId">The network of the subnet.</param>
/// <param name="Description">What it is kept for.</param>
public sealed record IpAllocation(
    string SubnetId, IPAddress IpAddress, string NetworkId, string Description, DateTimeOffset CreatedAt)
{
    /// <summary>No port gets the address until it is released.</summary>
    public const string Reserved = "reserved";

    /// <summary>A port has the address.</summary>
    public const string Allocated = "allocated";

    public static readonly ResourceType<IpAllocation> Type = new("ip_allocation", "ip_allocations")
    {
        Json = NetworkJson.Default.IpAllocation,
        Id = allocation => allocation.Id,
        Partition = allocation => PartitionKey.Network(allocation.NetworkId),
        Claims = allocation => [new Claim(Subnet.Space(allocation.SubnetId), allocation.IpAddress.ToNumber())],
        References = allocation =>
            [Subnet.Type.Key(allocation.SubnetId), Networks.Network.Type.Key(allocation.NetworkId)],
        IndexedBy = [("ip_address", allocation => [allocation.IpAddress.ToString()])],
        ListedByReference = [("subnet_id", "subnet"), ("network_id", "network")],
        Attributes = IpAllocationAttributes.All,
        Api = new ApiNames("ip-allocations", "ip_allocation", "ip_allocations") { Policy = "alcor_ip_allocation" },
    };

    /// <summary>The address and the subnet, in which it has one owner: <c>192.0.2.7@subnet</c>.</summary>
    public string Id => IdOf(IpAddress, SubnetId);

    public string State => PortId is null ? Reserved : Allocated;

    /// <summary>The port that has it; null: it is kept from ports.</summary>
    [JsonIgnore]
    public string? PortId { get; init; }

    /// <summary>The addresses of a port.</summary>
    public static IEnumerable<IpAllocation> Of(Port port) => port.FixedIps.Select(
        ip => new IpAllocation(ip.SubnetId, ip.IpAddress, port.NetworkId, "", port.CreatedAt) { PortId = port.Id });

    public static string IdOf(IPAddress address, string subnetId) => $"{address}@{subnetId}";

    /// <summary>The address and the subnet of an id; null: it is none.</summary>
    public static (IPAddress Address, string SubnetId)? ReadId(string id) =>
        id.Split('@') is [var text, var subnetId] && AddressText.TryParse(text, out var address)
            ? (address, subnetId)
            : null;
}
