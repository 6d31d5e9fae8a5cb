using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 30: what a DHCP client says goes to the agent and nowhere else, neither to a neighbour nor into a tunnel. A
/// port without DHCP gets no flow, and so silence.
/// </summary>
internal static class DhcpPunt
{
    public static readonly Match FromClient =
        Match.Empty.EthType(EtherTypes.Ipv4).IpProto(Protocols.Udp).UdpSrc(68).UdpDst(67);

    public static Flow Punt(uint port, ulong cookie) =>
        new(Tables.Dhcp, Priorities.Entry, FromClient.InPort(port), FlowAction.ToController()) { Cookie = cookie };
}
