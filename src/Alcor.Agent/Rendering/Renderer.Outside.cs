using Alcor.Agent.Outside;
using Alcor.Agent.Pipeline;

namespace Alcor.Agent.Rendering;

public sealed partial class Renderer
{
    /// <summary>The addresses in networks outside that this host has.</summary>
    public IEnumerable<OutsideAddress> OutsideAddresses => _model.WaysOutside
        .SelectMany(way => GatewayRenderer.Addresses(_model, way.Address, way.Value));

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
