using Alcor.Kernel.Store;
using Alcor.Network.Networks;
using Alcor.Network.Subnets;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.GoalState;

/// <summary>Networks and their subnets.</summary>
internal static class NetworkProjection
{
    /// <returns>Null if hosts carry none of its segments.</returns>
    public static GoalEntry? Of(Network.Networks.Network network, long revision) =>
        network.CarriedSegment is { } carried
            ? GoalEntry.Present(
                EntryKey.Parse(EntryKind.Network, network.Id),
                revision,
                new NetworkEntry
                {
                    SegmentationId = carried.SegmentationId ?? 0,
                    PhysicalNetwork = carried.PhysicalNetwork ?? "",
                    Mtu = (uint)network.Mtu,
                    AdminStateUp = network.AdminStateUp,
                    Encapsulation = carried.NetworkType == NetworkType.Geneve
                        ? Encapsulation.Geneve
                        : Encapsulation.Vxlan,
                    Ipv6AddressScope = network.Ipv6AddressScopeId is { } scope
                        ? EntryId.Encode(scope)
                        : ByteString.Empty,
                    QosPolicy = QosProjection.IdOf(PolicyOutside(network)),
                },
                [.. QosProjection.LeadsOf(PolicyOutside(network))])
            : null;

    /// <summary>
    /// The policy of an external network is that of floating IPs and gateways there; that of any network is told with
    /// its ports.
    /// </summary>
    private static string? PolicyOutside(Network.Networks.Network network) =>
        network.IsExternal ? network.QosPolicyId : null;

    public static GoalEntry Of(Subnet subnet, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.Subnet, subnet.Id),
        revision,
        new SubnetEntry
        {
            Cidr = subnet.Cidr.ToString(),
            Gateway = subnet.GatewayIp?.ToString() ?? "",
            EnableDhcp = subnet.EnableDhcp,
            DnsNameservers = { subnet.DnsNameservers.Select(server => server.ToString()) },
            HostRoutes = { subnet.HostRoutes.Select(FieldValue.Of) },
            Ipv6AddressMode = subnet.Ipv6AddressMode ?? "",
            Ipv6RaMode = subnet.Ipv6RaMode ?? "",
            NetworkAcl = subnet.NetworkAclId is { } acl ? EntryId.Encode(acl) : ByteString.Empty,
        },
        subnet.NetworkAclId is { } named ? [PartitionKey.NetworkAcl(named)] : []);
}
