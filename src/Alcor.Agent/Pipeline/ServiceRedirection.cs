using System.Net;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Services;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 32: what a machine asks of its host itself, metadata and names, goes to the service namespace, whatever MAC
/// address it was sent to; what comes from there goes back, by table 0. There a machine has another address, which says
/// its port: its own may be another's, too, in another network. Nothing is remembered, so a restart loses nothing.
/// </summary>
/// <remarks>
/// Security groups are not asked, in either direction: a machine that may send nowhere must still boot, and the host
/// answers for nobody but itself. Where a packet says it comes from has been looked at before (table 10); of ports
/// without port security, which are not looked at, their own addresses are served.
/// </remarks>
internal static class ServiceRedirection
{
    /// <summary>What the machine asks the metadata service, and the answers.</summary>
    public static IEnumerable<Flow> Metadata(ServicePort services, ServedMachine machine) =>
        Tcp(services, machine, ServiceAddresses.MetadataFor(machine.Client.Address), ServiceAddresses.MetadataPort);

    /// <summary>What the machine asks its host about names, and the answers.</summary>
    /// <param name="server">Where it asks.</param>
    public static IEnumerable<Flow> Dns(ServicePort services, ServedMachine machine, IPAddress server) =>
    [
        .. Tcp(services, machine, server, ServiceAddresses.DnsPort),
        Ask(services, machine, server, ip => ip.IpProto(Protocols.Udp).UdpDst(ServiceAddresses.DnsPort)),
        Answer(services, machine, server, ip => ip.IpProto(Protocols.Udp).UdpSrc(ServiceAddresses.DnsPort)),
    ];

    private static Flow[] Tcp(ServicePort services, ServedMachine machine, IPAddress asked, ushort port) =>
    [
        Ask(services, machine, asked, ip => ip.IpProto(Protocols.Tcp).TcpDst(port)),
        Answer(services, machine, asked, ip => ip.IpProto(Protocols.Tcp).TcpSrc(port)),
    ];

    private static Flow Ask(ServicePort services, ServedMachine machine, IPAddress asked, Func<Match, Match> which)
    {
        var match = Registers.From(machine.Key).IpSource(machine.Client.Address.Alone()).IpDestination(asked.Alone());
        return new(Tables.HostServices, Priorities.Entry, which(match),
            new FlowAction.SetField(Field.EthSrc, ServiceAddresses.GatewayMac),
            new FlowAction.SetField(Field.EthDst, ServiceAddresses.ServiceMac),
            Source(machine.Client.Known), Destination(ServiceAddresses.ServiceFor(machine.Client.Known)),
            new FlowAction.Output(services.Number));
    }

    private static Flow Answer(ServicePort services, ServedMachine machine, IPAddress asked, Func<Match, Match> which)
    {
        var match = Match.Empty.InPort(services.Number).IpDestination(machine.Client.Known.Alone());
        return new(Tables.Classify, Priorities.Entry, which(match),
        [
            new Instruction.ApplyActions(
            [
                new FlowAction.SetField(Field.EthSrc, DhcpResponder.ServerMac),
                new FlowAction.SetField(Field.EthDst, machine.Mac),
                Source(asked), Destination(machine.Client.Address),
                Registers.Load(Registers.TargetPort, machine.Key),
            ]),
            new Instruction.GotoTable(Tables.Output),
        ]);
    }

    private static FlowAction.SetField Source(IPAddress address) => address.Alone().IsIpv4()
        ? new(Field.Ipv4Src, Ipv4Address.From(address))
        : new(Field.Ipv6Src, Ipv6Address.From(address));

    private static FlowAction.SetField Destination(IPAddress address) => address.Alone().IsIpv4()
        ? new(Field.Ipv4Dst, Ipv4Address.From(address))
        : new(Field.Ipv6Dst, Ipv6Address.From(address));
}

/// <summary>A machine by one of its addresses, as the switch and as the service namespace know it.</summary>
/// <param name="Key">Of its port.</param>
internal readonly record struct ServedMachine(uint Key, MacAddress Mac, ServiceClient Client);
