using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Reachability.Tests;

/// <content>
/// What is outside: a network with one machine, the gateways of routers, floating IPs and port forwardings. Whoever
/// speaks with outside does so from ports of its own, since nobody could say which of two that use the same one gets
/// another.
/// </content>
internal sealed partial class CloudGenerator
{
    private const string Outsider = "outsider";
    private const string External = "external";
    private static readonly MacAddress OutsiderMac = MacAddress.Parse("52:54:00:00:00:01");
    private static readonly IPAddress OutsiderAddress = IPAddress.Parse("198.51.100.1");
    private readonly List<string> _hostsOutside = [];
    private readonly List<(string Name, IPAddress Address)> _floatingIps = [];
    private readonly List<(string Name, IPAddress Address, int Protocol, int Port)> _forwardings = [];
    private readonly Dictionary<string, IPAddress> _gateways = [];
    private readonly List<Send> _sentOutside = [];

    private bool HasOutside => _gateways.Count > 0;

    private void BuildOutside()
    {
        if (_routers.Count == 0 || _hostsOutside.Count == 0 || _random.Chance(20))
            return;
        Add(new Create("network", External, $$"""
            {"name": "{{External}}", "router:external": true, "provider:network_type": "flat",
             "provider:physical_network": "{{ScriptedRegion.PhysicalNetwork}}"}
            """));
        Add(new Create("subnet", "externalsubnet", $$"""
            {"network_id": "${{External}}", "ip_version": 4, "cidr": "198.51.100.0/24",
             "gateway_ip": "{{OutsiderAddress}}", "enable_dhcp": false}
            """));
        Add(new AddOutsider(Outsider, "externalsubnet", OutsiderMac, OutsiderAddress));
        foreach (var router in _routers)
        {
            _gateways[router] = OutsideAddress(10 + _gateways.Count);
            SetGateway(router, hasSnat: _random.Chance(85));
        }
        // Else hardly anybody outside would be let in.
        var group = _random.Pick(_groups).Name;
        Add(new Create("rule", NewName("rule"), $$"""
            {"security_group_id": "${{group}}", "direction": "ingress", "ethertype": "IPv4"}
            """));
        foreach (var machine in _machines.Where(IsRouted).ToList())
        {
            if (_random.Chance(35))
                AddFloatingIp(machine);
            else if (_random.Chance(40))
                AddForwarding(machine);
        }
    }

    private static IPAddress OutsideAddress(int number) => IPAddress.Parse($"198.51.100.{number}");

    private bool IsRouted(Machine machine) => _interfaces.Exists(one => one.Subnet == $"subnet{machine.Network}");

    private void SetGateway(string router, bool hasSnat) => Add(new Update("router", router, $$"""
        {"external_gateway_info": {"network_id": "${{External}}", "enable_snat": {{(hasSnat ? "true" : "false")}},
          "external_fixed_ips": [{"subnet_id": "$externalsubnet", "ip_address": "{{_gateways[router]}}"}] } }
        """));

    private void AddFloatingIp(Machine machine)
    {
        var (name, address) = (NewName("floating"), OutsideAddress(50 + _floatingIps.Count));
        _floatingIps.Add((name, address));
        Add(new Create("floatingip", name, $$"""
            {"floating_network_id": "${{External}}", "floating_ip_address": "{{address}}",
             "port_id": "${{machine.Name}}", "fixed_ip_address": "{{machine.Address(4)}}"}
            """));
    }

    private void AddForwarding(Machine machine)
    {
        var (ip, address) = (NewName("floating"), OutsideAddress(100 + _forwardings.Count));
        Add(new Create("floatingip", ip, $$"""
            {"floating_network_id": "${{External}}", "floating_ip_address": "{{address}}"}
            """));
        var (protocol, outer) = (_random.Pick([Protocol.Tcp, Protocol.Udp]), 8080);
        var inner = _random.Pick(Pools.ServicePorts[..^1]);
        var ports = _random.Chance(50)
            ? $"\"external_port\": {outer}, \"internal_port\": {inner}"
            : $"\"external_port_range\": \"{outer}:{outer + 1}\", \"internal_port_range\": \"{inner}:{inner + 1}\"";
        _forwardings.Add((NewName("forwarding"), address, protocol, outer));
        Add(new Create("forwarding", _forwardings[^1].Name, $$"""
            {"floatingip_id": "${{ip}}", "internal_port_id": "${{machine.Name}}",
             "internal_ip_address": "{{machine.Address(4)}}",
             "protocol": "{{(protocol == Protocol.Tcp ? "tcp" : "udp")}}", {{ports}}}
            """));
    }

    private void ChangeOutside()
    {
        if (_random.Chance(50) && _floatingIps.Count > 0)
        {
            var to = _random.Chance(40) ? "null" : $"\"${_random.Pick(_machines).Name}\"";
            Add(new Update("floatingip", _random.Pick(_floatingIps).Name, $$"""{"port_id": {{to}}}"""));
        }
        else if (_random.Chance(50) && _forwardings.Count > 0)
        {
            Add(new Delete("forwarding", _random.Pick(_forwardings).Name));
        }
        else
        {
            SetGateway(_random.Pick(_routers), hasSnat: _random.Chance(50));
        }
    }

    private Send NextOutside()
    {
        if (_sentOutside.Count > 0 && _random.Chance(25))
            return Again(_random.Pick(_sentOutside));
        var send = _random.Next(10) switch
        {
            0 => NextOutsideArp(),
            < 5 => NextInward(),
            _ => NextOutward(),
        };
        _sentOutside.Add(send);
        return send;
    }

    /// <summary>Another datagram, whose parts nobody takes for those of the one before.</summary>
    private Send Again(Send sent) => sent.Content is IpContent { Fragments: not null } packet
        ? sent with { Content = packet with { Fragments = ++_names } }
        : sent;

    private Send NextOutsideArp()
    {
        var sought = _random.Chance(90) ? NextAddressOutside().Address : OutsideAddress(99);
        return new Send(Outsider, OutsiderMac, Broadcast, new ArpRequest(OutsiderMac, OutsiderAddress, sought));
    }

    private Send NextInward()
    {
        var (address, protocol, port) = NextAddressOutside();
        var transport = NextTransport(protocol, (40_000 + _random.Next(4), port), 7);
        return NextTo(Outsider, OutsiderMac, new IpContent(OutsiderAddress, address, transport));
    }

    private Send NextOutward()
    {
        var number = _random.Next(_machines.Count);
        var from = _machines[number];
        var (address, protocol, port) = _random.Chance(60) ? (OutsiderAddress, null, null) : NextAddressOutside();
        var transport = NextTransport(protocol, (50_000 + number, port), 100 + number);
        return NextTo(from.Name, from.Mac, new IpContent(from.Address(4)!, address, transport));
    }

    private Send NextTo(string from, MacAddress mac, IpContent packet)
    {
        packet = packet with
        {
            HopLimit = _random.Chance(94) ? 64 : _random.Next(1, 4),
            Fragments = packet is { Transport: Segment { Protocol: Protocol.Udp } } && _random.Chance(15)
                ? ++_names
                : null,
        };
        return new Send(from, mac, null, packet, _random.Next(3)) { IsRefused = _random.Chance(20) };
    }

    /// <summary>One that leads inside, or is a router's.</summary>
    private (IPAddress Address, int? Protocol, int? Port) NextAddressOutside() => _random.Next(10) switch
    {
        < 5 when _floatingIps.Count > 0 => (_random.Pick(_floatingIps).Address, null, null),
        < 9 when _forwardings.Count > 0 && _random.Pick(_forwardings) is var forwarded =>
            (forwarded.Address, forwarded.Protocol, forwarded.Port + _random.Next(3)),
        _ => (_random.Pick([.. _gateways.Values]), null, null),
    };

    private Transport NextTransport(int? protocol, (int Source, int? Target) ports, int identifier)
    {
        var kind = protocol is null || _random.Chance(10) ? _random.Next(10) : 0;
        // Always the same, so that two do not know what to do about it.
        if (kind > 7)
            return new OtherTransport(Pools.OtherProtocols[0]);
        if (kind > 6)
            return new Icmp(8, 0, identifier);
        protocol = kind == 0 && protocol is not null ? protocol : _random.Pick([Protocol.Tcp, Protocol.Udp]);
        return new Segment(protocol.Value, ports.Source, ports.Target ?? _random.Pick(Pools.ServicePorts))
        {
            Flags = _random.Chance(80) ? TcpFlags.Syn : _random.Pick([TcpFlags.Ack, TcpFlags.SynAck]),
        };
    }
}
