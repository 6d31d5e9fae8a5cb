using Alcor.Dataplane;

namespace Alcor.Simulation.Tests;

/// <summary>
/// What may go wrong in a world; a seed chooses some of it, so that each fault is also seen without others.
/// </summary>
[Flags]
internal enum Faults
{
    None = 0,
    StoreFails = 1,
    CommitUnknown = 2,
    ServerRestarts = 4,
    AgentRestarts = 8,
    SwitchRestarts = 16,
    SwitchDisconnects = 32,
    ConnectionCuts = 64,
    ConnectionStalls = 128,
    HostsPartitioned = 256,
    TunnelAddressChanges = 512,
    InterfacesFlap = 1024,
    All = 2047,
}

/// <summary>How large a world is, what happens in it and for how long. Everything else follows from the seed.</summary>
internal sealed record WorldSettings
{
    public required int Seed { get; init; }

    public int Hosts { get; init; } = 2;

    public int Servers { get; init; } = 1;

    public int Users { get; init; }

    /// <summary>Operations of all users together.</summary>
    public int Operations { get; init; }

    public Faults Faults { get; init; }

    /// <summary>Mean virtual time between two faults.</summary>
    public TimeSpan FaultInterval { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Virtual time in which faults happen and users ask.</summary>
    public TimeSpan Turmoil { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Virtual time after it in which everything must come right.</summary>
    public TimeSpan Recovery { get; init; } = TimeSpan.FromSeconds(200);

    /// <summary>Whether what is ready runs in any order rather than in turn.</summary>
    public bool IsShuffled { get; init; }

    /// <summary>The longest that a message or a call of the store takes when nothing is wrong.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(5);

    public DataplaneOptions Dataplane { get; init; } = new();

    public Mutation Mutation { get; init; }

    /// <summary>A world as a seed makes it: small worlds are many, large ones few.</summary>
    public static WorldSettings For(int seed)
    {
        var random = new Random(seed);
        var faults = Faults.None;
        for (var fault = 1; fault < (int)Faults.All; fault <<= 1)
        {
            if (random.Next(3) == 0)
                faults |= (Faults)fault;
        }
        return new WorldSettings
        {
            Seed = seed,
            Hosts = 2 + Math.Min(random.Next(5), random.Next(5)),
            Servers = 1 + random.Next(2),
            Users = 1 + random.Next(4),
            Operations = 15 + random.Next(40),
            Faults = faults,
            FaultInterval = TimeSpan.FromSeconds(1 + random.Next(8)),
            Turmoil = TimeSpan.FromSeconds(10 + random.Next(40)),
            IsShuffled = random.Next(2) == 0,
            Latency = TimeSpan.FromMilliseconds(random.Next(3) switch { 0 => 1, 1 => 10, _ => 200 }),
            Dataplane = new DataplaneOptions
            {
                UnacknowledgedMax = 1 + random.Next(4),
                MessageBytesMax = random.Next(3) switch { 0 => 200, 1 => 1_000, _ => 512 * 1024 },
                WindowDeltasMax = random.Next(2) == 0 ? 2 : 1_024,
                PartitionIdle = TimeSpan.FromSeconds(1 + random.Next(60)),
            },
        };
    }
}

/// <summary>
/// A mistake that a world makes on purpose, in the simulator's own wrappers, to see whether the oracle notices.
/// </summary>
internal enum Mutation
{
    None,
    StoreLosesClaims,
    StoreLosesGuards,
    StoreSkipsRevision,
    StoreAcknowledgesWithoutCommit,
    StoreTakesMissingForEmpty,
    StoreForgetsUnbinding,
    ChannelDropsUpdate,
    ChannelRelabelsOldEntries,
    ChannelSynchronizesEarly,
    SwitchIgnoresDeletes,
    SwitchAcknowledgesWithoutApplying,
    AgentStartsWithAnEmptySwitch,
    AgentDeletesBeforeSynchronized,
    StatusIgnoresGeneration,
    StatusOverwritesUsers,
    SwitchMixesNetworks,
}
