using Alcor.Kernel.Resources;

namespace Alcor.Network.Networks;

/// <summary>What the Networking API can ask of networks.</summary>
public sealed class NetworkCommands(NetworkSettings settings) : IResourceCommands
{
    public IResourceType Type => Network.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateNetworks(settings, items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateNetwork(settings, ((Network)current.Value).Id, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteNetwork(((Network)current.Value).Id, change.IfRevision);
}
