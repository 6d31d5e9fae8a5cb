using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.Ports;

namespace Alcor.Network.Routers;

/// <summary>
/// Brings the gateway of a router to the host that shall have it as things are now: another one if its own is gone or
/// does not have the physical network any longer, one if it had none. Takes no other input, so it may run at any time
/// and as often as one likes. The answer is the router if it changed.
/// </summary>
public sealed record PlaceGateway(string RouterId) : ICommand
{
    public PartitionKey Lane => PartitionKey.Router(RouterId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        if (snapshot.Find(Router.Type, RouterId) is not { } found
            || found.Value.Gateway is not { } gateway
            || context.Read(Port.Type, gateway.PortId) is not { } port
            || context.Read(Networks.Network.Type, gateway.NetworkId) is not { } network)
            return decision;
        var host = new GatewayPlacement(found.Value, network.Value, context).Choose(decision, gateway.Host);
        var mac = port.Value.MacAddress;
        if (host == gateway.Host && mac == gateway.MacAddress)
            return new Decision();
        var placed = found.Value with { Gateway = gateway with { Host = host, MacAddress = mac } };
        decision.Update(Router.Type, placed, found).AndAnswer();
        if (host is null != gateway.Host is null)
            decision.ServeFloatingIps(RouterId, host, context);
        var moved = port.Value.On(host);
        return moved == port.Value ? decision : decision.ChangePort(moved, port);
    }
}
