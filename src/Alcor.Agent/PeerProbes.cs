using System.Net;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent;

/// <summary>
/// When to send a packet to which tunnel peer. The switch resolves a peer's underlay address only when a packet goes
/// there, and a machine that sends without a pause before that keeps a cached drop alive; so each peer gets a packet of
/// ours as soon as it is known, soon again in case it was lost, and then before the switch forgets the answer.
/// </summary>
internal sealed class PeerProbes
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    // Open vSwitch forgets a tunnel neighbour after 900 s (tnl/neigh/aging), but a peer that was away may come back in
    // the dark, and its senders wait for the next probe.
    private static readonly TimeSpan IntervalMax = TimeSpan.FromSeconds(60);
    private readonly Dictionary<IPAddress, (TimeSpan Interval, DateTimeOffset Due)> _peers = [];

    /// <summary>
    /// A frame that no host takes: of the type for local experiments (IEEE 802), sent under segmentation id 0, which
    /// enters no network.
    /// </summary>
    public static byte[] Frame()
    {
        var frame = new byte[60];
        MacAddress.Broadcast.Write(frame);
        Dhcp.DhcpResponder.ServerMac.Write(frame.AsSpan(6));
        frame[12] = 0x88;
        frame[13] = 0xb5;
        return frame;
    }

    public static ValueList<FlowAction> Actions(IPAddress peer, uint tunnelPort) =>
    [
        new FlowAction.SetField(Field.TunnelId, 0),
        Forwarding.TunnelTo(peer),
        new FlowAction.Output(tunnelPort),
    ];

    /// <summary>Begins anew with every peer: the switch may have forgotten them.</summary>
    public void Restart(DateTimeOffset now)
    {
        foreach (var peer in _peers.Keys.ToList())
            _peers[peer] = (First, now);
    }

    /// <summary>Takes over who the peers are; new ones are due at once.</summary>
    public void Set(IEnumerable<IPAddress> peers, DateTimeOffset now)
    {
        var current = peers.ToHashSet();
        foreach (var gone in _peers.Keys.Where(peer => !current.Contains(peer)).ToList())
            _peers.Remove(gone);
        foreach (var peer in current)
            _peers.TryAdd(peer, (First, now));
    }

    /// <summary>Who is to be probed now; they are due again after a longer interval each time.</summary>
    public IReadOnlyList<IPAddress> Take(DateTimeOffset now)
    {
        var due = _peers.Where(peer => peer.Value.Due <= now).OrderBy(peer => peer.Value.Due)
            .Select(peer => peer.Key).Take(AgentLimits.ProbesPerTickMax).ToList();
        foreach (var peer in due)
        {
            var interval = _peers[peer].Interval;
            _peers[peer] = (interval * 4 < IntervalMax ? interval * 4 : IntervalMax, now + interval);
        }
        return due;
    }
}
