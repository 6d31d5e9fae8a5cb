using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Icmp;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;

namespace Alcor.Agent.Outside;

/// <summary>What a host says and hears in the networks outside, for the addresses that routers have there.</summary>
internal sealed class OutsideLink(ISwitch device, Renderer renderer)
{
    private readonly OutsideNeighbors _neighbors = new();
    private readonly Announcements _announcements = new();
    private HashSet<OutsideAddress> _addresses = [];

    /// <summary>The facts with what was heard.</summary>
    public SwitchFacts Complete(SwitchFacts facts) => facts with { OutsideNeighbors = _neighbors.Known };

    /// <summary>What is rendered has changed.</summary>
    public void Update(DateTimeOffset now)
    {
        _addresses = [.. renderer.OutsideAddresses];
        _announcements.Set(_addresses, now);
        _neighbors.Set([.. _addresses.SelectMany(renderer.Questions).DistinctBy(Key)], _addresses, now);
    }

    /// <summary>Takes over what the agent before this one heard, from the flows that it left.</summary>
    public void Remember(IEnumerable<Flow> flows, DateTimeOffset now)
    {
        foreach (var (number, address, mac) in flows.Select(LearnedNeighbors.Read)
            .OfType<(uint, IPAddress, MacAddress)>())
        {
            if (renderer.OutsideNetwork(number) is { } network
                && _addresses.FirstOrDefault(one => one.Network == network
                    && one.Address.AddressFamily == address.AddressFamily) is { } asker)
            {
                _neighbors.Remember(new OutsideQuestion(asker, address), mac, now);
            }
        }
    }

    /// <summary>Takes a packet that the switch handed over, if it is about a network outside.</summary>
    /// <returns>Whether it was.</returns>
    public bool Take(PacketPunted punted, DateTimeOffset now)
    {
        if (renderer.OutsideNetwork(punted.Register(Registers.Network)) is not { } network)
            return false;
        if (punted.Table == Tables.Outside)
        {
            if (ArpFrame.TryParse(punted.Frame.Span, out var arp) && arp.IsReply)
                _neighbors.Learn(network, arp.Sender, arp.SenderMac, now);
            else if (NeighborFrame.TryParse(punted.Frame, out var said) && said.IsAdvertisement)
                _neighbors.Learn(network, said.Target, said.Mac, now);
            return true;
        }
        if (Punts.Obstacle(punted) != RoutingObstacle.NoNeighbor || Punts.NextHop(punted) is not { } target
            || !IpFrame.TryParse(punted.Frame, out var packet) || AskerFor(packet, network) is not { } asker)
        {
            return false;
        }
        _neighbors.Seek(new OutsideQuestion(asker, target), now);
        return true;
    }

    /// <summary>
    /// What leaves a router by its gateway has its address outside already, if it is of IPv4; of IPv6 it has the MAC
    /// address of the router alone, which asks by its link-local address.
    /// </summary>
    private OutsideAddress? AskerFor(IpFrame packet, Guid network)
    {
        var own = packet.Source.AddressFamily == AddressFamily.InterNetwork
            ? packet.Source
            : packet.SourceMac.LinkLocalAddress();
        var asker = new OutsideAddress(network, own, packet.SourceMac);
        return _addresses.Contains(asker) ? asker : null;
    }

    /// <summary>Says and asks what is due.</summary>
    /// <exception cref="SwitchUnavailableException"/>
    public async Task SpeakAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var address in _announcements.Take(now))
            await SendAsync(address.Network, Announcement(address), cancellationToken);
        foreach (var question in _neighbors.Take(now))
            await SendAsync(question.Asker.Network, Question(question), cancellationToken);
    }

    private static byte[] Announcement(OutsideAddress here) => here.Address.AddressFamily == AddressFamily.InterNetwork
        ? ArpFrame.Announcement(here.Mac, here.Address).Encode()
        : NeighborFrame.Announcement(here.Mac, here.Address).Encode();

    private static byte[] Question(OutsideQuestion question)
    {
        var (asker, target) = (question.Asker, question.Target);
        return target.AddressFamily == AddressFamily.InterNetwork
            ? ArpFrame.Question(asker.Mac, asker.Address, target).Encode()
            : NeighborFrame.Question(asker.Mac, asker.Address, target).Encode();
    }

    private async Task SendAsync(Guid network, byte[] frame, CancellationToken cancellationToken)
    {
        if (renderer.CarrierOf(network) is { } carrier)
        {
            await device.SendAsync(frame,
                [.. PhysicalNetworks.Tag(carrier.Vlan), new FlowAction.Output(carrier.Port)], cancellationToken);
        }
    }

    private static (Guid, IPAddress) Key(OutsideQuestion question) => (question.Asker.Network, question.Target);
}
