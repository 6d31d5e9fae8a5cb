using Alcor.Agent.Dhcp;
using Alcor.Agent.Dhcpv6;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 30: what a DHCP client of either version of IP says goes to the agent and nowhere else, neither to a neighbour
/// nor into a tunnel. A port without DHCP gets no flow, and so silence.
/// </summary>
internal static class DhcpPunt
{
    private static readonly Match Ipv4Client = FromClient(EtherTypes.Ipv4, DhcpFrame.ClientPort, DhcpFrame.ServerPort);
    private static readonly Match Ipv6Client =
        FromClient(EtherTypes.Ipv6, Dhcpv6Frame.ClientPort, Dhcpv6Frame.ServerPort);

    /// <summary>What no port has a flow for.</summary>
    public static readonly IReadOnlyList<Flow> Always =
    [
        new(Tables.Dhcp, Priorities.Guard, Ipv4Client) { Cookie = Cookies.Skeleton },
        new(Tables.Dhcp, Priorities.Guard, Ipv6Client) { Cookie = Cookies.Skeleton },
    ];

    public static Flow Ipv4(uint key, ulong cookie) => Punt(key, Ipv4Client, cookie);

    public static Flow Ipv6(uint key, ulong cookie) => Punt(key, Ipv6Client, cookie);

    private static Flow Punt(uint key, Match client, ulong cookie) =>
        new(Tables.Dhcp, Priorities.Entry, client.Register(Registers.SourcePort, key), FlowAction.ToController())
        {
            Cookie = cookie,
        };

    private static Match FromClient(ushort type, ushort client, ushort server) =>
        Match.Empty.EthType(type).IpProto(Protocols.Udp).UdpSrc(client).UdpDst(server);
}
