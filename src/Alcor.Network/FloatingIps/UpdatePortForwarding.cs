using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.FloatingIps;

internal sealed record UpdatePortForwarding(PortForwarding Current, ChangeRequest Change) : ICommand
{
    private Body Body => Change.Body;

    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(PortForwarding.Type, Current.Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        if (snapshot.Find(FloatingIp.Type, Current.FloatingIpId) is not { } ip)
            return FloatingIp.Type.Api.NotFound(Current.FloatingIpId);
        var ports = ForwardedPorts.Read(Body, found.Value.Value);
        if (ports.Error is { } wrong)
            return wrong;
        var decision = new Decision();
        var updated = Named(found.Value.Value) with
        {
            ExternalPorts = ports.Value.External,
            InternalPorts = ports.Value.Internal,
        };
        var refused = Check(decision, ip.Value, found.Value.Value, updated, new PartitionView(snapshot, context));
        return refused ?? (Result<Decision>)decision
            .Update(PortForwarding.Type, updated, found.Value)
            .AndAnswer()
            .ChangeFloatingIp(ip.Value.WithForwarding(updated, ip.Value.RouterId!), ip);
    }

    private PortForwarding Named(PortForwarding forwarding) => forwarding with
    {
        Protocol = Body.Get(PortForwardingAttributes.Protocol, forwarding.Protocol),
        InternalPortId = Body.Get(PortForwardingAttributes.InternalPortId, forwarding.InternalPortId),
        InternalIpAddress = Body.Get(PortForwardingAttributes.InternalIpAddress, forwarding.InternalIpAddress),
        Description = Body.Get(PortForwardingAttributes.Description, forwarding.Description),
    };

    private ApiError? Check(
        Decision decision, FloatingIp ip, PortForwarding before, PortForwarding after, PartitionView view)
    {
        var rules = new ForwardingRules(Change.Caller, view);
        if (Body.Has(PortForwardingAttributes.InternalPortId) && rules.CheckFloatingIpOf(after) is { } bound)
            return bound;
        if (after.InternalPortId != before.InternalPortId
            && rules.FindRouter(decision, ip, after).Error is { } unreachable)
            return unreachable;
        return CheckAddress(after, view.Context)
            ?? ForwardingRules.CheckEqual(ip, after)
            ?? rules.CheckRanges(after)
            ?? rules.CheckCollisions(ip, after);
    }

    private static ApiError? CheckAddress(PortForwarding after, DecideContext context)
    {
        if (context.Read(Port.Type, after.InternalPortId)?.Value is not { } port)
            return Port.Type.Api.NotFound(after.InternalPortId);
        return port.FixedIps.Any(ip => ip.IpAddress.Equals(after.InternalIpAddress))
            ? null
            : FloatingIpErrors.BadForwarding(
                "The internal IP does not correspond to an address on the internal port, which has fixed_ips "
                + ForwardingRules.Print(port.FixedIps));
    }
}
