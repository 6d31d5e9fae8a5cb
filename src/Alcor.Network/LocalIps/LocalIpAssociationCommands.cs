using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.LocalIps;

/// <summary>What the Networking API can ask of the ports that local IPs mean.</summary>
public sealed class LocalIpAssociationCommands : IResourceCommands
{
    public IResourceType Type => LocalIpAssociation.Type;

    public Verbs Verbs => Verbs.Create | Verbs.Delete;

    public ICommand Create(IReadOnlyList<NewResource> items) => new AssociatePorts(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        throw new Kernel.InvariantException("an association does not change");

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DisassociatePort((LocalIpAssociation)current.Value);
}

/// <summary>
/// Lets a local IP mean further ports. Its network is found out first, so the lane is the local IP's own.
/// </summary>
internal sealed record AssociatePorts(IReadOnlyList<NewResource> Items) : ICommand
{
    private string LocalIpId => Items[0].Body.Get(LocalIpAssociationAttributes.LocalIpId);

    public PartitionKey Lane => new("local-ip", LocalIpId);

    public IReadOnlyList<ResourceKey> Reads =>
    [
        LocalIp.Type.Key(LocalIpId),
        .. Items.Select(item => Port.Type.Key(item.Body.Get(LocalIpAssociationAttributes.FixedPortId))),
    ];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (context.Read(LocalIp.Type, LocalIpId) is not { } found)
            return LocalIp.Type.Api.NotFound(LocalIpId);
        var ip = found.Value;
        var decision = new Decision();
        var made = new List<LocalIpAssociation>();
        foreach (var item in Items)
        {
            var portId = item.Body.Get(LocalIpAssociationAttributes.FixedPortId);
            if (context.Read(Port.Type, portId) is not { } port || !item.Caller.Sees(Port.Type, port.Value))
                return Errors.BadRequest("local_ip_port_association", $"Port {portId} not found");
            var address = LocalIpAddresses.Choose(
                port.Value, item.Body.Get(LocalIpAssociationAttributes.FixedIp));
            if (address.Error is { } unfit)
                return unfit;
            if (ip.Associations.OrEmpty().Any(one => one.PortId == portId))
                return LocalIpErrors.AssociationExists(ip.Id, portId);
            var meant = new AssociatedPort(portId, address.Value);
            ip = ip with { Associations = ip.Associations.OrEmpty().Add(meant) };
            made.Add(LocalIpAssociation.Of(ip, meant, port.Value));
            decision.RestsOn(Port.Type, portId, port);
        }
        return decision.Update(LocalIp.Type, ip, found).AnswerInstead(LocalIpAssociation.Type, made);
    }
}

internal sealed record DisassociatePort(LocalIpAssociation Current) : ICommand
{
    public PartitionKey Lane => new("local-ip", Current.LocalIpId);

    public IReadOnlyList<ResourceKey> Reads => [LocalIp.Type.Key(Current.LocalIpId)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (context.Read(LocalIp.Type, Current.LocalIpId) is not { } found)
            return LocalIp.Type.Api.NotFound(Current.LocalIpId);
        return found.Value.Associations.OrEmpty().Any(one => one.PortId == Current.FixedPortId)
            ? new Decision()
                .Update(LocalIp.Type, found.Value.Without(Current.FixedPortId), found)
                .AnswerInstead(LocalIpAssociation.Type, [Current])
            : LocalIpErrors.AssociationNotFound(Current.LocalIpId, Current.FixedPortId);
    }
}
