using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.FloatingIps;

/// <summary>Changes a floating IP: lets it lead to another port, to another address, or nowhere.</summary>
internal sealed record UpdateFloatingIp(FloatingIp Current, ChangeRequest Change) : ICommand
{
    private Body Body => Change.Body;

    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(FloatingIp.Type, Current.Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var decision = new Decision();
        var ip = found.Value.Value;
        var wrong = FloatingIpRules.CheckAddress(Body)
            ?? FloatingIpRules.CheckPolicy(Body.Get(FloatingIpAttributes.QosPolicyId), Change.Caller, context);
        if (wrong is not null)
            return wrong;
        var associated = Associate(decision, ip, new PartitionView(snapshot, context));
        if (associated.Error is { } refused)
            return refused;
        var updated = associated.Value with
        {
            Description = Body.Get(FloatingIpAttributes.Description, ip.Description),
            QosPolicyId = Body.Get(FloatingIpAttributes.QosPolicyId, ip.QosPolicyId),
            UpdatedAt = context.Now,
        };
        return decision.UpdateFloatingIp(updated, found.Value);
    }

    private Result<FloatingIp> Associate(Decision decision, FloatingIp ip, PartitionView view)
    {
        // A floating IP once had nothing but its port to change: saying nothing still takes that away, as in Neutron.
        if (!Body.Named.Any() && ip.PortForwardings.IsEmpty)
            return ip.Disassociated();
        if (!Body.Has(FloatingIpAttributes.PortId))
            return ip;
        if (Body.Get(FloatingIpAttributes.PortId) is not { } portId)
            return ip.PortForwardings.IsEmpty ? ip.Disassociated() : ip;
        return ip.PortForwardings.IsEmpty
            ? new Association(Change.Caller, view)
                .Associate(decision, ip, portId, Body.Get(FloatingIpAttributes.FixedIpAddress))
            : FloatingIpErrors.InUseByPortForwarding(ip.Id);
    }
}

internal static class Disassociation
{
    /// <summary>The floating IP as it leads nowhere.</summary>
    public static FloatingIp Disassociated(this FloatingIp ip) =>
        ip with { PortId = null, FixedIpAddress = null, RouterId = null, IsOnHost = false, IsServed = false };
}
