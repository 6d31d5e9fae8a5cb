using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.FloatingIps;

/// <summary>What the Networking API can ask of port forwardings.</summary>
public sealed class PortForwardingCommands : IResourceCommands
{
    public IResourceType Type => PortForwarding.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreatePortForwardings(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdatePortForwarding((PortForwarding)current.Value, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeletePortForwarding((PortForwarding)current.Value, change.IfRevision);
}

internal sealed record DeletePortForwarding(PortForwarding Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(PortForwarding.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var decision = new Decision().Delete(PortForwarding.Type, found.Value).AndAnswer();
        return snapshot.Find(FloatingIp.Type, Current.FloatingIpId) is { } ip
            ? decision.ChangeFloatingIp(ip.Value.WithoutForwardings([Current.Id]), ip)
            : decision;
    }
}

/// <summary>The copies of its port forwardings that a floating IP keeps.</summary>
internal static class KeptForwardings
{
    public static FloatingIp WithForwarding(this FloatingIp ip, PortForwarding forwarding, string routerId)
    {
        var present = ip.PortForwardings.FirstOrDefault(one => one.Id == forwarding.Id);
        return ip with
        {
            RouterId = routerId,
            PortForwardings = present is null
                ? ip.PortForwardings.Add(forwarding)
                : ip.PortForwardings.Replace(present, forwarding),
        };
    }

    /// <summary>Without the last of them it leads nowhere.</summary>
    public static FloatingIp WithoutForwardings(this FloatingIp ip, IReadOnlyCollection<string> ids)
    {
        var left = ip.PortForwardings.RemoveAll(one => ids.Contains(one.Id));
        return left.IsEmpty
            ? ip.Disassociated() with { PortForwardings = left }
            : ip with { PortForwardings = left };
    }
}
