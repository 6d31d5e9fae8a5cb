using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Reachability.Tests;

/// <content>Security groups with their rules, address groups, and what ports have of them.</content>
internal sealed partial class CloudGenerator
{
    private readonly List<(string Name, bool IsStateful)> _groups = [];
    private readonly List<string> _addressGroups = [];
    private readonly List<IPNetwork> _blocks = [];
    private readonly List<string> _rules = [];
    private (string Direction, int Version, string Remote)? _lastRule;

    private void BuildGroups()
    {
        for (var i = _random.Next(3); i > 0; i--)
        {
            _addressGroups.Add(NewName("addresses"));
            Add(new Create("addresses", _addressGroups[^1],
                $$"""{"name": "{{_addressGroups[^1]}}", "addresses": [{{NextAddresses()}}]}"""));
        }
        for (var i = _random.Next(1, 5); i > 0; i--)
        {
            var (name, isStateful) = (NewName("group"), _random.Chance(80));
            _groups.Add((name, isStateful));
            Add(new Create("group", name,
                $$"""{"name": "{{name}}", "stateful": {{(isStateful ? "true" : "false")}}}"""));
        }
        foreach (var (group, _) in _groups)
        {
            foreach (var version in new[] { 4, 6 }.Where(_ => _random.Chance(50)))
                Add(new Delete("rule", $"{group}_egress_IPv{version}"));
            for (var i = _random.Next(7); i > 0; i--)
                AddRule(group);
        }
    }

    /// <summary>
    /// Often one like the last, but for the protocol: when one of the two ends, the other must not do for it.
    /// </summary>
    private void AddRule(string group)
    {
        if (_lastRule is not { } rule || !_random.Chance(40))
        {
            var version = NextVersion();
            rule = (_random.Chance(70) ? "ingress" : "egress", version, NextRemote(version));
        }
        _lastRule = rule;
        var parts = new List<string>
        {
            $"\"security_group_id\": \"${group}\"",
            $"\"direction\": \"{rule.Direction}\"",
            $"\"ethertype\": \"IPv{rule.Version}\"",
            NextProtocol(rule.Version),
            rule.Remote,
        };
        _rules.Add(NewName("rule"));
        Add(new Create("rule", _rules[^1], $"{{{string.Join(", ", parts.Where(part => part.Length > 0))}}}"));
    }

    private string NextProtocol(int version) => _random.Next(10) switch
    {
        0 or 1 => "",
        2 or 3 or 4 => $"\"protocol\": \"{_random.Pick(["tcp", "6"])}\"{NextRange()}",
        5 or 6 => $"\"protocol\": \"{_random.Pick(["udp", "17"])}\"{NextRange()}",
        7 or 8 => $"\"protocol\": \"icmp\"{NextKind(version)}",
        _ => $"\"protocol\": \"{_random.Pick(Pools.OtherProtocols)}\"",
    };

    private string NextRange()
    {
        if (_random.Chance(20))
            return "";
        var (first, last) = (_random.Pick(Pools.ServicePorts), _random.Pick(Pools.ServicePorts));
        if (_random.Chance(40))
            last = first;
        return $", \"port_range_min\": {Math.Min(first, last)}, \"port_range_max\": {Math.Max(first, last)}";
    }

    private string NextKind(int version)
    {
        if (_random.Chance(40))
            return "";
        var type = _random.Pick(version == 4 ? Pools.IcmpTypes : Pools.Icmpv6Types);
        return $", \"port_range_min\": {type}" + (_random.Chance(50) ? $", \"port_range_max\": {_random.Next(2)}" : "");
    }

    private string NextRemote(int version) => _random.Next(6) switch
    {
        0 or 1 => $"\"remote_ip_prefix\": \"{NextPrefix(version)}\"",
        2 or 3 => $"\"remote_group_id\": \"${_random.Pick(_groups).Name}\"",
        4 when _addressGroups.Count > 0 => $"\"remote_address_group_id\": \"${_random.Pick(_addressGroups)}\"",
        _ => "",
    };

    private string NextAddresses()
    {
        var blocks = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => NextBlock(NextVersion())).Distinct().ToList();
        _blocks.AddRange(blocks);
        return string.Join(", ", blocks.Select(block => $"\"{block}\""));
    }

    /// <summary>With its host bits zero, as address groups want it.</summary>
    private IPNetwork NextBlock(int version)
    {
        var (address, length) = NextAddress(version);
        return address.BlockAround(length);
    }

    private string NextPrefix(int version)
    {
        var (address, length) = NextAddress(version);
        return _random.Chance(15) ? version == 4 ? "0.0.0.0/0" : "::/0" : $"{address}/{length}";
    }

    private (IPAddress Address, int Length) NextAddress(int version)
    {
        var (network, number) = (_random.Pick(_networks), 10 + _random.Next(6));
        return version == 4
            ? (Pools.Ipv4Of(network, number), _random.Pick([32, 32, 31, 30, 29, 24, 23, 8]))
            : (Pools.Ipv6Of(network, number), _random.Pick([128, 128, 127, 125, 64, 62, 32]));
    }

    /// <summary>What a new port says of its security.</summary>
    private string Security(ref Machine machine)
    {
        if (_random.Chance(_isAboutAcls ? 80 : 20))
            return ", \"port_security_enabled\": false";
        var text = _random.Chance(10) ? "" : $", \"security_groups\": {NextGroups()}";
        if (_random.Chance(75))
            return text;
        var pair = NextAddress(NextVersion());
        MacAddress? mac = _random.Chance(40) ? _random.Pick(Pools.OtherMacs) : null;
        machine = machine with { Pairs = [pair.Address], PairMac = mac };
        var named = mac is null ? "" : $", \"mac_address\": \"{mac}\"";
        return $"{text}, \"allowed_address_pairs\": [{{\"ip_address\": \"{pair.Address}/{pair.Length}\"{named}}}]";
    }

    /// <summary>Stateful ones alone, or others alone: the API takes no mixture.</summary>
    private string NextGroups()
    {
        if (_random.Chance(5))
            return "[]";
        var first = _random.Pick(_groups);
        var others = _groups.Where(group => group.IsStateful == first.IsStateful && _random.Chance(30));
        return $"[{string.Join(", ", others.Append(first).Distinct().Select(group => $"\"${group.Name}\""))}]";
    }
}
