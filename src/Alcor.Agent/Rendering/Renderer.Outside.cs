using Alcor.Agent.Desired;
using Alcor.Agent.Icmp;
using Alcor.Agent.Outside;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

public sealed partial class Renderer
{
    /// <summary>The addresses in networks outside that this host has.</summary>
    public IEnumerable<OutsideAddress> OutsideAddresses => _model.WaysOutside
        .SelectMany(way => GatewayRenderer.Addresses(_model, way.Address, way.Value));

    /// <summary>How a router sees whoever sent it something from a network outside; null: it has no address
    /// there that is here.</summary>
    /// <param name="network">Its number in the register.</param>
    /// <param name="mac">That the packet is for.</param>
    /// <param name="sender">The MAC address that it came from.</param>
    public RouterFace? RouterFacing(uint network, MacAddress mac, MacAddress sender)
    {
        var id = NetworkOf(network);
        return OutsideAddresses.Where(here => here.Network == id && here.Mac == mac)
            .Select(here => here.Address).ToValueList() is { Count: > 0 } addresses
            ? new RouterFace(mac, addresses, sender)
            : null;
    }

    /// <summary>Whom an address outside has to know: the gateways of its subnets.</summary>
    public IEnumerable<OutsideQuestion> Questions(OutsideAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return _model.Network(address.Network) is { } network
            ? network.Subnets.Values.Where(subnet => subnet.Cidr.Contains(address.Address))
                .Select(subnet => subnet.Gateway).OfType<System.Net.IPAddress>()
                .Select(gateway => new OutsideQuestion(address, gateway))
            : [];
    }

    /// <summary>The policy that holds for a floating IP, a port forwarding or the gateway of a router, known or not;
    /// null: none.</summary>
    internal Guid? OutsidePolicyOf(EntryAddress address) =>
        OutsidePolicy.IdOf(_model, address);

    /// <summary>The network that has a number in the register; null: none.</summary>
    public Guid? NetworkOf(uint number) => _model.Networks
        .Where(network => network.Value is { } value && _model.NumberOf(value) == number
            && _model.SegmentOwner(network) is null)
        .Select(network => (Guid?)network.Id).FirstOrDefault();

    /// <summary>As <see cref="NetworkOf"/>, if that is a network outside.</summary>
    public Guid? OutsideNetwork(uint number) =>
        NetworkOf(number) is { } id && _model.Network(id)!.Value!.PhysicalNetwork is not null ? id : null;

    internal Carrier? CarrierOf(Guid network) =>
        _model.Network(network)?.Value is { } value ? _model.CarrierOf(value) : null;
}
