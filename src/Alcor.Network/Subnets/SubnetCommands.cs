using Alcor.Kernel.Resources;

namespace Alcor.Network.Subnets;

/// <summary>What the Networking API can ask of subnets.</summary>
public sealed class SubnetCommands : IResourceCommands
{
    public IResourceType Type => Subnet.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateSubnets(items);

    public ICommand Update(Stamped<object> current, Body body, long? ifRevision) =>
        new UpdateSubnet((Subnet)current.Value, body, ifRevision);

    public ICommand Delete(Stamped<object> current, long? ifRevision) =>
        new DeleteSubnet((Subnet)current.Value, ifRevision);
}
