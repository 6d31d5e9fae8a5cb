using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tracing;

internal sealed partial class Narrator
{
    private const string HandedOver = "handed to the agent, which answers";

    private string? Routed(Scene scene)
    {
        var isPunt = scene.Visit.Flow is { } flow && flow.Instructions.Any(one =>
            one is Instruction.ApplyActions { Actions: [FlowAction.Output { Port: Ports.Controller }] });
        var target = TracedPacket.DestinationOf(scene.Packet);
        return scene.Visit.Table switch
        {
            Tables.RouterPorts or Tables.Gateways or Tables.NextHops when isPunt && IsTooLarge(scene) =>
                $"has more than the {MtuOf(scene)} bytes that the network takes where it would go: {HandedOver} so",
            Tables.RouterPorts when Bound(scene) is { } bytes => $"goes on if it has no more than {bytes} bytes",
            Tables.RouterPorts when scene.IsDrop => "no flow says where it goes: dropped",
            Tables.RouterPorts => scene.Owner is null ? null : $"is for {RouterAt(scene)}",
            Tables.Routers when isPunt => scene.Owner is null
                ? $"has come too far for {RouterAt(scene)} to forward it: {HandedOver} that its time is exceeded"
                : $"{RouterAt(scene)} does not listen to it: {HandedOver} that it is unreachable",
            Tables.Routers when scene.Visit.Flow?.Priority == Priorities.Forbidden && IsEcho(scene.Packet) =>
                $"{RouterAt(scene)} answers the ping",
            Tables.Routers or Tables.Departure when scene.IsDrop && IsStray(scene) => BelongsToNone,
            Tables.Routers when scene.IsDrop => scene.Owner is null
                ? $"{RouterAt(scene)} forwards no link-local address: dropped"
                : $"{RouterAt(scene)} leads to {target} in another address scope: dropped",
            Tables.Routes when isPunt =>
                $"{RouterAt(scene)} has no route to {target}: {HandedOver} that it is unreachable",
            Tables.Routes when scene.IsDrop => $"{RouterAt(scene)} forwards IP alone: dropped",
            Tables.Routes => $"{RouterAt(scene)} forwards it by its route to {RouteOf(scene)}"
                + (Bound(scene) is { } bytes ? $", if it has no more than {bytes} bytes" : ""),
            Tables.Gateways when scene.IsDrop && scene.Visit.Flow?.Priority == Priorities.Forbidden =>
                $"{RouterAt(scene)} sends nothing outside that came from there: dropped",
            Tables.Gateways when scene.IsDrop => IsGatewayHere(scene)
                ? $"{NetworkIn(scene)} is in another address scope than what is outside of {RouterAt(scene)}: dropped"
                : $"no host has the gateway of {RouterAt(scene)}: dropped",
            Tables.Gateways => Gateway(scene),
            Tables.Departure when scene.IsDrop => "another connection outside looks the same: dropped",
            Tables.NextHops when isPunt => NobodyThere(scene),
            Tables.NextHops when scene.IsDrop => "the router forwards IP alone: dropped",
            Tables.NextHops => NextHop(scene),
            _ => null,
        };
    }

    private const string BelongsToNone = "it neither belongs to a connection outside nor begins one: dropped";

    private static bool IsStray(Scene scene) =>
        scene.Owner?.Key.Kind == EntryKind.FloatingIp
        || scene.Visit.Flow?.Match.Find(Field.CtState) is { } state && (state.Value & (uint)CtState.Invalid) != 0;

    private static bool IsTooLarge(Scene scene) =>
        ((uint)scene.Visit.State[Field.Register(Registers.Origin)] & Registers.TooLarge) != 0;

    private static uint MtuOf(Scene scene) => (uint)scene.Visit.State[Field.Register(Registers.Mtu)];

    private static ushort? Bound(Scene scene) => scene.Visit.Flow is { } flow ? PathMtu.BoundOf(flow) : null;

    private static bool IsEcho(Packet packet) =>
        packet.Has(Field.Icmpv4Type) && packet[Field.Icmpv4Type] == 8
        || packet.Has(Field.Icmpv6Type) && packet[Field.Icmpv6Type] == 128;

    /// <summary>The router of the register, or of the flow that first sets it.</summary>
    private string RouterAt(Scene scene)
    {
        if (scene.Visit.Table == Tables.RouterPorts && scene.Owner is { } owner)
            return owner.Key.Kind == EntryKind.RouterPort ? names.Of("router", RouterOf(scene, owner)) : Thing(owner);
        return names.Of("router", IdOf(scene.Visit.State[Field.DoubleExtendedRegister(Registers.Router)]));
    }

    private static Guid IdOf(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new Guid(bytes, bigEndian: true);
    }

    private static string RouteOf(Scene scene)
    {
        var match = scene.Visit.Flow!.Match;
        var (v4, v6) = (match.Find(Field.Ipv4Dst), match.Find(Field.Ipv6Dst));
        return v4 is { } ip
            ? $"{new Ipv4Address((uint)ip.Value)}/{UInt128.PopCount(ip.Mask)}"
            : v6 is { } six ? $"{new Ipv6Address(six.Value)}/{UInt128.PopCount(six.Mask)}"
            : scene.Packet.Has(Field.Ipv4Dst) ? "0.0.0.0/0" : "::/0";
    }

    private static IPAddress? GatewayHostOf(Scene scene)
    {
        var id = IdOf(scene.Visit.State[Field.DoubleExtendedRegister(Registers.Router)]);
        return scene.Host.State.Find<RouterValue>(EntryKind.Router, id)?.Gateway?.TunnelAddress;
    }

    private static bool IsGatewayHere(Scene scene) =>
        scene.Host.Host.TunnelAddress.Equals(GatewayHostOf(scene));

    private string? Gateway(Scene scene) =>
        scene.Owner?.Key.Kind == EntryKind.Router && GatewayHostOf(scene) is not null && !IsGatewayHere(scene)
            ? $"another host has the gateway of {RouterAt(scene)}: into the tunnel"
            : null;

    private string NobodyThere(Scene scene)
    {
        var hop = scene.Packet.Has(Field.Ipv4Dst)
            ? new Ipv4Address((uint)scene.Visit.State[Field.Register(Registers.NextHop)]).ToIPAddress()
            : new Ipv6Address(scene.Visit.State[Field.DoubleExtendedRegister(Registers.Remote)]).ToIPAddress();
        return $"nobody in {NetworkIn(scene)} is known to have {hop}: handed to the agent, "
            + (IsOutside(scene) ? "which asks there" : "which answers that it is unreachable");
    }

    private static bool IsOutside(Scene scene) =>
        scene.Host.Renderer.OutsideNetwork((uint)scene.Visit.State[Field.Register(Registers.Network)]) is not null;

    private string? NextHop(Scene scene) => scene.Owner is not { } owner ? null : owner.Key.Kind switch
    {
        EntryKind.Neighbor => $"its next hop is {Thing(owner)}",
        EntryKind.RouterPort => $"its next hop is {names.Of("router", RouterOf(scene, owner))}",
        EntryKind.Network => $"its next hop is a machine of {NetworkIn(scene)} that Alcor knows nothing of",
        _ => $"its next hop is {Thing(owner)}",
    };

    /// <summary>Network address translation happens between two tables.</summary>
    private string? Translated(TracedSwitch host, TableVisit before, TableVisit now)
    {
        if (before.Table is < Tables.RouterPorts or > Tables.ArrivalPacketLimits
            || now.Table is < Tables.Routers or > Tables.Departure)
        {
            return null;
        }
        var isHidden = host.State.OwnerOf(before.Flow!.Cookie) is { } owner && names.Hides(owner.Key.Id);
        var (was, next) = (before.State.Packet, now.State.Packet);
        if (!Equals(TracedPacket.SourceOf(next), TracedPacket.SourceOf(was)))
            return $"network address translation: its source becomes {TracedPacket.SourceOf(next)}";
        if (Equals(TracedPacket.DestinationOf(next), TracedPacket.DestinationOf(was)))
            return null;
        return "network address translation: its destination becomes "
            + (isHidden ? "an address of another project" : $"{TracedPacket.DestinationOf(next)}");
    }

    private string? Forwarded(Scene scene)
    {
        if (scene.IsDrop)
            return $"{WhyNobody(scene)}: dropped";
        return scene.Owner is not { } owner ? null : owner.Key.Kind switch
        {
            EntryKind.Port => $"is for {Thing(owner)}, which is here",
            EntryKind.Neighbor when scene.Visit.Flow!.Priority == Priorities.Entry =>
                $"is for {Thing(owner)}: into the tunnel to {HostOf(scene, owner)}",
            EntryKind.Network => $"nobody here has it: out to the physical network of {Thing(owner)}",
            _ => null,
        };
    }

    private string HostOf(Scene scene, EntryAddress neighbor) =>
        scene.Host.State.Find<NeighborValue>(EntryKind.Neighbor, neighbor.Key.Id) is { } value
            ? names.Host(value.Host)
            : "its host";

    private string WhyNobody(Scene scene)
    {
        var mac = TracedPacket.MacOf(scene.Packet, Field.EthDst);
        if (mac == DhcpResponder.ServerMac)
            return $"no router of {NetworkIn(scene)} has the address of the gateway";
        var network = scene.Host.NetworkOf((uint)scene.Visit.State[Field.Register(Registers.Network)]);
        var here = scene.Host.State.All<PortValue>()
            .Where(port => port.Value.Mac == mac && port.Value.NetworkId == network)
            .Select(port => (Guid?)port.Address.Key.Id).FirstOrDefault();
        return here is { } port ? WhyAbsent(scene.Host, port)
            : $"nobody in {NetworkIn(scene)} has the MAC address {mac}";
    }
}
