using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 50: what a DHCP client says goes to the agent and nowhere else, neither to a neighbour nor into a tunnel. A
/// port without DHCP gets no flow, and so silence.
/// </summary>
internal static class DhcpPunt
{
    private const ushort Ipv4Type = 0x0800;
    private const byte Udp = 17;

    public static readonly Match FromClient = Match.Empty.EthType(Ipv4Type).IpProto(Udp).UdpSrc(68).UdpDst(67);

    public static Flow Punt(uint port, ulong cookie) =>
        new(Tables.Dhcp, Priorities.Entry, FromClient.InPort(port), FlowAction.ToController()) { Cookie = cookie };
}
