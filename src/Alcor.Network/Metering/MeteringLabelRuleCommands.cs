using Alcor.Kernel.Resources;

namespace Alcor.Network.Metering;

/// <summary>What the Networking API can ask of the rules of metering labels.</summary>
public sealed class MeteringLabelRuleCommands : IResourceCommands
{
    public IResourceType Type => MeteringLabelRule.Type;

    public Verbs Verbs => Verbs.Create | Verbs.Delete;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateMeteringLabelRules(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        throw new NotSupportedException("rules do not change");

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteMeteringLabelRule((MeteringLabelRule)current.Value, change.IfRevision);
}
