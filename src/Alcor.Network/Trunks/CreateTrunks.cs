using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.Trunks;

internal sealed record CreateTrunks(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.Trunk(Items[0].Id);

    public IReadOnlyList<ResourceKey> Reads =>
    [
        .. Items.Select(item => Port.Type.Key(item.Body.Get(TrunkAttributes.PortId))),
        .. Items.SelectMany(item => item.Body.Get(TrunkAttributes.SubPorts))
            .Select(port => Port.Type.Key(port.PortId)),
    ];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var ports = new TrunkPorts(context);
        for (var i = 0; i < Items.Count; i++)
        {
            var item = Items[i];
            var checks = new SubPortChecks(ports, item.Caller);
            var trunk = Build(item, context.Now);
            if (checks.CheckParent(trunk.PortId) is { } unfit)
                return unfit.OfItem(i, Trunk.Type.Collection);
            var whole = checks.Add(trunk, item.Body.Get(TrunkAttributes.SubPorts));
            if (whole.Error is { } error)
                return error.OfItem(i, Trunk.Type.Collection);
            ports.Follow(before: null, whole.Value);
            decision.Create(Trunk.Type, whole.Value).AndAnswer();
        }
        return ports.ApplyTo(decision);
    }

    /// <summary>Without its subports.</summary>
    private static Trunk Build(NewResource item, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(TrunkAttributes.Name),
            item.Body.Get(TrunkAttributes.Description),
            item.Body.Get(TrunkAttributes.AdminStateUp),
            item.Body.Get(TrunkAttributes.PortId),
            SubPorts: [],
            Tags: [],
            now,
            now);
}
