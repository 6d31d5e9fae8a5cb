using System.Collections.Immutable;
using System.Net;
using System.Threading.Channels;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Services;
using Alcor.OpenFlow;

namespace Alcor.Agent.Switch;

/// <summary>
/// A switch in memory: for tests, and for hosts that are only simulated. Its tables are interpreted, so it refuses what
/// Open vSwitch refuses and says where a packet goes. It is told what happens to it, by any thread.
/// </summary>
public sealed class InMemorySwitch : ISwitch
{
    private static readonly FlowFilter Ours = new() { Cookie = Cookies.Ours, CookieMask = Cookies.OursMask };
    private readonly Lock _gate = new();
    // Not of the kind for a single reader, which cannot count.
    private readonly Channel<ISwitchEvent> _happened = Channel.CreateUnbounded<ISwitchEvent>();

    private FlowTableSwitch _tables = new();
    private SwitchFacts _facts;
    private bool _isUp = true;
    private bool _isWatched;

    public InMemorySwitch(IPAddress tunnelAddress, TunnelPorts tunnels)
    {
        _facts = new SwitchFacts(ImmutableDictionary<Guid, uint>.Empty, tunnels, tunnelAddress);
        UpdatePorts();
    }

    /// <summary>Why a change is refused beyond what the tables refuse; null lets it through.</summary>
    public Func<FlowChange, string?> Refuse { get; set; } = _ => null;

    /// <summary>Why a change of a meter is refused beyond what the tables refuse; null lets it through.</summary>
    public Func<MeterChange, string?> RefuseMeter { get; set; } = _ => null;

    /// <summary>Told of every change that was applied.</summary>
    public Action<FlowChange> Applied { get; set; } = _ => { };

    /// <summary>Told of every change of a meter that was made.</summary>
    public Action<MeterChange> MeterApplied { get; set; } = _ => { };

    /// <summary>Told of every packet of the agent that leaves through a port.</summary>
    public Action<SwitchOutput> Sent { get; set; } = _ => { };

    public IReadOnlyList<Flow> Flows
    {
        get
        {
            lock (_gate)
                return _tables.Dump(FlowFilter.Everything);
        }
    }

    public IReadOnlyList<Meter> Meters
    {
        get
        {
            lock (_gate)
                return [.. _tables.Meters.OrderBy(meter => meter.Id)];
        }
    }

    /// <summary>An interface with that iface-id appears at an OpenFlow port, or, with null, goes.</summary>
    public void SetInterface(Guid id, uint? port) => SetFacts(facts => facts with
    {
        Interfaces = port is { } number ? facts.Interfaces.SetItem(id, number) : facts.Interfaces.Remove(id),
    });

    /// <summary>The port to a physical network appears or, with null, goes.</summary>
    public void SetPhysicalPort(string physicalNetwork, uint? port) => SetFacts(facts => facts with
    {
        PhysicalPorts = port is { } number
            ? facts.PhysicalPorts.SetItem(physicalNetwork, number)
            : facts.PhysicalPorts.Remove(physicalNetwork),
    });

    /// <summary>The port to what the host offers itself appears or, with null, goes.</summary>
    public void SetServices(ServicePort? services) => SetFacts(facts => facts with { Services = services });

    public void SetTunnelPorts(TunnelPorts tunnels) => SetFacts(facts => facts with { Tunnels = tunnels });

    /// <summary>The connection breaks; flows stay.</summary>
    public void Disconnect()
    {
        lock (_gate)
        {
            if (!_isUp)
                return;
            _isUp = false;
            Report(new SwitchDisconnected("the switch was told to"));
        }
    }

    public void Connect()
    {
        lock (_gate)
        {
            if (_isUp)
                return;
            _isUp = true;
            Report(new SwitchConnected());
        }
    }

    /// <summary>As a restart of the real one: every flow and meter is lost.</summary>
    public void Restart()
    {
        Disconnect();
        lock (_gate)
        {
            _tables = new FlowTableSwitch();
            UpdatePorts();
        }
        Connect();
    }

    /// <summary>Another hand at the tables: the agent is not told.</summary>
    public void Tamper(Action<FlowTableSwitch> change)
    {
        lock (_gate)
            change(_tables);
    }

    /// <summary>
    /// A packet comes in through a port, perhaps out of a tunnel. Where it goes is for the caller to carry on; what
    /// goes to the controller reaches the agent.
    /// </summary>
    public ForwardingResult Receive(uint inPort, ReadOnlyMemory<byte> frame, TunnelFields tunnel = default)
    {
        lock (_gate)
        {
            var result = _tables.Receive(inPort, new Packet(frame.Span), tunnel);
            foreach (var packet in result.PacketIns)
                Punt(PacketPunted.From(packet));
            return result;
        }
    }

    /// <summary>A packet that a machine sent goes to the agent, whatever the flows say.</summary>
    /// <param name="port">The OpenFlow port of the machine.</param>
    public void Punt(uint port, ReadOnlyMemory<byte> frame) => Punt(new PacketPunted(port, frame)
    {
        Registers = [.. new uint[Pipeline.Registers.SourcePort], port],
    });

    public void Punt(PacketPunted packet)
    {
        lock (_gate)
        {
            // As a switch drops what its controller does not take.
            if (_happened.Reader.Count < AgentLimits.EventsMax)
                Report(packet);
        }
    }

    public async Task RunAsync(ReportSwitchEvent report, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isWatched = true;
            Report(new FactsReported(_facts));
            if (_isUp)
                Report(new SwitchConnected());
        }
        try
        {
            await foreach (var happened in _happened.Reader.ReadInContextAsync(cancellationToken))
                await report(happened, cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _isWatched = false;
                // What nobody was told of is not told to the next one either: it begins with the facts.
                while (_happened.Reader.TryRead(out _))
                    continue;
            }
        }
    }

    public Task<IReadOnlyList<Flow>> DumpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RequireUp();
            return Task.FromResult(_tables.Dump(Ours));
        }
    }

    public Task<IReadOnlyList<FlowRejection>> ApplyAsync(
        IReadOnlyList<FlowChange> changes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RequireUp();
            return Task.FromResult(Apply(changes));
        }
    }

    public Task<IReadOnlyList<Meter>> DumpMetersAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RequireUp();
            IReadOnlyList<Meter> ours = [.. _tables.Meters.Where(meter => MeterIds.AreOurs(meter.Id))];
            return Task.FromResult(ours);
        }
    }

    public Task<IReadOnlyList<MeterRejection>> ApplyMetersAsync(
        IReadOnlyList<MeterChange> changes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RequireUp();
            IReadOnlyList<MeterRejection> refused = [.. changes.Select(Apply).OfType<MeterRejection>()];
            return Task.FromResult(refused);
        }
    }

    public Task SendAsync(
        ReadOnlyMemory<byte> frame, ValueList<FlowAction> actions, CancellationToken cancellationToken)
    {
        ForwardingResult result;
        lock (_gate)
        {
            RequireUp();
            result = _tables.PacketOut(Ports.Controller, actions, new Packet(frame.Span));
        }
        foreach (var output in result.Outputs)
            Sent(output);
        return Task.CompletedTask;
    }

    public Task FlushConntrackAsync(ConnectionFilter which, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RequireUp();
            _tables.Connections.Flush(which);
        }
        return Task.CompletedTask;
    }

    private IReadOnlyList<FlowRejection> Apply(IReadOnlyList<FlowChange> changes)
    {
        var refused = changes.Select(change => (Change: change, Reason: Refuse(change)))
            .Where(refused => refused.Reason is not null)
            .Select(refused => new FlowRejection(refused.Change, refused.Reason!))
            .ToList();
        if (refused.Count > 0)
            return refused;
        var result = _tables.Apply([.. changes.Select(change => change.ToFlowMod())], FlowDelivery.Bundle);
        if (!result.IsComplete)
            return [.. result.Failures.Select(failed => new FlowRejection(changes[failed.Index], $"{failed.Error}"))];
        foreach (var change in changes)
            Applied(change);
        return [];
    }

    private MeterRejection? Apply(MeterChange change)
    {
        if ((RefuseMeter(change) ?? _tables.Apply(change.Command, change.Meter)?.ToString()) is { } reason)
            return new(change, reason);
        MeterApplied(change);
        return null;
    }

    private void SetFacts(Func<SwitchFacts, SwitchFacts> change)
    {
        lock (_gate)
        {
            _facts = change(_facts);
            UpdatePorts();
            Report(new FactsReported(_facts));
        }
    }

    private void UpdatePorts()
    {
        var ports = _facts.Interfaces.Values.ToHashSet();
        ports.UnionWith(_facts.Tunnels.All);
        ports.UnionWith(_facts.PhysicalPorts.Values);
        if (_facts.Services is { } services)
            ports.Add(services.Number);
        foreach (var gone in _tables.PortNumbers.Where(port => !ports.Contains(port)).ToList())
            _tables.RemovePort(gone);
        foreach (var port in ports)
            _tables.AddPort(port);
    }

    private void Report(ISwitchEvent happened)
    {
        if (_isWatched)
            _happened.Writer.TryWrite(happened);
    }

    private void RequireUp()
    {
        if (!_isUp)
            throw new SwitchUnavailableException("the switch is not connected");
    }
}
