using Alcor.Kernel.Resources;

namespace Alcor.Network.Qos;

/// <summary>What the Networking API can ask of the QoS rules of one kind.</summary>
/// <param name="type">How the API shows them: below their policy, or as an alias.</param>
public sealed class QosRuleCommands(QosRuleKind kind, ResourceType<QosRule> type) : IResourceCommands
{
    public IResourceType Type => type;

    public Verbs Verbs { get; init; } = Verbs.All;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateQosRules(kind, items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateQosRule(kind, (QosRule)current.Value, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteQosRule(kind, (QosRule)current.Value, change.IfRevision);
}
