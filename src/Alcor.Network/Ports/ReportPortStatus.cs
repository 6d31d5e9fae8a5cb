using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;

namespace Alcor.Network.Ports;

/// <summary>What a host says of a port.</summary>
/// <param name="Generation">The generation that it speaks of; what it says of an older one is out of date.</param>
/// <param name="Status">One of <see cref="PortStatus"/>: ACTIVE, DOWN or ERROR.</param>
public sealed record PortReport(string PortId, long Generation, string Status);

/// <summary>
/// Takes note of what a host says of its ports of one network. What is out of date changes nothing: what it says of an
/// older generation, or said in a session before the one that connected last. The answer is the ports that it changed.
/// </summary>
public sealed record ReportPortStatus(string NetworkId, AgentSession Session, IReadOnlyList<PortReport> Reports)
    : ICommand
{
    public IReadOnlyList<ResourceKey> Reads => [AgentSession.Type.Key(Session.Host)];

    public PartitionKey Lane => PartitionKey.Network(NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var last = context.Read(AgentSession.Type, Session.Host);
        var decision = new Decision();
        if (last?.Value != Session)
            return decision;
        foreach (var report in Reports)
        {
            if (snapshot.Find(Port.Type, report.PortId) is not { } found)
                continue;
            var port = found.Value;
            var status = port.AdminStateUp ? report.Status : PortStatus.Down;
            var isCurrent = port.HostId == Session.Host && port.IsBound && port.Generation == report.Generation;
            if (isCurrent && port.Status != status)
                decision.Update(Port.Type, port with { Status = status }, found).AndAnswer();
        }
        return decision.Changes.Count > 0 ? decision.RestsOn(AgentSession.Type, Session.Host, last) : decision;
    }
}
