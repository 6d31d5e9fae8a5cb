using System.Net;
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
        foreach (var (number, address, mac) in flows.Select(LearnedNeighbors.Read).OfType<(uint, IPAddress, MacAddress)>())
        {
            if (renderer.OutsideNetwork(number) is { } network
                && _addresses.FirstOrDefault(one => one.Network == network) is { } asker)
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
            return true;
        }
        if (punted.Table != Tables.NextHops)
            return false;
        // What leaves a router by its gateway has its address outside already.
        if (!IpFrame.TryParse(punted.Frame, out var packet) || punted.Register(Registers.NextHop) is 0)
            return false;
        var asker = new OutsideAddress(network, packet.Source, packet.SourceMac);
        if (!_addresses.Contains(asker))
            return false;
        var nextHop = LearnedNeighbors.Ipv4(punted.Register(Registers.NextHop));
        _neighbors.Seek(new OutsideQuestion(asker, nextHop), now);
        return true;
    }

    /// <summary>Says and asks what is due.</summary>
    /// <exception cref="SwitchUnavailableException"/>
    public async Task SpeakAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var address in _announcements.Take(now))
            await SendAsync(address.Network, ArpFrame.Announcement(address.Mac, address.Address), cancellationToken);
        foreach (var question in _neighbors.Take(now))
        {
            var (asker, target) = (question.Asker, question.Target);
            await SendAsync(
                asker.Network, ArpFrame.Question(asker.Mac, asker.Address, target), cancellationToken);
        }
    }

    private async Task SendAsync(Guid network, ArpFrame frame, CancellationToken cancellationToken)
    {
        if (renderer.CarrierOf(network) is { } carrier)
        {
            await device.SendAsync(frame.Encode(),
                [.. PhysicalNetworks.Tag(carrier.Vlan), new FlowAction.Output(carrier.Port)], cancellationToken);
        }
    }

    private static (Guid, IPAddress) Key(OutsideQuestion question) => (question.Asker.Network, question.Target);
}
