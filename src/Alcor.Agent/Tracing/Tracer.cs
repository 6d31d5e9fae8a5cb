using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tracing;

/// <summary>
/// Follows one packet of a machine through the flows that hosts should have, and tells its way in words. Pure: from
/// what hosts must know, by the same Render that they use, on switches in memory.
/// </summary>
/// <remarks>
/// What is taken for granted: bound ports are plugged, the machine is configured as DHCP tells it, a physical network
/// has whoever a router asks for there, and no connection has begun before.
/// </remarks>
public sealed class Tracer
{
    /// <summary>Somebody in a network outside, of whom nothing is known but that he answers.</summary>
    private static readonly MacAddress Outsider = new(0x02_00_5e_00_00_01);

    private readonly TraceQuestion _question;
    private readonly TraceNames _names;
    private readonly Narrator _narrator;
    private readonly TracedFabric _fabric;

    private Tracer(
        TraceQuestion question,
        IReadOnlyCollection<TracedHost> hosts,
        ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress> outside,
        TraceNames names)
    {
        (_question, _names) = (question, names);
        _narrator = new Narrator(names);
        _fabric = new TracedFabric(hosts, outside, _narrator, names);
    }

    /// <param name="hosts">That of the port first; then those that were missing before.</param>
    public static TraceOutcome Trace(
        TraceQuestion question, IReadOnlyCollection<TracedHost> hosts, TraceNames names)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(hosts);
        var outside = ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress>.Empty;
        while (true)
        {
            var tracer = new Tracer(question, hosts, outside, names);
            var (report, journeys) = tracer.Run(hosts.First());
            if (journeys.Select(journey => journey.MissingHost).FirstOrDefault(host => host is not null) is { } missing)
                return new TraceOutcome(null, missing);
            // Whom a router seeks outside, the agent asks for, and the next packet finds him.
            var known = outside.Count;
            foreach (var sought in journeys.SelectMany(journey => journey.Sought))
                outside = outside.SetItem(sought, Outsider);
            if (outside.Count == known)
                return new TraceOutcome(report, null);
        }
    }

    private (TraceReport Report, List<Journey> Journeys) Run(TracedHost home)
    {
        var there = new Journey();
        var machine = new TracedMachine(_fabric.At(home.TunnelAddress)!, _question.Port);
        var source = _question.Source ?? machine.SourceFor(_question.Destination);
        if (source is null)
        {
            var family = _question.Destination.Alone().IsIpv4() ? "IPv4" : "IPv6";
            Say(there, machine, $"{_names.Of("port", _question.Port)} has no {family} address to send from");
            return (Report(there, machine, null), [there]);
        }
        var message = new Message(source, _question.Destination, _question.Protocol, MachineFrames.Begin(_question));
        Send(machine, message, there);
        var report = Report(there, machine, message);
        if (!_question.WithReply || report.Verdict is not (TraceVerdict.Delivered or TraceVerdict.Left))
            return (report, [there]);
        var back = new Journey();
        var answered = there.Arrivals is [var arrival, ..] ? Answer(arrival, back) : AnswerFromOutside(there, back);
        return (report with { Reply = answered }, [there, back]);
    }

    private TraceReport? Answer(Arrival arrival, Journey back)
    {
        if (!IpFrame.TryParse(arrival.Packet.Bytes, out var received))
            return null;
        var machine = new TracedMachine(arrival.Host, arrival.Port);
        var message = new Message(
            received.Destination, received.Source, received.Protocol, MachineFrames.Answer(received));
        Send(machine, message, back);
        return Report(back, machine, message);
    }

    /// <summary>Comes in where the packet went out.</summary>
    private TraceReport? AnswerFromOutside(Journey there, Journey back)
    {
        var (host, port, sent) = there.Departures[0];
        if (!IpFrame.TryParse(sent.PopVlan().Bytes, out var received))
            return null;
        var answer = MachineFrames.Ip(
            (received.DestinationMac, received.Destination), (received.SourceMac, received.Source),
            received.Protocol, MachineFrames.Answer(received));
        if (sent.Has(Field.VlanVid))
            answer = TracedPacket.InVlan(answer, TracedPacket.VlanOf(sent));
        back.Steps.Add(new TraceStep(
            _names.Host(host.Host.Name), null, null, $"somebody outside answers {TracedPacket.Describe(answer)}"));
        _fabric.Send(host, port, answer, back);
        return Report(back, machine: null, message: null);
    }

    /// <summary>The machine finds whom to hand it to, and sends it.</summary>
    private void Send(TracedMachine machine, Message message, Journey journey)
    {
        var who = _names.Of("port", machine.Port);
        if (machine.NextHopTo(message.Destination) is not { } hop)
        {
            Say(journey, machine, $"{who} has no route to {message.Destination}: its subnet has no gateway");
            return;
        }
        var by = hop.Equals(message.Destination) ? "" : $" by its gateway {hop}";
        var asker = machine.SourceFor(hop) ?? message.Source;
        var said = journey.Steps.Count;
        if (Resolve(machine, asker, hop, journey) is not { } mac)
        {
            journey.Steps.Insert(said, StepOf(machine, $"{who} would send to {message.Destination}{by}"));
            return;
        }
        var packet = MachineFrames.Ip(
            (machine.Value.Mac, message.Source), (mac, message.Destination), message.Protocol, message.Payload);
        Say(journey, machine, $"{who} sends {TracedPacket.Describe(packet)}{by}");
        _fabric.Send(machine.Host, machine.Number, machine.Tagged(packet), journey);
    }

    /// <summary>Asks for the MAC address of an address as a machine does; null: nobody answers.</summary>
    private MacAddress? Resolve(TracedMachine machine, IPAddress asker, IPAddress target, Journey journey)
    {
        var asking = new Journey();
        var question = MachineFrames.Ask((machine.Value.Mac, asker), target);
        _fabric.Send(machine.Host, machine.Number, machine.Tagged(question), asking);
        journey.MissingHost ??= asking.MissingHost;
        journey.Flows.AddRange(asking.Flows);
        var answer = asking.Arrivals.Find(one => one.Port == machine.Port);
        if (answer is not null)
        {
            journey.Steps.AddRange(asking.Steps);
            return TracedPacket.MacOf(answer.Packet, Field.EthSrc);
        }
        foreach (var asked in asking.Arrivals)
        {
            if (new TracedMachine(asked.Host, asked.Port).MacFor(target) is not { } mac)
                continue;
            Say(journey, machine, $"{_names.Of("port", asked.Port)} may have {target} by an allowed address pair: "
                + "if it does, it answers");
            return mac;
        }
        if (asking.Departures.Count > 0)
        {
            Say(journey, machine, $"whoever has {target} in the physical network answers");
            return Outsider;
        }
        journey.Steps.AddRange(asking.Steps);
        return null;
    }

    private TraceReport Report(Journey journey, TracedMachine? machine, Message? message)
    {
        foreach (var arrival in journey.Arrivals)
        {
            journey.Steps.Add(new TraceStep(
                _names.Host(arrival.Host.Host.Name), null, null, $"delivered to {_names.Of("port", arrival.Port)}"));
        }
        var first = journey.Arrivals.FirstOrDefault();
        var verdict = first is not null
            ? IsAnswer(first, machine, message) ? TraceVerdict.Answered : TraceVerdict.Delivered
            : journey.IsServed ? TraceVerdict.Answered
            : journey.Departures.Count > 0 ? TraceVerdict.Left
            : journey.IsPunted ? TraceVerdict.Punted
            : TraceVerdict.Dropped;
        var to = first is null ? null : new TraceTarget(
            _names.Hides(first.Port) ? null : first.Port, _names.Host(first.Host.Host.Name));
        return new TraceReport(verdict, to, [.. journey.Steps], [.. journey.Flows]);
    }

    /// <summary>It comes back to the machine from where that sent it to.</summary>
    private static bool IsAnswer(Arrival arrival, TracedMachine? machine, Message? message) =>
        machine is not null && message is not null && arrival.Port == machine.Port
            && message.Destination.Equals(TracedPacket.SourceOf(arrival.Packet))
            && message.Source.Equals(TracedPacket.DestinationOf(arrival.Packet));

    private void Say(Journey journey, TracedMachine machine, string text) => journey.Steps.Add(StepOf(machine, text));

    private TraceStep StepOf(TracedMachine machine, string text) =>
        new(_names.Host(machine.Host.Host.Name), null, null, text);

    private sealed record Message(
        IPAddress Source, IPAddress Destination, byte Protocol, ReadOnlyMemory<byte> Payload);
}
