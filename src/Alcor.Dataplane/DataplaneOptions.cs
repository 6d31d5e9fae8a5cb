namespace Alcor.Dataplane;

/// <summary>What an operator may set, each with its reason. The defaults suit hosts of one data centre.</summary>
public sealed record DataplaneOptions
{
    /// <summary>A host that has said nothing for so long is gone; a third of it is the pause between
    /// heartbeats.</summary>
    public TimeSpan Liveness { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the store is told that a host is still there: one small commit a host.</summary>
    public TimeSpan AliveReportInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Updates, each of another partition, that one host has not acknowledged: what it may be busy
    /// with.</summary>
    public int UnacknowledgedMax { get; init; } = 32;

    /// <summary>Bytes of one message: an eighth of what a gRPC peer takes, so that a heartbeat never waits
    /// long.</summary>
    public int MessageBytesMax { get; init; } = 512 * 1024;

    /// <summary>Deltas of a partition that are kept: what a session may fall behind without a look at the
    /// store.</summary>
    public int WindowDeltasMax { get; init; } = 1_024;

    /// <summary>Bytes of the kept deltas of one partition: some 40,000 neighbours.</summary>
    public int WindowBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>A partition that nobody follows is forgotten after this: longer than a host takes to connect
    /// again.</summary>
    public TimeSpan PartitionIdle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often followed partitions are compared with the store, should word of a commit have been
    /// lost.</summary>
    public TimeSpan AuditInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause before the store is asked again after it failed.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>Bounds that follow from the protocol rather than from a deployment, each with its reason.</summary>
public static class DataplaneLimits
{
    /// <summary>Characters of a host's name: what Neutron keeps of binding:host_id.</summary>
    public const int HostCharactersMax = 255;

    /// <summary>Partitions that a Hello may name: more networks than a host has ports.</summary>
    public const int HeldMax = 16_384;

    /// <summary>Settings that an agent shows of itself, and the characters of all of them together (Neutron:
    /// 4095).</summary>
    public const int ConfigurationsMax = 64;

    public const int ConfigurationCharactersMax = 4_000;

    /// <summary>Results in one Ack; the agents send a tenth.</summary>
    public const int ResultsMax = 10_000;

    /// <summary>Results that wait for the store when a host connects: all ports of a large host, and more.</summary>
    public const int EarlyResultsMax = 100_000;

    /// <summary>Problems kept of a host and partition beyond one for each entry: entries that are about to
    /// go.</summary>
    public const int SpareProblemsMax = 1_024;

    /// <summary>Characters kept of the reason why an entry is not applied.</summary>
    public const int ReasonCharactersMax = 256;

    /// <summary>Ports of one network and host reported by one command: a tenth of a lane's batch of work.</summary>
    public const int ObservationsMax = 500;

    /// <summary>Gateways of routers placed side by side: of a host that had thousands, some ten commits a second each
    /// way would be slow, and all at once would fill the store's queue.</summary>
    public const int GatewaysPlacedAtOnce = 32;

    /// <summary>Updates of a host's own partition whose times are remembered: 3 KB a host.</summary>
    public const int RevisionTimesMax = 64;

    /// <summary>Ports of which it is remembered when they became ACTIVE: some 10 MB.</summary>
    public const int ActivationsMax = 65_536;
}
