using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.FloatingIps;

/// <summary>
/// Lets ports of a floating IP lead to ports behind a router. The network that the floating IP is of is found out
/// first, so the lane is the floating IP's own.
/// </summary>
internal sealed record CreatePortForwardings(IReadOnlyList<NewResource> Items) : ICommand
{
    private string FloatingIpId => Items[0].Body.Get(PortForwardingAttributes.FloatingIpId);

    public PartitionKey Lane => new("floatingip", FloatingIpId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (context.Read(FloatingIp.Type, FloatingIpId) is not { } found)
            return FloatingIp.Type.Api.NotFound(FloatingIpId);
        var decision = new Decision();
        var ip = found.Value;
        foreach (var item in Items)
        {
            var added = Add(decision, ip, item, new PartitionView(snapshot, context));
            if (added.Error is { } wrong)
                return wrong;
            ip = added.Value;
        }
        return decision.ChangeFloatingIp((ip with { UpdatedAt = context.Now }).At(port: null, context), found);
    }

    private static Result<FloatingIp> Add(Decision decision, FloatingIp ip, NewResource item, PartitionView view)
    {
        var body = item.Body;
        var ports = ForwardedPorts.Read(body);
        if (ports.Error is { } wrong)
            return wrong;
        var forwarding = new PortForwarding(
            item.Id,
            ip.Id,
            ip.NetworkId,
            body.Get(PortForwardingAttributes.Protocol),
            ports.Value.External,
            body.Get(PortForwardingAttributes.InternalPortId),
            body.Get(PortForwardingAttributes.InternalIpAddress),
            ports.Value.Internal,
            body.Get(PortForwardingAttributes.Description));
        var rules = new ForwardingRules(item.Caller, view);
        var error = rules.CheckRanges(forwarding)
            ?? rules.CheckCollisions(ip, forwarding)
            ?? rules.CheckFloatingIpOf(forwarding)
            ?? (ip.PortId is null
                ? null
                : FloatingIpErrors.PortAlreadyAssociated(ip, forwarding.InternalPortId, forwarding.InternalIpAddress));
        if (error is not null)
            return error;
        var router = rules.FindRouter(decision, ip, forwarding);
        if (router.Error is { } unreachable)
            return unreachable;
        decision.Create(PortForwarding.Type, forwarding).AndAnswer();
        return ip.WithForwarding(forwarding, router.Value);
    }
}
