using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network;

/// <summary>
/// What a decision sees: its own partition as the commands before it leave it behind, others as they were read.
/// </summary>
internal readonly record struct Sight(Snapshot Lane, DecideContext Context)
{
    public Snapshot Of(PartitionKey partition) =>
        partition == Lane.Partition ? Lane : Context.Partition(partition);
}
