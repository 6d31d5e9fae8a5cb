using Alcor.Kernel.Resources;

namespace Alcor.Network.Ports;

/// <summary>What the Networking API can ask of ports.</summary>
public sealed class PortCommands(NetworkSettings settings) : IResourceCommands
{
    public IResourceType Type => Port.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreatePorts(settings, items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdatePort(settings, (Port)current.Value, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeletePort((Port)current.Value, change.IfRevision);
}
