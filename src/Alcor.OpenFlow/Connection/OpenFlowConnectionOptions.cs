namespace Alcor.OpenFlow;

/// <summary>The limits of a connection, each with the reason for its default.</summary>
public sealed record OpenFlowConnectionOptions
{
    public static OpenFlowConnectionOptions Default { get; } = new();

    /// <summary>Offered in HELLO; the highest that both sides speak is used.</summary>
    public ValueList<OpenFlowVersion> Versions { get; init; } =
        [OpenFlowVersion.OpenFlow13, OpenFlowVersion.OpenFlow14];

    /// <summary>
    /// Bytes of a missed packet that the switch sends up; on the management socket 0 would mean none.
    /// </summary>
    public ushort MissSendLength { get; init; } = ushort.MaxValue;

    /// <summary>
    /// What flows see of fragments. Otherwise than the switch's own default, first fragments have their ports, so that
    /// what is said of ports is said of fragmented packets too.
    /// </summary>
    public FragmentHandling Fragments { get; init; } = FragmentHandling.Match;

    /// <summary>Silence after which the switch is asked for an echo.</summary>
    public TimeSpan KeepaliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Silence after which the connection counts as lost. Open vSwitch pauses for seconds when a big bundle commits or
    /// when its database is down, so this is generous.
    /// </summary>
    public TimeSpan KeepaliveTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Packet-ins waiting to be read; beyond it the oldest is dropped and counted. 1024 of 1500 bytes: 1.5 MB.
    /// </summary>
    public int PacketInCapacity { get; init; } = 1024;

    /// <summary>Port changes waiting to be read; a reader that lost some must ask for the ports again.</summary>
    public int PortStatusCapacity { get; init; } = 4096;

    /// <summary>
    /// Flow-mods in one bundle: the switch forwards nothing new while it commits, some 0.3 s for as many.
    /// </summary>
    public int BundleFlowsMax { get; init; } = 50_000;

    /// <summary>Flows in one dump; 743 bytes each in the switch, so this is far beyond what a host has.</summary>
    public int DumpFlowsMax { get; init; } = 2_000_000;

    /// <summary>Meters in one dump; the datapaths of Open vSwitch have at most 262,144.</summary>
    public int DumpMetersMax { get; init; } = 300_000;

    /// <summary>Bytes gathered before they are written; also how long an echo reply waits behind a batch.</summary>
    public int WriteChunk { get; init; } = 64 * 1024;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>OpenFlow 1.3.5 section 7.3.2, enum ofp_config_flags, with what Open vSwitch adds.</summary>
public enum FragmentHandling
{
    /// <summary>Fragments go through the tables without ports.</summary>
    Normal = 0,

    Drop = 1,

    /// <summary>OFPC_FRAG_NX_MATCH: first fragments have their ports, the others none.</summary>
    Match = 3,
}

/// <summary>How a batch of flow-mods reaches the switch.</summary>
public enum FlowDelivery
{
    /// <summary>In bundles: each of them applies as a whole, or not at all.</summary>
    Bundle,

    /// <summary>One by one, then a barrier: what the switch refuses is left out, the rest applies.</summary>
    Barrier,
}

/// <summary>A flow-mod that the switch refused, by its place in the batch.</summary>
public sealed record FlowFailure(int Index, FlowMod Change, OpenFlowError Error)
{
    public override string ToString() => $"{Change.Command} {Change.Flow}: {Error}";
}

/// <summary>
/// What became of a batch: how many of its flow-mods apply, and which the switch refused. In bundles, those before
/// <see cref="Applied"/> apply and all others do not, whether or not they are to blame.
/// </summary>
public sealed record FlowBatchResult(int Applied, ValueList<FlowFailure> Failures)
{
    public bool IsComplete => Failures.Count == 0;
}
