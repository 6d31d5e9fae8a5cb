using System.Collections.Immutable;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Ports;
using Alcor.Network.SecurityGroups;

namespace Alcor.Reachability.Tests;

/// <summary>
/// Says of a packet where it must arrive, from what the API keeps alone and in the words of the API: the judge of all
/// that is made of it. A pure function of the cloud, of what was sent before, and of the packet.
/// </summary>
internal sealed class ReachabilityOracle(Cloud cloud)
{
    /// <summary>Routers that send a packet round in a circle use up its hops.</summary>
    private const int RoutersMax = 255;

    private readonly GroupPolicy _groups = new(cloud);
    private readonly AclPolicy _acls = new(cloud);
    private readonly Routing _routing = new(cloud);
    private readonly Resolution _resolution = new(cloud);

    public Verdict Judge(Port sender, Probe probe, Conversations history)
    {
        if ((WhyOff(sender) ?? SourcePolicy.Refuse(sender, probe)) is { } refusal)
            return Verdict.Nowhere(refusal, history);
        if (probe.Content is ArpRequest or ArpReply or NeighborSolicitation or NeighborAdvertisement)
        {
            var (answer, silence) = _resolution.Resolve(sender, probe);
            if (silence is not null)
                return Verdict.Nowhere(silence, history);
            if (answer is not null)
                return new Verdict([new Arrival(sender, answer)], [], history);
        }
        if (probe.Content is IpContent packet)
        {
            if (Dhcp.IsFromClient(packet))
                return Verdict.Nowhere("what a DHCP client says goes to its host alone", history);
            if (_groups.Refuse(sender, SecurityGroupRule.Egress, packet, ref history) is { } denied)
                return Verdict.Nowhere(denied, history);
            if (_acls.Refuse(sender, NetworkAclRule.Egress, probe) is { } bounded)
                return Verdict.Nowhere(bounded, history);
        }
        return Carry(sender, probe, history);
    }

    /// <summary>What the sender's side has let through goes to those that it is for, routed where it must be.</summary>
    private Verdict Carry(Port sender, Probe probe, Conversations history)
    {
        var network = sender.NetworkId;
        for (var routers = 0; routers < RoutersMax; routers++)
        {
            if (cloud.PortWith(network, probe.TargetMac) is not { } entry
                || (cloud.RouterBehind(entry) ?? cloud.RouterOutside(entry)) is not { } router)
            {
                // A switch sends nothing back to where it came from; a router does.
                return Deliver(sender, network, probe, history, mayReturn: routers > 0);
            }
            var routed = _routing.Forward(router, entry, sender, probe, ref history);
            if (routed.Probe is null)
                return Verdict.Nowhere(routed.Reason, history);
            (network, probe) = (routed.NetworkId, routed.Probe);
        }
        return Verdict.Nowhere("it goes round in circles", history);
    }

    private Verdict Deliver(Port sender, string network, Probe probe, Conversations history, bool mayReturn)
    {
        var arrivals = ImmutableArray.CreateBuilder<Arrival>();
        var reasons = ImmutableArray.CreateBuilder<string>();
        foreach (var receiver in ReceiversOf(network, probe).Where(port => mayReturn || port.Id != sender.Id))
        {
            var refused = WhyOff(receiver) ?? RefuseIngress(receiver, probe, ref history)
                ?? _acls.Refuse(receiver, NetworkAclRule.Ingress, probe);
            if (refused is { } refusal)
                reasons.Add(refusal);
            else
                arrivals.Add(new Arrival(receiver, probe));
        }
        if (arrivals.Count == 0 && reasons.Count == 0)
            reasons.Add($"nobody else in the network of {sender.Name} has {probe.TargetMac}");
        return new Verdict(arrivals.ToImmutable(), reasons.ToImmutable(), history);
    }

    /// <summary>Who has a MAC address of an allowed address pair only the machines know: all of them get it.</summary>
    private IEnumerable<Port> ReceiversOf(string network, Probe probe)
    {
        if (cloud.PortWith(network, probe.TargetMac) is { } only)
            return [only];
        var isShared = cloud.PairsIn(network).Any(pair => pair.MacAddress == probe.TargetMac.ToString());
        return isShared || probe.TargetMac.IsMulticast
            ? cloud.PortsIn(network).Where(port => port.IsBound)
            : [];
    }

    private string? RefuseIngress(Port receiver, Probe probe, ref Conversations history)
    {
        if (probe.Content is IpContent packet)
            return _groups.Refuse(receiver, SecurityGroupRule.Ingress, packet, ref history);
        return receiver.IsUnprotected || probe.Content is not OtherContent
            ? null
            : $"{receiver.Name} is protected: it receives IP only";
    }

    /// <summary>Why a port has no part in the network at all; null: it has.</summary>
    private string? WhyOff(Port port)
    {
        var network = cloud.NetworkOf(port);
        return !port.IsBound ? $"{port.Name} is on no host"
            : !port.AdminStateUp ? $"{port.Name} is administratively down"
            : !network.AdminStateUp ? $"network {network.Name} is administratively down"
            : network.CarriedSegment is null ? $"hosts do not carry network {network.Name}"
            : null;
    }
}
