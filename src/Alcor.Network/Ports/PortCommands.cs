using Alcor.Kernel.Resources;

namespace Alcor.Network.Ports;

/// <summary>What the Networking API can ask of ports.</summary>
public sealed class PortCommands(NetworkSettings settings) : IResourceCommands
{
    public IResourceType Type => Port.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreatePorts(settings, items);

    public ICommand Update(Stamped<object> current, Body body, long? ifRevision) =>
        new UpdatePort(settings, (Port)current.Value, body, ifRevision);

    public ICommand Delete(Stamped<object> current, long? ifRevision) =>
        new DeletePort((Port)current.Value, ifRevision);
}
