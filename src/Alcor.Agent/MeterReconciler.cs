using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;

namespace Alcor.Agent;

/// <summary>
/// Brings the meters of the switch to what is rendered: before the flows that name them, and away after those. A meter
/// that is as it should be is left alone, and one that the switch refuses is done without: its owner fails, and the
/// packets that it would have counted pass.
/// </summary>
internal sealed class MeterReconciler(ISwitch device, Renderer renderer, IAgentLog log)
{
    private readonly HashSet<uint> _stale = [];
    private readonly Dictionary<uint, MeterRejection> _refused = [];
    private Dictionary<uint, Meter> _installed = [];

    public long Drift { get; private set; }

    /// <summary>Meters that may be others than before.</summary>
    public void MarkStale(IEnumerable<uint> ids) => _stale.UnionWith(ids);

    /// <summary>A flow as the switch can have it: without a meter that is not there.</summary>
    public Flow Possible(Flow flow) => flow.MeterId is not { } id || _installed.ContainsKey(id)
        ? flow
        : flow with { Instructions = flow.Instructions.Where(one => one is not Instruction.Meter).ToValueList() };

    /// <summary>Why the switch does not have a meter of an entry; null when it refused none.</summary>
    public EntryProblem? Refusal(EntryAddress owner) => _refused
        .Where(refused => renderer.OwnerOfMeter(refused.Key) == owner)
        .Select(refused => EntryProblem.Failed(
            $"the switch refused {refused.Value.Change.Meter}, so traffic is not limited: {refused.Value.Reason}"))
        .FirstOrDefault();

    /// <summary>The entries whose meters were refused.</summary>
    public IEnumerable<EntryAddress> Refused => _refused.Keys.Select(renderer.OwnerOfMeter).OfType<EntryAddress>();

    /// <summary>Reads what the switch has; it may be anything.</summary>
    /// <exception cref="SwitchUnavailableException"/>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        _refused.Clear();
        _installed = await DumpAsync(cancellationToken);
        _stale.UnionWith(_installed.Keys);
        _stale.UnionWith(renderer.Meters.Select(meter => meter.Id));
    }

    /// <summary>Reads it again, to repair what is not as it was left; meters once refused get another chance.</summary>
    /// <exception cref="SwitchUnavailableException"/>
    public async Task AuditAsync(CancellationToken cancellationToken)
    {
        var expected = _installed;
        _installed = await DumpAsync(cancellationToken);
        var drifted = expected.Keys.Union(_installed.Keys)
            .Where(id => !Equals(expected.GetValueOrDefault(id), _installed.GetValueOrDefault(id)))
            .ToList();
        foreach (var id in drifted.Take(10))
            log.Write(AgentLogLevel.Warning, $"drift of meter {id}: {Text(_installed.GetValueOrDefault(id))}");
        Drift += drifted.Count;
        _stale.UnionWith(drifted);
        _stale.UnionWith(_refused.Keys);
        _refused.Clear();
    }

    /// <summary>Adds and changes what the flows need. What is not needed stays until they have gone.</summary>
    /// <returns>The meters that were not there before: flows may have been done without them.</returns>
    /// <exception cref="SwitchUnavailableException"/>
    public async Task<IReadOnlySet<uint>> PutAsync(CancellationToken cancellationToken)
    {
        var changes = _stale.Order().Select(Put).OfType<MeterChange>().ToList();
        if (changes.Count > 0)
            Take(changes, await device.ApplyMetersAsync(changes, cancellationToken));
        return changes.Where(change => change.Command == MeterModCommand.Add).Select(change => change.Meter.Id)
            .Where(_installed.ContainsKey).ToHashSet();
    }

    /// <summary>Deletes what nothing asks for and no flow uses.</summary>
    /// <param name="flows">Of the switch.</param>
    /// <exception cref="SwitchUnavailableException"/>
    public async Task DeleteAsync(IEnumerable<Flow> flows, CancellationToken cancellationToken)
    {
        var unwanted = _stale.Where(id => renderer.FindMeter(id) is null && _installed.ContainsKey(id)).ToHashSet();
        _stale.Clear();
        if (unwanted.Count == 0)
            return;
        foreach (var used in flows.Select(flow => flow.MeterId).OfType<uint>().Where(unwanted.Remove))
            _stale.Add(used);
        var changes = unwanted.Order().Select(id => new MeterChange(MeterModCommand.Delete, _installed[id])).ToList();
        Take(changes, await device.ApplyMetersAsync(changes, cancellationToken));
    }

    private MeterChange? Put(uint id)
    {
        var there = _installed.GetValueOrDefault(id);
        if (renderer.FindMeter(id) is not { } wanted || wanted == there)
        {
            _refused.Remove(id);
            return null;
        }
        if (_refused.TryGetValue(id, out var refused) && refused.Change.Meter == wanted)
            return null;
        return new MeterChange(there is null ? MeterModCommand.Add : MeterModCommand.Modify, wanted);
    }

    private void Take(List<MeterChange> changes, IReadOnlyList<MeterRejection> rejections)
    {
        var refused = rejections.ToDictionary(rejection => rejection.Change);
        foreach (var change in changes)
        {
            var id = change.Meter.Id;
            if (refused.TryGetValue(change, out var rejection))
            {
                log.Write(AgentLogLevel.Warning, $"the switch refused to {change}: {rejection.Reason}");
                _refused[id] = rejection;
                continue;
            }
            _refused.Remove(id);
            if (change.Command == MeterModCommand.Delete)
                _installed.Remove(id);
            else
                _installed[id] = change.Meter;
        }
    }

    private async Task<Dictionary<uint, Meter>> DumpAsync(CancellationToken cancellationToken) =>
        (await device.DumpMetersAsync(cancellationToken)).ToDictionary(meter => meter.Id);

    private static string Text(Meter? meter) => meter?.ToString() ?? "gone";
}
