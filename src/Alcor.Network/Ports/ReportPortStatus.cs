using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Ports;

/// <summary>What a host says of a port.</summary>
/// <param name="Generation">The generation that it speaks of; what it says of an older one is out of date.</param>
/// <param name="Status">One of <see cref="PortStatus"/>: ACTIVE, DOWN or ERROR.</param>
public sealed record PortReport(string PortId, long Generation, string Status);

/// <summary>Takes note of what a host says of its ports of one network. What is out of date changes nothing.</summary>
public sealed record ReportPortStatus(string NetworkId, string HostId, IReadOnlyList<PortReport> Reports) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        foreach (var report in Reports)
        {
            if (snapshot.Find(Port.Type, report.PortId) is not { } found)
                continue;
            var port = found.Value;
            var status = port.AdminStateUp ? report.Status : PortStatus.Down;
            if (port.HostId == HostId && port.IsBound && port.Generation == report.Generation && port.Status != status)
                decision.Update(Port.Type, port with { Status = status }, found);
        }
        return decision;
    }
}
