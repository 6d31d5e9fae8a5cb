using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>Makes a host known, or notes that its tunnel address is another one now.</summary>
public sealed record RegisterNode(string Host, IPAddress TunnelAddress) : ICommand
{
    public PartitionKey Lane => PartitionKey.Host(Host);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (snapshot.Find(Node.Type, Host) is not { } found)
            return new Decision().Create(Node.Type, new Node(Host, TunnelAddress, context.Now)).AndAnswer();
        return found.Value.TunnelAddress.Equals(TunnelAddress)
            ? new Decision()
            : new Decision().Update(Node.Type, found.Value with { TunnelAddress = TunnelAddress }, found).AndAnswer();
    }
}
