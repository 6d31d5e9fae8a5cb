using System.Threading.Channels;
using Alcor.Agent.Desired;
using Alcor.Agent.Outside;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Services;
using Alcor.Agent.Switch;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.Agent;

/// <summary>
/// The agent of one host: what dataplanes say → desired state → flows → the switch → acknowledgements. Everything
/// happens in one loop that takes what has come, renders once, and applies the difference; nothing else touches its
/// state.
/// </summary>
/// <remarks>
/// No flow is written before the first Synchronized, since until then nothing is known to be wanted or unwanted. From
/// then on the agent acts on what it holds, with or without a dataplane.
/// </remarks>
public sealed class HostAgent
{
    private readonly AgentOptions _options;
    private readonly ISwitch _switch;
    private readonly TimeProvider _time;
    private readonly IAgentLog _log;
    private readonly DataplaneLink _link;
    private readonly TokenBuckets<uint> _punts;
    private readonly TokenBuckets<uint> _refusals;
    private readonly Renderer _renderer = new();
    private readonly Reconciler _reconciler;
    private readonly PacketAnswers _answers;
    private readonly OutsideLink _outside;
    private readonly AcknowledgementLedger _ledger = new();
    private readonly PeerProbes _probes = new();
    private readonly AdvertisementSchedule _advertisements = new();
    private readonly Channel<object> _events = Channel.CreateBounded<object>(
        new BoundedChannelOptions(AgentLimits.EventsMax) { SingleReader = true });

    private readonly HashSet<EntryAddress> _changed = [];
    private readonly HashSet<EntryAddress> _touched = [];
    private DesiredState _desired = DesiredState.Empty;
    private SwitchFacts? _facts;
    private SwitchFacts? _renderedFacts;
    private LinkUp? _connection;
    private bool _isSynchronized;
    private bool _hasRemembered;
    private bool _isSwitchConnected;
    private bool _isConverged;
    private DateTimeOffset _auditDue;
    private long _puntsDropped;
    private long _gaps;

    /// <param name="dial">Called again and again, one connection at a time.</param>
    public HostAgent(AgentOptions options, DialDataplane dial, ISwitch device, AgentEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        _options = options;
        _switch = device;
        _time = environment.Time;
        _log = environment.Log;
        _link = new DataplaneLink(options, dial, environment.Time, environment.Random);
        _punts = new TokenBuckets<uint>(AgentLimits.Punts, environment.Time);
        _refusals = new TokenBuckets<uint>(AgentLimits.Refusals, environment.Time);
        _reconciler = new Reconciler(device, _renderer, environment.Log);
        _answers = new PacketAnswers(_renderer, options);
        _outside = new OutsideLink(device, _renderer);
        Publish();
    }

    /// <summary>Where the agent stands, as of its last pass.</summary>
    public AgentStatus Status { get; private set; } = new();

    /// <summary>What has been told and not forgotten, as of the last pass; for tests and diagnosis.</summary>
    public DesiredState Desired => _desired;

    /// <summary>
    /// Whom this host serves, as of the last pass; null until everything has been told. May be read at any time.
    /// </summary>
    public ServiceDirectory? Services { get; private set; }

    /// <summary>Runs until cancelled; flows stay as they are.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _auditDue = _time.GetUtcNow() + _options.AuditInterval;
        Task[] sources =
        [
            FeedAsync(_switch.RunAsync(OnSwitchEventAsync, ending.Token), ending.Token),
            FeedAsync(_link.RunAsync((happened, token) => _events.Writer.WriteAsync(happened, token), ending.Token),
                ending.Token),
            FeedAsync(TickAsync(ending.Token), ending.Token),
        ];
        try
        {
            while (await _events.Reader.WaitToReadAsync(cancellationToken))
                await PassAsync(cancellationToken);
        }
        finally
        {
            // Not CancelAsync, which would go on elsewhere than in the loop.
            ending.Cancel();
            await Task.WhenAll(sources);
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>A source that fails by a mistake of ours ends the agent: half an agent would lie.</summary>
    private async Task FeedAsync(Task source, CancellationToken ending)
    {
        try
        {
            await source;
        }
        catch (Exception error)
        {
            _events.Writer.TryComplete(ending.IsCancellationRequested ? null : error);
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_options.Tick, _time, cancellationToken);
            _events.Writer.TryWrite(Tick.Instance);
        }
    }

    private ValueTask OnSwitchEventAsync(ISwitchEvent happened, CancellationToken cancellationToken)
    {
        if (happened is not PacketPunted punted)
            return _events.Writer.WriteAsync(happened, cancellationToken);
        var bucket = Punts.Obstacle(punted) is null ? _punts : _refusals;
        if (!bucket.TryTake(Punts.Sender(punted)) || !_events.Writer.TryWrite(punted))
            Interlocked.Increment(ref _puntsDropped);
        return ValueTask.CompletedTask;
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        try
        {
            var left = AgentLimits.EventsPerPassMax;
            while (left-- > 0 && _events.Reader.TryRead(out var happened))
                await HandleAsync(happened, cancellationToken);
            await ConvergeAsync(cancellationToken);
        }
        catch (SwitchUnavailableException error)
        {
            // The switch's own report follows and sets things right; until then flows are unknown.
            _isConverged = false;
            _reconciler.Forget();
            _log.Write(AgentLogLevel.Information, $"the switch is not available: {error.Message}");
        }
        Publish();
    }

    private async ValueTask HandleAsync(object happened, CancellationToken cancellationToken)
    {
        switch (happened)
        {
            case LinkUp up:
                OnLinkUp(up);
                break;
            case LinkMessage received:
                OnMessage(received.Message);
                break;
            case LinkDown down:
                _connection = null;
                _desired = _desired.WithoutPending();
                _log.Write(AgentLogLevel.Information, $"not connected to a dataplane: {down.Reason}");
                break;
            case SwitchConnected:
                _isSwitchConnected = true;
                _isConverged = false;
                _reconciler.Forget();
                _probes.Restart(_time.GetUtcNow());
                _log.Write(AgentLogLevel.Information, "connected to the switch");
                break;
            case SwitchDisconnected lost:
                _isSwitchConnected = false;
                _isConverged = false;
                _log.Write(AgentLogLevel.Information, $"not connected to the switch: {lost.Reason}");
                break;
            case FactsReported reported:
                _facts = reported.Facts;
                break;
            case PacketPunted punted:
                if (!_outside.Take(punted, _time.GetUtcNow()))
                    await AnswerAsync(punted, cancellationToken);
                break;
            case Tick:
                await OnTickAsync(cancellationToken);
                break;
        }
    }

    private void OnLinkUp(LinkUp connection)
    {
        _connection = connection;
        _ledger.Clear();
        _log.Write(AgentLogLevel.Information, "connected to a dataplane");
        var hello = new Hello
        {
            Host = _options.Host,
            TunnelAddress = _options.TunnelAddress.ToString(),
            Version = _options.Version,
        };
        hello.Held.AddRange(_desired.Partitions.Values.OrderBy(held => held.Name, StringComparer.Ordinal)
            .Select(held => new PartitionRevision { Partition = held.Name, Revision = held.Revision }));
        foreach (var (name, value) in _options.Configurations)
            hello.Configurations[name] = value;
        Send(new AgentMessage { Hello = hello });
    }

    private void OnMessage(DataplaneMessage message)
    {
        switch (message.BodyCase)
        {
            case DataplaneMessage.BodyOneofCase.Update:
                Take(_desired.Apply(message.Update));
                break;
            case DataplaneMessage.BodyOneofCase.Dropped:
                Take(_desired.Drop(message.Dropped.Partition));
                break;
            case DataplaneMessage.BodyOneofCase.Synchronized:
                _isSynchronized = true;
                break;
        }
    }

    private void Take(DesiredChange change)
    {
        _desired = change.State;
        _changed.UnionWith(change.Changed);
        if (change.Outcome is UpdateOutcome.Stale or UpdateOutcome.Gap)
            _log.Write(AgentLogLevel.Warning, $"{change.Outcome}: {change.Reason}");
        if (change.Outcome != UpdateOutcome.Gap)
            return;
        _gaps++;
        Leave(change.Reason);
    }

    /// <summary>
    /// Ends the connection. What still comes from it does no harm; the next begins with what is held.
    /// </summary>
    private void Leave(string reason)
    {
        _connection?.Leave(reason);
        _connection = null;
    }

    private void Send(AgentMessage message)
    {
        if (_connection is not null && !_connection.Outbox.TryWrite(message))
            Leave($"the dataplane has not taken {AgentLimits.OutboxMax} messages");
    }

    private async Task OnTickAsync(CancellationToken cancellationToken)
    {
        if (!_isSwitchConnected || !_isSynchronized || _facts is null)
            return;
        if (_time.GetUtcNow() >= _auditDue)
        {
            _auditDue = _time.GetUtcNow() + _options.AuditInterval;
            TouchRefused();
            await _reconciler.AuditAsync(cancellationToken);
        }
        await ProbeAsync(cancellationToken);
        await AdvertiseAsync(cancellationToken);
        await _outside.SpeakAsync(_time.GetUtcNow(), cancellationToken);
    }

    private async Task ConvergeAsync(CancellationToken cancellationToken)
    {
        Render();
        if (!_isSwitchConnected || !_isSynchronized || _facts is null)
            return;
        if (!_hasRemembered)
        {
            _outside.Remember(await _reconciler.InstalledAsync(cancellationToken), _time.GetUtcNow());
            _hasRemembered = true;
            Render();
        }
        // Before the flows: when the first packet of a machine follows them, the peer is resolved or being resolved.
        await ProbeAsync(cancellationToken);
        TouchRefused();
        _isConverged = await _reconciler.ConvergeAsync(cancellationToken);
        if (!_isConverged)
            return;
        TouchRefused();
        Acknowledge();
        await AdvertiseAsync(cancellationToken);
        await _outside.SpeakAsync(_time.GetUtcNow(), cancellationToken);
    }

    private void Render()
    {
        var facts = _facts is null ? null : _outside.Complete(_facts);
        if (facts is null || (_changed.Count == 0 && facts == _renderedFacts))
            return;
        var change = _renderer.Update(_desired, facts, _changed);
        _changed.Clear();
        _renderedFacts = facts;
        _reconciler.MarkStale(change);
        _touched.UnionWith(change.Entries);
        _probes.Set(_renderer.Peers, _time.GetUtcNow());
        _advertisements.Set(_renderer.AdvertisedPorts(_options.Services), _time.GetUtcNow());
        _outside.Update(_time.GetUtcNow());
    }

    private void Acknowledge()
    {
        if (_connection is null)
            return;
        var acks = _ledger.Report(
            _desired, _touched,
            address => _renderer.Problem(address) ?? _reconciler.Refusal(_renderer.BaseOf(address)));
        _touched.Clear();
        foreach (var ack in acks)
            Send(new AgentMessage { Ack = ack });
    }

    private void TouchRefused()
    {
        var refused = _reconciler.Refused.ToHashSet();
        _touched.UnionWith(refused);
        _touched.UnionWith(_renderer.RestingOn(refused));
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        // The switch resolves the same address for whatever encapsulation.
        if (_facts?.Tunnels.Any is not { } tunnelPort)
            return;
        foreach (var peer in _probes.Take(_time.GetUtcNow()))
            await _switch.SendAsync(PeerProbes.Frame(), PeerProbes.Actions(peer, tunnelPort), cancellationToken);
    }

    private async Task AdvertiseAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, what) in _advertisements.Take(_time.GetUtcNow()))
            await _switch.SendAsync(what.Encode(), PortKey.Deliver(key), cancellationToken);
    }

    private async Task AnswerAsync(PacketPunted punted, CancellationToken cancellationToken)
    {
        foreach (var answer in _answers.To(punted))
            await _switch.SendAsync(answer, Punts.Return(punted), cancellationToken);
    }

    private void Publish()
    {
        Services = _isSynchronized && _renderedFacts is not null ? _renderer.Services : null;
        Status = StatusNow();
    }

    private AgentStatus StatusNow() => new()
    {
        DataplaneConnected = _connection is not null,
        SwitchConnected = _isSwitchConnected,
        Synchronized = _isSynchronized,
        Converged = _isConverged,
        FlowsWanted = _renderer.FlowCount,
        FlowsPut = _reconciler.FlowsPut,
        FlowsDeleted = _reconciler.FlowsDeleted,
        FlowsRefused = _reconciler.FlowsRefused,
        Drift = _reconciler.Drift,
        SwitchLosses = _reconciler.SwitchLosses,
        DhcpAnswered = _answers.DhcpAnswered,
        SolicitationsAnswered = _answers.SolicitationsAnswered,
        RoutingRefused = _answers.RoutingRefused,
        PuntsDropped = Interlocked.Read(ref _puntsDropped),
        Gaps = _gaps,
    };

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>What an agent takes from the world around it, so that a simulation can be that world.</summary>
/// <param name="Time">Every wait and deadline is on this clock.</param>
/// <param name="Random">For the jitter of reconnects.</param>
public sealed record AgentEnvironment(TimeProvider Time, Random Random, IAgentLog Log);
