using Alcor.Kernel.Resources;

namespace Alcor.Network.Networks;

/// <summary>What the Networking API can ask of networks.</summary>
public sealed class NetworkCommands(NetworkSettings settings) : IResourceCommands
{
    public IResourceType Type => Network.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateNetworks(settings, items);

    public ICommand Update(Stamped<object> current, Body body, long? ifRevision) =>
        new UpdateNetwork(settings, ((Network)current.Value).Id, body, ifRevision);

    public ICommand Delete(Stamped<object> current, long? ifRevision) =>
        new DeleteNetwork(((Network)current.Value).Id, ifRevision);
}
