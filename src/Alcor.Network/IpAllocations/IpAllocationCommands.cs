using Alcor.Kernel.Resources;

namespace Alcor.Network.IpAllocations;

/// <summary>What Alcor's own API can ask of addresses: that ports do not get them, or may again.</summary>
/// <remarks>
/// Whoever creates says of which network the subnet is (<see cref="IpAllocationAttributes.NetworkId"/>), which orders
/// it with the network's ports.
/// </remarks>
public sealed class IpAllocationCommands : IResourceCommands
{
    public IResourceType Type => IpAllocation.Type;

    public Verbs Verbs => Verbs.Create | Verbs.Delete;

    public ICommand Create(IReadOnlyList<NewResource> items) => new ReserveAddresses(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        throw new NotSupportedException("addresses do not change");

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new ReleaseAddresses([(IpAllocation)current.Value], change.IfRevision);
}
