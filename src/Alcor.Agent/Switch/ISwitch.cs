using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.OpenFlow;

namespace Alcor.Agent.Switch;

/// <summary>
/// The one way to a data plane. Calls other than <see cref="RunAsync"/> come one at a time, and only between the report
/// of a <see cref="SwitchConnected"/> and what ends it.
/// </summary>
public interface ISwitch
{
    /// <summary>
    /// Keeps the switch set up and connected until cancelled, and reports what happens there, in order. A report may
    /// take its time: the switch waits.
    /// </summary>
    Task RunAsync(ReportSwitchEvent report, CancellationToken cancellationToken);

    /// <summary>All flows with a cookie of ours.</summary>
    /// <exception cref="SwitchUnavailableException"/>
    Task<IReadOnlyList<Flow>> DumpAsync(CancellationToken cancellationToken);

    /// <summary>Applies all changes in their order, atomically, or none.</summary>
    /// <returns>The changes that the switch refuses, at least the first; empty: all are committed.</returns>
    /// <exception cref="SwitchUnavailableException">It is not known which of the changes were applied.</exception>
    Task<IReadOnlyList<FlowRejection>> ApplyAsync(
        IReadOnlyList<FlowChange> changes, CancellationToken cancellationToken);

    /// <summary>All meters with an id of ours.</summary>
    /// <exception cref="SwitchUnavailableException"/>
    Task<IReadOnlyList<Meter>> DumpMetersAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes each change that the switch does not refuse, in their order. A meter that goes takes the flows along that
    /// use it; one that changes goes on with a full bucket.
    /// </summary>
    /// <remarks>Not atomically: Open vSwitch takes no meters into a bundle.</remarks>
    /// <returns>The changes that the switch refuses; empty: all are made.</returns>
    /// <exception cref="SwitchUnavailableException">It is not known which of the changes were made.</exception>
    Task<IReadOnlyList<MeterRejection>> ApplyMetersAsync(
        IReadOnlyList<MeterChange> changes, CancellationToken cancellationToken);

    /// <summary>Runs actions on a packet, once and without an answer.</summary>
    /// <exception cref="SwitchUnavailableException"/>
    Task SendAsync(ReadOnlyMemory<byte> frame, ValueList<FlowAction> actions, CancellationToken cancellationToken);

    /// <summary>
    /// The switch forgets connections; of each the next packet is new. One that cannot tell connections of a zone apart
    /// forgets the zone.
    /// </summary>
    /// <exception cref="SwitchUnavailableException"/>
    Task FlushConntrackAsync(ConnectionFilter which, CancellationToken cancellationToken);
}

public delegate ValueTask ReportSwitchEvent(ISwitchEvent happened, CancellationToken cancellationToken);

/// <summary>What a switch reports: one of the records of this file.</summary>
public interface ISwitchEvent;

/// <summary>Flows can be programmed now. What the switch holds is unknown: it may have been restarted.</summary>
public sealed record SwitchConnected : ISwitchEvent;

public sealed record SwitchDisconnected(string Reason) : ISwitchEvent;

/// <summary>The facts, complete; first when they are known, then when they change.</summary>
public sealed record FactsReported(SwitchFacts Facts) : ISwitchEvent;

/// <summary>A packet that a flow sent to the agent.</summary>
public sealed record PacketPunted(uint InPort, ReadOnlyMemory<byte> Frame) : ISwitchEvent
{
    /// <summary>The table of that flow.</summary>
    public byte Table { get; init; }

    public ulong Cookie { get; init; }

    /// <summary>The registers as the flow saw them, from 0 on; those that are not there were 0.</summary>
    public ValueList<uint> Registers { get; init; }

    public static PacketPunted From(PacketInEvent packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return new PacketPunted(packet.InPort, packet.Data.AsSpan().ToArray())
        {
            Table = packet.Table, Cookie = packet.Cookie,
            Registers = Enumerable.Range(0, Field.RegisterCount)
                .Select(number => (uint)packet[Field.Register(number)]).ToValueList(),
        };
    }

    public uint Register(int number) => number < Registers.Count ? Registers[number] : 0;
}

/// <param name="IsDelete">False: the flow is there afterwards, whatever was at its place before.</param>
public readonly record struct FlowChange(Flow Flow, bool IsDelete)
{
    /// <summary>
    /// Deletes go by cookie too: what another hand put at the flow's place since is not ours to delete.
    /// </summary>
    public FlowMod ToFlowMod() => IsDelete
        ? new FlowMod(FlowModCommand.DeleteStrict, Flow with { Instructions = [] }) { CookieMask = Cookies.OursMask }
        : FlowMod.Add(Flow);

    public override string ToString() => $"{(IsDelete ? '-' : '+')} {Flow}";
}

/// <summary>A change that the switch refuses, and what it says about it.</summary>
public sealed record FlowRejection(FlowChange Change, string Reason);

public readonly record struct MeterChange(MeterModCommand Command, Meter Meter)
{
    public override string ToString() => $"{Command} {Meter}";
}

/// <summary>A change that the switch refuses, and what it says about it.</summary>
public sealed record MeterRejection(MeterChange Change, string Reason);

/// <summary>The connection to the switch is gone; <see cref="SwitchDisconnected"/> is reported too.</summary>
public sealed class SwitchUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
