using System.Collections.Immutable;
using System.Net;
using System.Threading.Channels;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.OpenFlow;

namespace Alcor.Agent.Switch;

/// <summary>
/// A switch that is a table in memory: for tests, and for hosts that are only simulated. It is told what happens to it,
/// by any thread.
/// </summary>
public sealed class InMemorySwitch(IPAddress tunnelAddress, uint? tunnelPort) : ISwitch
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FlowKey, Flow> _flows = [];
    private readonly Channel<ISwitchEvent> _happened = Channel.CreateUnbounded<ISwitchEvent>(
        new UnboundedChannelOptions { SingleReader = true });

    private SwitchFacts _facts = new(ImmutableDictionary<Guid, uint>.Empty, tunnelPort, tunnelAddress);
    private bool _isUp = true;
    private bool _isWatched;

    /// <summary>
    /// Why a change is refused; null accepts it. The switch accepts everything unless told otherwise.
    /// </summary>
    public Func<FlowChange, string?> Refuse { get; set; } = _ => null;

    /// <summary>What becomes of a packet that the agent sends.</summary>
    public Action<ReadOnlyMemory<byte>, ValueList<FlowAction>> Sent { get; set; } = (_, _) => { };

    /// <summary>All changes that were applied, oldest first; for tests.</summary>
    public List<FlowChange> Applied { get; } = [];

    public IReadOnlyList<Flow> Flows
    {
        get
        {
            lock (_gate)
                return [.. _flows.Values];
        }
    }

    /// <summary>An interface with that iface-id appears at an OpenFlow port, or, with null, goes.</summary>
    public void SetInterface(Guid id, uint? port) => SetFacts(facts => facts with
    {
        Interfaces = port is { } number ? facts.Interfaces.SetItem(id, number) : facts.Interfaces.Remove(id),
    });

    public void SetTunnelPort(uint? port) => SetFacts(facts => facts with { TunnelPort = port });

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

    /// <summary>As a restart of the real one: every flow is lost.</summary>
    public void Restart()
    {
        Disconnect();
        lock (_gate)
            _flows.Clear();
        Connect();
    }

    /// <summary>Another hand at the tables: the agent is not told.</summary>
    public void Tamper(Action<Dictionary<FlowKey, Flow>> change)
    {
        lock (_gate)
            change(_flows);
    }

    /// <summary>A packet goes to the agent.</summary>
    public void Punt(uint inPort, ReadOnlyMemory<byte> frame)
    {
        lock (_gate)
            Report(new PacketPunted(inPort, frame));
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
                while (_happened.Reader.TryRead(out _))
                {
                    // What nobody was told of is not told to the next one either: it begins with the facts.
                }
            }
        }
    }

    public Task<IReadOnlyList<Flow>> DumpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RequireUp();
            return Task.FromResult<IReadOnlyList<Flow>>(
                [.. _flows.Values.Where(flow => Cookies.AreOurs(flow.Cookie))]);
        }
    }

    public Task<IReadOnlyList<FlowRejection>> ApplyAsync(
        IReadOnlyList<FlowChange> changes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RequireUp();
            var rejections = changes
                .Select(change => (Change: change, Reason: Refuse(change)))
                .Where(refused => refused.Reason is not null)
                .Select(refused => new FlowRejection(refused.Change, refused.Reason!))
                .ToList();
            if (rejections.Count == 0)
            {
                foreach (var change in changes)
                    Apply(change);
            }
            return Task.FromResult<IReadOnlyList<FlowRejection>>(rejections);
        }
    }

    public Task SendAsync(
        ReadOnlyMemory<byte> frame, ValueList<FlowAction> actions, CancellationToken cancellationToken)
    {
        lock (_gate)
            RequireUp();
        Sent(frame, actions);
        return Task.CompletedTask;
    }

    private void Apply(FlowChange change)
    {
        Applied.Add(change);
        if (change.IsDelete)
            _flows.Remove(change.Flow.Key);
        else
            _flows[change.Flow.Key] = change.Flow;
    }

    private void SetFacts(Func<SwitchFacts, SwitchFacts> change)
    {
        lock (_gate)
        {
            _facts = change(_facts);
            Report(new FactsReported(_facts));
        }
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
