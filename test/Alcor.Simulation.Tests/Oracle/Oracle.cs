namespace Alcor.Simulation.Tests;

/// <summary>An invariant that did not hold.</summary>
internal sealed record Violation(string Invariant, string Detail)
{
    public override string ToString() => $"{Invariant}: {Detail}";
}

/// <summary>
/// Looks on and says which invariant did not hold first. It knows what was committed, and trusts nothing else.
/// </summary>
internal sealed class Oracle
{
    private readonly Simulation _world;

    public Oracle(Simulation world)
    {
        _world = world;
        Operations = new OperationLedger(this);
        Commits = new CommitOracle(world, this);
        Streams = new StreamOracle(world, this);
        Switches = new SwitchOracle(world, this);
        Packets = new PacketOracle(world, this);
        Recovery = new RecoveryOracle(world, this);
    }

    public Violation? Violation { get; private set; }

    public OperationLedger Operations { get; }

    public CommitOracle Commits { get; }

    public StreamOracle Streams { get; }

    public SwitchOracle Switches { get; }

    public PacketOracle Packets { get; }

    public RecoveryOracle Recovery { get; }

    /// <summary>The first one counts; the world stops at it.</summary>
    public void Violate(string invariant, string detail)
    {
        if (Violation is not null)
            return;
        Violation = new Violation(invariant, detail);
        _world.Trace.Write($"VIOLATION {Violation}");
    }

    /// <summary>Whether <paramref name="holds"/>; if not, that is what the world stops at.</summary>
    public bool Require(bool holds, string invariant, FormattableString detail)
    {
        if (!holds)
            Violate(invariant, FormattableString.Invariant(detail));
        return holds;
    }

    /// <summary>What servers keep in memory is bounded by what there is, not by what happened.</summary>
    public void CheckBounds()
    {
        const string rule = "queues are bounded";
        foreach (var server in _world.LiveServers)
        {
            // A port that moves is spoken of by both hosts.
            var ports = Commits.PortsEverSeen * _world.Hosts.Count;
            Require(server.Dataplane.WaitingObservationCount <= ports, rule,
                $"{server.Dataplane.WaitingObservationCount} observations wait for {ports} ports");
            Require(server.Dataplane.Relay.PartitionCount <= Commits.History.PartitionCount + _world.Hosts.Count, rule,
                $"{server.Dataplane.Relay.PartitionCount} partitions are kept");
            Require(server.Dataplane.SessionCount <= _world.Hosts.Count, rule,
                $"{server.Dataplane.SessionCount} sessions");
        }
    }

    /// <summary>What may have changed with any continuation that ran.</summary>
    public void AfterStep() => Streams.AfterStep();
}
