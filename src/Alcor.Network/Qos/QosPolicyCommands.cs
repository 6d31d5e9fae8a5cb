using Alcor.Kernel.Resources;

namespace Alcor.Network.Qos;

/// <summary>What the Networking API can ask of QoS policies.</summary>
public sealed class QosPolicyCommands : IResourceCommands
{
    public IResourceType Type => QosPolicy.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateQosPolicies(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateQosPolicy(((QosPolicy)current.Value).Id, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteQosPolicy(((QosPolicy)current.Value).Id, change.IfRevision);
}
