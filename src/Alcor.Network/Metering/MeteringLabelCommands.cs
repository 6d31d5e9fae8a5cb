using Alcor.Kernel.Resources;

namespace Alcor.Network.Metering;

/// <summary>What the Networking API can ask of metering labels.</summary>
public sealed class MeteringLabelCommands : IResourceCommands
{
    public IResourceType Type => MeteringLabel.Type;

    public Verbs Verbs => Verbs.Create | Verbs.Delete;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateMeteringLabels(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        throw new NotSupportedException("labels do not change");

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteMeteringLabel(((MeteringLabel)current.Value).Id, change.IfRevision);
}
