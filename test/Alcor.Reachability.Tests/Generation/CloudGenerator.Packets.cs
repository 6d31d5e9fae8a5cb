using System.Net;
using System.Net.Sockets;
using Alcor.Kernel.Addresses;

namespace Alcor.Reachability.Tests;

/// <content>Packets: most as machines send them, some as no honest machine would.</content>
internal sealed partial class CloudGenerator
{
    private static readonly MacAddress Broadcast = MacAddress.Parse("ff:ff:ff:ff:ff:ff");
    private static readonly MacAddress Ipv4Group = MacAddress.Parse("01:00:5e:00:00:12");
    private static readonly MacAddress Ipv6Group = MacAddress.Parse("33:33:00:00:00:12");

    /// <summary>What was sent from machine to machine, and may be sent again, or answered late.</summary>
    private readonly List<(Machine From, Machine To, Send Send)> _sent = [];

    /// <param name="oldPercent">How many of them belong to what was sent before.</param>
    private void SendSome(int sends, int oldPercent)
    {
        for (var i = 0; i < sends; i++)
        {
            if (HasOutside && _random.Chance(30))
                Add(NextOutside());
            else
                Add(_sent.Count > 0 && _random.Chance(oldPercent) ? NextOld() : NextSend());
        }
    }

    /// <summary>What a change of rules has to stop or to leave alone.</summary>
    private Send NextOld()
    {
        var (from, to, send) = _random.Pick(_sent);
        if (_random.Chance(40) || ((IpContent)send.Content).Reply() is not { } reply)
            return send;
        return new Send(to.Name, to.Mac, send.TargetMac is null ? null : from.Mac, reply, _random.Next(2));
    }

    private Send NextSend()
    {
        var from = _random.Pick(_machines);
        var mac = _random.Chance(96) ? from.Mac : _random.Pick(_machines).Mac;
        return _random.Next(20) switch
        {
            0 => new Send(from.Name, mac, _random.Pick(_machines).Mac, new OtherContent(0x88b5)),
            1 => NextArp(from, mac),
            2 => NextSolicitation(from, mac),
            3 => NextBroadcast(from, mac),
            4 => NextToGateway(from, mac),
            5 => NextService(from, mac),
            6 => NextFragmented(from, mac),
            _ => NextUnicast(from, mac),
        };
    }

    private Send NextArp(Machine from, MacAddress mac)
    {
        var sender = _random.Chance(85) ? from.Address(4)! : IPAddress.Any;
        if (_random.Chance(10))
            sender = _random.Pick(_machines).Address(4)!;
        var sought = _random.Next(10) switch
        {
            0 => Pools.Ipv4Of(from.Network, 99),
            1 or 2 => Pools.GatewayOf(from.Network, 4),
            _ => _random.Pick(_machines).Address(4)!,
        };
        return new Send(from.Name, mac, Broadcast, new ArpRequest(_random.Chance(95) ? mac : from.Mac, sender, sought));
    }

    private Send NextSolicitation(Machine from, MacAddress mac)
    {
        var sought = _random.Next(10) switch
        {
            0 => Pools.Ipv6Of(from.Network, 99),
            1 or 2 => Pools.GatewayOf(from.Network, 6),
            3 => Cloud.LinkLocal(_random.Pick(_machines).Mac),
            _ => _random.Pick(_machines).Address(6)!,
        };
        var isProbe = _random.Chance(15);
        var source = isProbe ? IPAddress.IPv6Any
            : _random.Chance(85) ? from.Address(6)!
            : _random.Chance(50) ? Cloud.LinkLocal(from.Mac)
            : _random.Pick(_machines).Address(6)!;
        // To the group that only who has such an address listens to (RFC 4291 section 2.7.1).
        var last = (uint)(sought.ToNumber() & 0xff_ffff);
        return new Send(from.Name, mac, new MacAddress(0x3333_ff00_0000UL | last), new NeighborSolicitation(
            source,
            (IPAddress.Parse("ff02::1:ff00:0").ToNumber() | last).ToAddress(AddressFamily.InterNetworkV6),
            sought,
            isProbe ? null : mac));
    }

    private Send NextBroadcast(Machine from, MacAddress mac)
    {
        var version = NextVersion();
        var (group, target) = version == 6 ? (Ipv6Group, IPAddress.Parse("ff02::12"))
            : _random.Chance(50) ? (Broadcast, IPAddress.Broadcast)
            : (Ipv4Group, IPAddress.Parse("224.0.0.18"));
        return new Send(from.Name, mac, group, NextPacket(from, version, target));
    }

    /// <summary>What only hosts and routers should say, and what goes to them alone.</summary>
    private Send NextService(Machine from, MacAddress mac)
    {
        var version = NextVersion();
        var to = _random.Pick(_machines);
        Transport said = (version, _random.Next(3)) switch
        {
            (4, 0) => new Segment(Protocol.Udp, 68, 67),
            (4, _) => new Segment(Protocol.Udp, 67, 68),
            (_, 0) => new Segment(Protocol.Udp, 546, 547),
            (_, 1) => new Segment(Protocol.Udp, 547, 546),
            _ => new Icmp(_random.Pick(Pools.RouterTypes), 0, 0),
        };
        var source = said is Segment { SourcePort: 68 } && _random.Chance(50) ? IPAddress.Any
            : version == 6 && _random.Chance(50) ? Cloud.LinkLocal(from.Mac)
            : NextSource(from, version);
        return _random.Chance(50)
            ? new Send(from.Name, mac, to.Mac, new IpContent(source, to.Address(version)!, said))
            : new Send(from.Name, mac, Broadcast, new IpContent(source, version == 4
                ? IPAddress.Broadcast
                : IPAddress.Parse("ff02::1"), said));
    }

    private Send NextToGateway(Machine from, MacAddress mac)
    {
        var version = NextVersion();
        var gateway = Pools.GatewayOf(_random.Chance(80) ? from.Network : _random.Pick(_networks), version);
        return new Send(from.Name, mac, null, NextPacket(from, version, gateway));
    }

    /// <summary>To a machine behind a router as well, but not outside.</summary>
    private Send NextFragmented(Machine from, MacAddress mac)
    {
        var (version, to) = (NextVersion(), _random.Pick(_machines));
        var said = new Segment(Protocol.Udp, _random.Pick(Pools.ClientPorts), _random.Pick(Pools.ServicePorts));
        var packet = new IpContent(NextSource(from, version), to.Address(version)!, said)
        {
            // Nobody may take its parts for those of another packet.
            Fragments = ++_names,
        };
        return new Send(from.Name, mac, to.Network == from.Network ? to.Mac : null, packet, _random.Next(2));
    }

    private Send NextUnicast(Machine from, MacAddress mac)
    {
        var version = NextVersion();
        var near = _machines.Where(one => one.Network == from.Network && one != from).ToList();
        var to = near.Count > 0 && _random.Chance(_isAboutAcls ? 20 : 60)
            ? _random.Pick(near)
            : _random.Pick(_machines);
        var target = _random.Chance(4) && to.Pairs.FirstOrDefault(one => one.Version() == version) is { } pair
            ? pair
            : AddressOf(to, version);
        if (_random.Chance(20) && _destinations.Where(one => one.Version() == version).ToList() is [_, ..] known)
            return new Send(from.Name, mac, null, NextPacket(from, version, NextIn(_random.Pick(known))));
        // A machine asks for the MAC address of what is in its own subnet, and sends the rest to its gateway.
        MacAddress? targetMac = to.Network == from.Network ? to.Mac : null;
        if (_random.Chance(6))
            targetMac = _random.Chance(50) ? _random.Pick(_machines).Mac : _random.Pick(Pools.OtherMacs);
        if (targetMac is not null && to.PairMac is not null && _random.Chance(30))
            targetMac = to.PairMac;
        var packet = NextPacket(from, version, target) with
        {
            HopLimit = _random.Chance(targetMac is null ? 88 : 98) ? 64 : _random.Next(1, 3),
        };
        var send = new Send(from.Name, mac, targetMac, packet, _random.Next(3)) { IsRefused = _random.Chance(10) };
        _sent.Add((from, to, send));
        return send;
    }

    private IpContent NextPacket(Machine from, int version, IPAddress target) =>
        new(NextSource(from, version), target, NextTransport(version));

    /// <summary>One of the first addresses of a block.</summary>
    private IPAddress NextIn(IPNetwork block)
    {
        var bits = Math.Min(8, (block.Version() == 4 ? 32 : 128) - block.PrefixLength);
        return block.AddressAt(block.FirstNumber() + (UInt128)_random.Next(1 << bits));
    }

    private int NextVersion() => _random.Chance(40) ? 6 : 4;

    private IPAddress NextSource(Machine from, int version)
    {
        if (version == 4 && from.Second is not null && _random.Chance(50))
            return AddressOf(from, version);
        var pairs = from.Pairs.Where(address => address.Version() == version).ToList();
        return pairs.Count > 0 && _random.Chance(20) ? _random.Pick(pairs)
            : _random.Chance(94) ? from.Address(version)!
            : _random.Pick(_machines).Address(version)!;
    }

    private Segment NextSegment() =>
        new(Protocol.Tcp, _random.Pick(Pools.ClientPorts), _random.Pick(Pools.ServicePorts))
        {
            Flags = _random.Pick([TcpFlags.Syn, TcpFlags.Syn, TcpFlags.Ack, TcpFlags.SynAck]),
        };

    private Transport NextTransport(int version) => _random.Next(10) switch
    {
        0 or 1 or 2 or 3 => NextSegment(),
        4 or 5 or 6 => new Segment(Protocol.Udp, _random.Pick(Pools.ClientPorts), _random.Pick(Pools.ServicePorts)),
        7 or 8 => new Icmp(_random.Pick(version == 4 ? Pools.IcmpTypes : Pools.Icmpv6Types), _random.Next(8) / 7, 7),
        _ => new OtherTransport(_random.Pick(Pools.OtherProtocols)),
    };
}
