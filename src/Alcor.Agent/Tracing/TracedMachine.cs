using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tracing;

/// <summary>
/// The machine of a port, which does what DHCP told it: where it sends to is not for the switch to say.
/// </summary>
internal sealed class TracedMachine(TracedSwitch host, Guid port)
{
    public PortValue Value { get; } = host.State.Find<PortValue>(EntryKind.Port, port)
        ?? throw new ArgumentException("the port is not of this host", nameof(port));

    public TracedSwitch Host => host;

    public Guid Port => port;

    public uint Number => host.NumberOf(port)!.Value;

    /// <summary>A frame as its machine sends it.</summary>
    public Packet Tagged(Packet frame) => host.VlanOf(port) is not 0 and var vlan
        ? TracedPacket.InVlan(frame, vlan)
        : frame;

    /// <summary>The address that it sends from; null: it has none of that IP version.</summary>
    public IPAddress? SourceFor(IPAddress destination)
    {
        var own = Value.Addresses.Where(ip => ip.Address.AddressFamily == destination.AddressFamily).ToList();
        if (own.Count == 0)
            return null;
        return destination.IsIPv6LinkLocal ? Value.Mac.LinkLocalAddress()
            : own.Where(ip => IsBeside(ip, destination)).Append(own[0]).First().Address;
    }

    /// <summary>Whom it hands a packet to; null: it has no route.</summary>
    public IPAddress? NextHopTo(IPAddress destination)
    {
        var family = destination.AddressFamily;
        var own = Value.Addresses.Where(ip => ip.Address.AddressFamily == family).ToList();
        if (destination.IsIPv6LinkLocal || own.Exists(ip => IsBeside(ip, destination)))
            return destination;
        var subnets = own.Select(SubnetOf).OfType<SubnetValue>().ToList();
        return subnets.SelectMany(subnet => subnet.Routes).Where(route => route.Destination.Contains(destination))
            .OrderByDescending(route => route.Destination.PrefixLength)
            .Select(route => route.NextHop.Equals(Any(family)) ? destination : route.NextHop)
            .Concat(subnets.Select(subnet => subnet.Gateway).OfType<IPAddress>())
            .FirstOrDefault();
    }

    /// <summary>An allowed address pair of the port by which it may have an address; null: it has none.</summary>
    public MacAddress? MacFor(IPAddress address) => Value.AddressPairs
        .Where(pair => pair.Cidr.BaseAddress.AddressFamily == address.AddressFamily && pair.Cidr.Contains(address))
        .Select(pair => (MacAddress?)pair.Mac).FirstOrDefault();

    private bool IsBeside(PortAddress own, IPAddress destination) =>
        SubnetOf(own) is { } subnet && subnet.Cidr.Contains(destination);

    private SubnetValue? SubnetOf(PortAddress own) => host.State.Find<SubnetValue>(EntryKind.Subnet, own.SubnetId);

    private static IPAddress Any(AddressFamily family) =>
        family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
}
