using Alcor.Kernel.Resources;

namespace Alcor.Network.Subnets;

/// <summary>What the Networking API can ask of subnets.</summary>
public sealed class SubnetCommands : IResourceCommands
{
    public IResourceType Type => Subnet.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateSubnets(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateSubnet((Subnet)current.Value, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteSubnet((Subnet)current.Value, change.IfRevision);
}
