using Alcor.Kernel.Addresses;
using Alcor.Network.Ports;

namespace Alcor.Reachability.Tests;

/// <summary>Where the switches did otherwise than the oracle says, with all that one needs to see why.</summary>
internal sealed record Mismatch(string Probe, string Expected, string Actual, string Trace)
{
    public override string ToString() =>
        $"{Probe}\nthe oracle: {Expected}\nthe switches: {Actual}\n{Trace}";
}

/// <summary>What came of a script: the first mismatch, if any, and what was compared until then.</summary>
/// <param name="Verdicts">What the oracle said of each packet, in order.</param>
internal sealed record TrialResult(Mismatch? Mismatch, IReadOnlyList<Verdict> Verdicts, ScriptedRegion Region)
{
    /// <summary>As they were at the end.</summary>
    public IReadOnlyList<HostSwitch> Hosts { get; init; } = [];
}

/// <summary>Runs a script on the API, and every packet of it past the oracle and through the switches.</summary>
internal sealed class Trial
{
    private readonly ScriptedRegion _region = new();
    private readonly SwitchFabric? _fabric;
    private Cloud _cloud = new();
    private Conversations _history = Conversations.None;
    private readonly List<Verdict> _verdicts = [];

    private Trial(IDataplane? dataplane, Mutation mutation)
    {
        _fabric = dataplane is null ? null : new SwitchFabric(_region.Store, dataplane, mutation);
    }

    /// <summary>On switches in memory.</summary>
    public static Task<TrialResult> RunAsync(IEnumerable<Step> script, Mutation mutation) =>
        RunAsync(script, new MemoryDataplane(), mutation);

    public static Task<TrialResult> RunAsync(IEnumerable<Step> script, IDataplane dataplane, Mutation mutation) =>
        new Trial(dataplane, mutation).RunAsync(script);

    /// <summary>Asks the oracle alone, without any switch.</summary>
    public static Task<TrialResult> JudgeAsync(IEnumerable<Step> script) =>
        new Trial(null, Mutation.None).RunAsync(script);

    private async Task<TrialResult> RunAsync(IEnumerable<Step> script)
    {
        var isKnown = false;
        foreach (var step in script)
        {
            if (step is not Send send)
            {
                // Hosts are told when the next packet is sent: what happens at once is told at once.
                isKnown &= !await _region.RunAsync(step);
                continue;
            }
            if (!isKnown)
                await UpdateAsync();
            isKnown = true;
            if (await SendAsync(send) is { } mismatch)
                return Result(mismatch);
        }
        return Result(null);
    }

    private TrialResult Result(Mismatch? mismatch) =>
        new(mismatch, _verdicts, _region) { Hosts = [.. _fabric?.Hosts ?? []] };

    private async Task UpdateAsync()
    {
        var before = _cloud;
        _cloud = await _region.ReadAsync();
        // Another host, or another way into this one, knows nothing of the conversations of a machine.
        var moved = before.Ports.Where(port => _cloud.Ports.All(now =>
            now.Id != port.Id || now.HostId != port.HostId || now.Carriage != port.Carriage));
        _history = moved.Aggregate(_history, (history, port) => history.Without(port.Id))
            .WithCauses(new Translation(_cloud).Causes);
        if (_fabric is not null)
            await _fabric.UpdateAsync(_cloud);
    }

    private async Task<Mismatch?> SendAsync(Send send)
    {
        var sender = _region.IdOf(send.Port) is { } id ? _cloud.Ports.Single(port => port.Id == id) : null;
        if (sender is null || (send.TargetMac ?? GatewayOf(sender, send.Content)) is not { } target)
            return null;
        var probe = new Probe(send.SourceMac, target, send.Content);
        return await CompareAsync(sender, probe, send.Replies, send.IsRefused);
    }

    private async Task<Mismatch?> CompareAsync(Port sender, Probe probe, int replies, bool isRefused)
    {
        // Without a host there is no machine that could send.
        if (!sender.IsBound)
            return null;
        var verdict = new ReachabilityOracle(_cloud).Judge(sender, probe, _history);
        if (verdict.IsUnclear)
            return null;
        _history = verdict.After;
        _verdicts.Add(verdict);
        if (_fabric is not null && await DifferAsync(_fabric, sender, probe, verdict) is { } mismatch)
            return mismatch;
        foreach (var arrival in verdict.Arrivals.Where(_ => replies > 0 || isRefused))
        {
            if (await AnswerAsync(arrival, replies - 1, isRefused) is { } found)
                return found;
        }
        return null;
    }

    private async Task<Mismatch?> DifferAsync(SwitchFabric fabric, Port sender, Probe probe, Verdict verdict)
    {
        var frames = verdict.Arrivals.SelectMany(one =>
            ProbeFrame.EncodeAll(one.Probe).Select(frame => (one.Port.Id, Frame: frame))).ToList();
        var journey = await fabric.SendAsync(Guid.Parse(sender.Id), ProbeFrame.EncodeAll(probe), frames.Count);
        var expected = Describe(frames);
        var id = (probe.Content as IpContent)?.Fragments;
        var actual = Describe(journey.Arrivals.Select(fabric.Received)
            .Where(one => one is not null).Select(one => (Id: $"{one!.Value.Port}", one.Value.Frame))
            // Open vSwitch 3.1 gives a fragment that has waited in vain to whatever it tracks next.
            .Where(one => ProbeFrame.FragmentOf(one.Frame) is not { } other || other.Identification == id)
            // What is left of a packet without its beginning is no packet.
            .Where(one => !ProbeFrame.IsLaterFragment(one.Frame) || frames.Exists(other => other.Id == one.Id)));
        return expected == actual
            ? null
            : new Mismatch($"{sender.Name} sends {probe}", $"{verdict}{expected}", actual, await journey.TellAsync());
    }

    /// <summary>The receiver answers to where the packet seems to come from.</summary>
    private async Task<Mismatch?> AnswerAsync(Arrival arrival, int replies, bool isRefused) =>
        arrival.Probe.Content is IpContent packet && (isRefused ? packet.Refusal() : packet.Reply()) is { } reply
            ? await CompareAsync(arrival.Port,
                new Probe(arrival.Port.MacAddress, arrival.Probe.SourceMac, reply), replies, isRefused: false)
            : null;

    private MacAddress? GatewayOf(Port sender, Content content)
    {
        var packet = (IpContent)content;
        if (sender.HostId == ScriptedRegion.OutsideHost)
            return _cloud.OwnerOf(sender.NetworkId, packet.Target)?.MacAddress;
        var version = packet.Version;
        return sender.FixedIps.Select(ip => _cloud.SubnetWith(ip.SubnetId))
            .Where(subnet => subnet.IpVersion == version && subnet.GatewayIp is not null)
            .Select(subnet => _cloud.OwnerOf(sender.NetworkId, subnet.GatewayIp!)?.MacAddress)
            .FirstOrDefault(mac => mac is not null);
    }

    private string Describe(IEnumerable<(string PortId, byte[] Frame)> arrivals) =>
        string.Concat(arrivals.Select(one => Describe(one.PortId, one.Frame)).Order(StringComparer.Ordinal));

    /// <summary>Which of the routers of its network a packet came through, a machine is not told.</summary>
    private string Describe(string portId, byte[] frame)
    {
        var port = _cloud.Ports.Single(one => one.Id == portId);
        var source = MacAddress.Parse(string.Join(':', frame[6..12].Select(octet => $"{octet:x2}")));
        var isRouter = _cloud.PortsIn(port.NetworkId)
            .Any(one => one.MacAddress == source && _cloud.RouterBehind(one) is not null);
        var text = Convert.ToHexStringLower(frame);
        return $"\n  {port.Name} {text[..12]} {(isRouter ? "from-router" : text[12..24])} {text[24..]}";
    }
}
