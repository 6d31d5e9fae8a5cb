using Alcor.Agent.Dhcp;
using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Icmp;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Switch;

namespace Alcor.Agent;

/// <summary>What the agent answers to the packets that the switch hands to it; it keeps nothing but counts.</summary>
internal sealed class PacketAnswers(Renderer renderer, AgentOptions options)
{
    /// <summary>Of either version.</summary>
    public long DhcpAnswered { get; private set; }

    /// <summary>Machines that asked for routers and were told of one.</summary>
    public long SolicitationsAnswered { get; private set; }

    /// <summary>Packets whose sender was told that a router does not forward them.</summary>
    public long RoutingRefused { get; private set; }

    /// <summary>The frames to give to the port that the packet is of; none for silence.</summary>
    public IReadOnlyList<byte[]> To(PacketPunted punted)
    {
        if (Punts.Obstacle(punted) is { } obstacle)
            return OneOrNone(Refusal(punted, obstacle));
        if (!IpFrame.TryParse(punted.Frame, out var packet))
            return [];
        if (RouterSolicitation.IsValid(packet))
            return Advertisements(Punts.SourcePort(punted));
        var answer = Dhcp(punted) ?? Dhcpv6(packet, Punts.SourcePort(punted));
        if (answer is not null)
            DhcpAnswered++;
        return OneOrNone(answer);
    }

    private List<byte[]> Advertisements(uint key)
    {
        var frames = renderer.AdvertisementsAt(key, options.Services).Select(said => said.Encode()).ToList();
        if (frames.Count > 0)
            SolicitationsAnswered++;
        return frames;
    }

    private byte[]? Dhcp(PacketPunted punted) =>
        DhcpFrame.TryParse(punted.Frame, out var request)
            && renderer.DhcpAt(Punts.SourcePort(punted), options.DhcpLeaseTime, options.Services) is { } binding
            ? DhcpResponder.Respond(binding, request)?.Encode()
            : null;

    private byte[]? Dhcpv6(IpFrame packet, uint key) =>
        Dhcpv6Frame.TryParse(packet, out var request)
            && renderer.Dhcpv6At(key, options.DhcpLeaseTime, options.Services) is { } binding
            ? Dhcpv6Responder.Respond(binding, request)?.Encode()
            : null;

    private byte[]? Refusal(PacketPunted punted, RoutingObstacle obstacle)
    {
        if (Facing(punted) is not { } face
            || IcmpErrors.About(punted.Frame, obstacle, face, Punts.Mtu(punted)) is not { } error)
        {
            return null;
        }
        RoutingRefused++;
        return error;
    }

    private RouterFace? Facing(PacketPunted punted)
    {
        if (!Punts.IsEntering(punted))
            return renderer.RouterFacing(Punts.SourcePort(punted), Punts.Router(punted));
        return IpFrame.TryParseFirst(punted.Frame, out var packet)
            ? renderer.RouterFacing(Punts.Network(punted), packet.DestinationMac, packet.SourceMac)
            : null;
    }

    private static byte[][] OneOrNone(byte[]? frame) => frame is null ? [] : [frame];
}
