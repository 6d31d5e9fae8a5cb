using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Sharing;

/// <summary>
/// A share as a resource of its own, in the partition of what is shared: the two change together. Its id follows from
/// what it says, so that nothing can be shared twice in the same way.
/// </summary>
/// <param name="Partition">Where the shared resource lives, as text.</param>
public sealed record RbacPolicy(
    string Id, string ProjectId, string ObjectType, string ObjectId, string Partition, string Action, string Target)
{
    public static RbacPolicy Of(ResourceKey target, PartitionKey partition, string projectId, Share share) =>
        new(
            DerivedId.Of(target.ToString(), $"{share.Action}/{share.Target}"),
            projectId,
            target.Type,
            target.Id,
            partition.ToString(),
            share.Action,
            share.Target);
}
