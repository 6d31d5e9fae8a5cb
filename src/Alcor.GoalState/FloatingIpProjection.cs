using Alcor.Network.FloatingIps;
using Alcor.Network.SecurityGroups;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.GoalState;

/// <summary>Floating IPs and port forwardings, as the hosts behind their routers know them.</summary>
internal static class FloatingIpProjection
{
    private const int Tcp = 6;
    private const int Udp = 17;

    public static GoalEntry Of(RoutedFloatingIp ip, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.FloatingIp, ip.FloatingIpId),
        revision,
        new FloatingIpEntry
        {
            Address = FieldValue.Of(ip.Address),
            Mac = ip.MacAddress.Bits,
            PortId = EntryId.Encode(ip.PortId),
            FixedAddress = FieldValue.Of(ip.FixedIpAddress),
            OnGateway = !ip.IsOnHost,
            QosPolicy = QosProjection.IdOf(ip.QosPolicyId),
        },
        [.. QosProjection.LeadsOf(ip.QosPolicyId)]);

    /// <returns>Null if hosts do not forward its protocol: of TCP and UDP alone they change the ports.</returns>
    public static GoalEntry? Of(RoutedPortForwarding forwarding, long revision)
    {
        var protocol = IpProtocols.NumberOf(forwarding.Protocol);
        if (protocol is not (Tcp or Udp))
            return null;
        return GoalEntry.Present(
            EntryKey.Parse(EntryKind.PortForwarding, forwarding.PortForwardingId),
            revision,
            new PortForwardingEntry
            {
                Address = FieldValue.Of(forwarding.Address),
                Mac = forwarding.MacAddress.Bits,
                Protocol = (uint)protocol,
                ExternalPorts = ValueOf(forwarding.ExternalPorts),
                InternalAddress = FieldValue.Of(forwarding.InternalIpAddress),
                InternalPorts = ValueOf(forwarding.InternalPorts),
                QosPolicy = QosProjection.IdOf(forwarding.QosPolicyId),
            },
            [.. QosProjection.LeadsOf(forwarding.QosPolicyId)]);
    }

    private static Protocol.V1.PortRange ValueOf(Network.FloatingIps.PortRange ports) =>
        new() { First = (uint)ports.First, Last = (uint)ports.Last };
}
