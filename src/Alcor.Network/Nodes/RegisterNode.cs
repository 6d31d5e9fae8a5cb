using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>Makes a host known, or notes that its tunnel address or its physical networks are others now.</summary>
public sealed record RegisterNode(string Host, IPAddress TunnelAddress) : ICommand
{
    /// <summary>Null: the host says nothing of them, and has what it had.</summary>
    public ImmutableArray<string>? PhysicalNetworks { get; init; }

    public PartitionKey Lane => PartitionKey.Host(Host);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (snapshot.Find(Node.Type, Host) is not { } found)
            return new Decision().Create(Node.Type, As(new Node(Host, TunnelAddress, context.Now))).AndAnswer();
        var node = As(found.Value);
        return node.TunnelAddress.Equals(found.Value.TunnelAddress)
            && node.PhysicalNetworks.OrEmpty().SequenceEqual(found.Value.PhysicalNetworks.OrEmpty())
            ? new Decision()
            : new Decision().Update(Node.Type, node, found).AndAnswer();
    }

    private Node As(Node node) => node with
    {
        TunnelAddress = TunnelAddress,
        PhysicalNetworks = (PhysicalNetworks ?? node.PhysicalNetworks.OrEmpty()).OrAbsent(),
    };
}
