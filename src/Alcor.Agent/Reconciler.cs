using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;

namespace Alcor.Agent;

/// <summary>
/// Brings the switch to what is rendered. It knows what the switch holds from the last dump and its own bundles
/// since; a flow that the switch refuses is left out, its owner fails, and the others go on. Meters come before the
/// flows that use them, and go after them.
/// </summary>
internal sealed class Reconciler(ISwitch device, Renderer renderer, IAgentLog log)
{
    private readonly MeterReconciler _meters = new(device, renderer, log);
    private readonly HashSet<FlowKey> _stale = [];
    private readonly Dictionary<FlowKey, FlowRejection> _refused = [];
    // Keys that ports may have lost, by the cookies of those: what their machines had begun must not go on.
    private readonly Dictionary<uint, ulong> _vacated = [];
    private readonly HashSet<AddressTranslation> _ended = [];
    private Dictionary<FlowKey, Flow>? _installed;
    private long _flowDrift;

    public long FlowsPut { get; private set; }

    public long FlowsDeleted { get; private set; }

    public long FlowsRefused { get; private set; }

    public long Drift => _flowDrift + _meters.Drift;

    public long SwitchLosses { get; private set; }

    /// <summary>The switch may hold anything: the next pass reads it.</summary>
    public void Forget()
    {
        _installed = null;
        _refused.Clear();
    }

    /// <summary>What may be other than before.</summary>
    public void MarkStale(RenderChange change)
    {
        _stale.UnionWith(change.Flows);
        _meters.MarkStale(change.Meters);
    }

    /// <summary>Why the switch does not have a flow or a meter of an entry; null when it refused none.</summary>
    public EntryProblem? Refusal(EntryAddress owner)
    {
        foreach (var (key, rejection) in _refused)
        {
            if (renderer.Owner(key) == owner && Equals(Possible(key), rejection.Change.Flow))
                return EntryProblem.Failed($"the switch refused {rejection.Change.Flow}: {rejection.Reason}");
        }
        return _meters.Refusal(owner);
    }

    /// <summary>The entries whose flows or meters were refused.</summary>
    public IEnumerable<EntryAddress> Refused => _refused.Keys.Select(renderer.Owner).OfType<EntryAddress>()
        .Concat(_meters.Refused).Distinct();

    /// <summary>What the switch has, whoever left it there.</summary>
    /// <exception cref="SwitchUnavailableException"/>
    public async Task<IReadOnlyCollection<Flow>> InstalledAsync(CancellationToken cancellationToken) =>
        (_installed ??= await ReadAsync(cancellationToken)).Values;

    /// <summary>One pass. Idempotent: with nothing to do it changes nothing.</summary>
    /// <returns>Whether the switch has everything that can be had.</returns>
    /// <exception cref="SwitchUnavailableException"/>
    public async Task<bool> ConvergeAsync(CancellationToken cancellationToken)
    {
        var installed = _installed ??= await ReadAsync(cancellationToken);
        await KnowingAsync(() => PutMetersAsync(cancellationToken));
        for (var round = 0; round < AgentLimits.ApplyRoundsMax; round++)
        {
            var changes = FlowDifference.Between(_stale, key => installed.GetValueOrDefault(key), Wanted);
            if (changes.Count == 0)
            {
                _stale.Clear();
                await KnowingAsync(() => _meters.DeleteAsync(installed.Values, cancellationToken));
                return _refused.Keys.All(key => renderer.Owner(key) is not null || renderer.Find(key) is null);
            }
            await ApplyAsync(installed, changes, cancellationToken);
        }
        log.Write(AgentLogLevel.Warning, $"flows are refused still after {AgentLimits.ApplyRoundsMax} rounds");
        return false;
    }

    /// <summary>
    /// Reads the whole switch and repairs what is not as it was left; flows once refused get another chance.
    /// </summary>
    /// <exception cref="SwitchUnavailableException"/>
    public async Task AuditAsync(CancellationToken cancellationToken)
    {
        if (_installed is not { } expected)
            return;
        await _meters.AuditAsync(cancellationToken);
        var found = await DumpAsync(cancellationToken);
        var drifted = expected.Keys.Union(found.Keys)
            .Where(key => !Equals(expected.GetValueOrDefault(key), found.GetValueOrDefault(key)))
            .ToList();
        foreach (var key in drifted.Take(10))
            log.Write(AgentLogLevel.Warning, $"drift at {key}: {found.GetValueOrDefault(key)?.ToString() ?? "gone"}");
        _flowDrift += drifted.Count;
        _installed = found;
        _stale.UnionWith(drifted);
        _stale.UnionWith(_refused.Keys);
        _refused.Clear();
    }

    private async Task PutMetersAsync(CancellationToken cancellationToken)
    {
        var added = await _meters.PutAsync(cancellationToken);
        if (added.Count == 0)
            return;
        _stale.UnionWith(renderer.Flows.Where(flow => flow.MeterId is { } id && added.Contains(id))
            .Select(flow => flow.Key));
    }

    private Flow? Possible(FlowKey key) => renderer.Find(key) is { } rendered ? _meters.Possible(rendered) : null;

    private Flow? Wanted(FlowKey key)
    {
        var wanted = Possible(key);
        // What is refused stays as it is, rather than losing what worked until now.
        return wanted is not null && _refused.TryGetValue(key, out var refused) && refused.Change.Flow.Equals(wanted)
            ? _installed!.GetValueOrDefault(key)
            : wanted;
    }

    /// <summary>Ends with the first bundle that the switch refuses: the next round leaves its bad flows out.</summary>
    private async Task ApplyAsync(
        Dictionary<FlowKey, Flow> installed, IReadOnlyList<FlowChange> changes, CancellationToken cancellationToken)
    {
        foreach (var bundle in changes.Chunk(AgentLimits.ChangesPerBundleMax))
        {
            IReadOnlyList<FlowRejection> rejections = [];
            await KnowingAsync(async () => rejections = await device.ApplyAsync(bundle, cancellationToken));
            if (rejections.Count > 0)
            {
                Refuse(rejections);
                return;
            }
            foreach (var change in bundle)
                Commit(installed, change);
            await FlushAsync(installed, cancellationToken);
            await FlushTranslatedAsync(installed, cancellationToken);
        }
    }

    /// <summary>A port that is found in another way than before, by the same key, keeps its connections.</summary>
    private async Task FlushAsync(Dictionary<FlowKey, Flow> installed, CancellationToken cancellationToken)
    {
        if (_vacated.Count == 0)
            return;
        var kept = installed.Values.Where(flow => flow.Table == Tables.Classify)
            .Select(flow => (Key: Classify.PortOf(flow) ?? 0, flow.Cookie)).ToHashSet();
        foreach (var (key, cookie) in _vacated.ToList())
        {
            foreach (var zone in kept.Contains((key, cookie)) ? [] : PortKey.Zones(key))
                await device.FlushConntrackAsync(new ConnectionFilter(zone), cancellationToken);
            _vacated.Remove(key);
        }
    }

    /// <summary>What another flow translates in the same way by now, goes on.</summary>
    private async Task FlushTranslatedAsync(
        Dictionary<FlowKey, Flow> installed, CancellationToken cancellationToken)
    {
        if (_ended.Count == 0)
            return;
        var kept = installed.Values.Select(AddressTranslation.Of).ToHashSet();
        foreach (var ended in _ended.ToList())
        {
            if (!kept.Contains(ended))
                await device.FlushConntrackAsync(ended.Connections, cancellationToken);
            _ended.Remove(ended);
        }
    }

    /// <summary>What the switch holds is known only as long as it answers.</summary>
    private async Task KnowingAsync(Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (SwitchUnavailableException)
        {
            _installed = null;
            throw;
        }
    }

    private void Refuse(IReadOnlyList<FlowRejection> rejections)
    {
        foreach (var rejection in rejections)
        {
            log.Write(AgentLogLevel.Warning, $"the switch refused {rejection.Change}: {rejection.Reason}");
            FlowsRefused++;
            _refused[rejection.Change.Flow.Key] = rejection;
        }
    }

    private void Commit(Dictionary<FlowKey, Flow> installed, FlowChange change)
    {
        _refused.Remove(change.Flow.Key);
        if (installed.TryGetValue(change.Flow.Key, out var before))
            Note(before, change);
        if (change.IsDelete)
        {
            FlowsDeleted++;
            installed.Remove(change.Flow.Key);
            return;
        }
        FlowsPut++;
        installed[change.Flow.Key] = change.Flow;
    }

    /// <summary>What has to be forgotten behind a change, perhaps.</summary>
    private void Note(Flow before, FlowChange change)
    {
        if (Classify.PortOf(before) is { } key
            && (change.IsDelete || before.Cookie != change.Flow.Cookie || Classify.PortOf(change.Flow) != key))
        {
            _vacated[key] = before.Cookie;
        }
        if (AddressTranslation.Of(before) is { } translation)
            _ended.Add(translation);
    }

    private async Task<Dictionary<FlowKey, Flow>> ReadAsync(CancellationToken cancellationToken)
    {
        await _meters.ReadAsync(cancellationToken);
        var found = await DumpAsync(cancellationToken);
        if (!found.ContainsKey(Skeleton.Sentinel.Key))
        {
            SwitchLosses++;
            log.Write(AgentLogLevel.Information, "the switch has no sentinel: programming everything");
        }
        _stale.UnionWith(found.Keys);
        _stale.UnionWith(renderer.Flows.Select(flow => flow.Key));
        return found;
    }

    private async Task<Dictionary<FlowKey, Flow>> DumpAsync(CancellationToken cancellationToken)
    {
        var flows = await device.DumpAsync(cancellationToken);
        var byKey = new Dictionary<FlowKey, Flow>(flows.Count);
        foreach (var flow in flows)
            byKey[flow.Key] = flow;
        return byKey;
    }
}
