using Alcor.Agent.Dhcp;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Icmp;
using Alcor.Agent.Switch;

namespace Alcor.Agent;

/// <summary>What the agent answers to the packets that the switch hands to it; it keeps nothing but counts.</summary>
internal sealed class PacketAnswers(Renderer renderer, AgentOptions options)
{
    public long DhcpAnswered { get; private set; }

    /// <summary>Packets whose sender was told that a router does not forward them.</summary>
    public long RoutingRefused { get; private set; }

    /// <summary>The frame to give to the port that the packet came from, or null for silence.</summary>
    public byte[]? To(PacketPunted punted)
    {
        if (Punts.Obstacle(punted) is { } obstacle)
            return Refusal(punted, obstacle);
        if (!DhcpFrame.TryParse(punted.Frame, out var request)
            || renderer.DhcpAt(punted.InPort, options.DhcpLeaseTime) is not { } binding
            || DhcpResponder.Respond(binding, request) is not { } reply)
        {
            return null;
        }
        DhcpAnswered++;
        return reply.Encode();
    }

    private byte[]? Refusal(PacketPunted punted, RoutingObstacle obstacle)
    {
        if (renderer.RouterFacing(Punts.SourcePort(punted), Punts.Router(punted)) is not { } face
            || IcmpErrors.About(punted.Frame, obstacle, face) is not { } error)
        {
            return null;
        }
        RoutingRefused++;
        return error;
    }
}
