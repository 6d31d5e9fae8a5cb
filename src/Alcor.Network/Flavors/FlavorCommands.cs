using Alcor.Kernel.Resources;

namespace Alcor.Network.Flavors;

/// <summary>What the Networking API can ask of flavors.</summary>
public sealed class FlavorCommands : IResourceCommands
{
    public IResourceType Type => Flavor.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateFlavors(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateFlavor(((Flavor)current.Value).Id, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteFlavor(((Flavor)current.Value).Id, change.IfRevision);
}
