using Alcor.Kernel.Resources;

namespace Alcor.Network.AddressScopes;

/// <summary>What the Networking API can ask of address scopes.</summary>
public sealed class AddressScopeCommands : IResourceCommands
{
    public IResourceType Type => AddressScope.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateAddressScopes(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateAddressScope(((AddressScope)current.Value).Id, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteAddressScope(((AddressScope)current.Value).Id, change.IfRevision);
}
