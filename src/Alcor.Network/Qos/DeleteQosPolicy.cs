using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Qos;

/// <summary>Deletes a policy that nothing refers to.</summary>
internal sealed record DeleteQosPolicy(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.QosPolicy(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(QosPolicy.Type, Id, IfRevision);
        return found.Error is { } error
            ? error
            : new Decision().Delete(QosPolicy.Type, found.Value).AndAnswer();
    }
}
