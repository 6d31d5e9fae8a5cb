using System.Collections.Immutable;
using System.Net;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tracing;

/// <summary>What becomes of a packet.</summary>
public enum TraceVerdict
{
    /// <summary>No table lets it through, or the machine cannot send it.</summary>
    Dropped,

    /// <summary>The agent of a host gets it, which answers it or tells the sender why it is not delivered.</summary>
    Punted,

    /// <summary>It goes to a physical network, where Alcor knows nobody who has the address.</summary>
    Left,

    /// <summary>A host answers it: its switch in place of a router, or a service of its own.</summary>
    Answered,

    /// <summary>The machine of a port receives it.</summary>
    Delivered,
}

/// <summary>Whose flow it was.</summary>
/// <param name="Id">Null: it is of a project of which whoever asks may know nothing.</param>
/// <param name="Name">Empty: it has none, or it may not be known.</param>
public sealed record TraceOwner(EntryKind Kind, Guid? Id, string Name);

/// <summary>Something that happened to the packet, in words.</summary>
/// <param name="Table">Null: it happened before the first table or after the last.</param>
public sealed record TraceStep(string Host, byte? Table, TraceOwner? Owner, string Text);

/// <summary>Who received it.</summary>
/// <param name="Port">Null: of a project of which whoever asks may know nothing.</param>
public sealed record TraceTarget(Guid? Port, string Host);

/// <summary>A packet's way.</summary>
/// <param name="To">Who received it, if anybody did; the first, if several.</param>
/// <param name="Flows">Each flow that it met, as Open vSwitch writes it, after the name of the host.</param>
public sealed record TraceReport(
    TraceVerdict Verdict, TraceTarget? To, ImmutableArray<TraceStep> Steps, ImmutableArray<string> Flows)
{
    /// <summary>The way of the answer; null: it was not asked for, or there is none.</summary>
    public TraceReport? Reply { get; init; }
}

/// <summary>The report, or what is needed before there can be one.</summary>
/// <param name="MissingHost">The tunnel address of a host that the packet comes to.</param>
public sealed record TraceOutcome(TraceReport? Report, IPAddress? MissingHost);
