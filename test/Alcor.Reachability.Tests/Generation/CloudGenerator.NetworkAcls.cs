using System.Net;

namespace Alcor.Reachability.Tests;

/// <content>Network ACLs with their rules, and machines with addresses of two subnets of one version.</content>
internal sealed partial class CloudGenerator
{
    /// <summary>
    /// In some clouds little else stands between machines of different subnets, which a router joins.
    /// </summary>
    private bool _isAboutAcls;

    private readonly List<string> _acls = [];
    private readonly List<string> _aclRules = [];
    private readonly List<string> _subnets = [];

    /// <summary>A second subnet in some networks, in which some machines are as well.</summary>
    private void BuildSecondSubnets()
    {
        foreach (var network in _networks)
        {
            _subnets.AddRange([$"subnet{network}", $"subnet6{network}"]);
            if (!_random.Chance(35))
                continue;
            _subnets.Add($"second{network}");
            Add(new Create("subnet", _subnets[^1], $$"""
                {"network_id": "$net{{network}}", "ip_version": 4, "cidr": "{{Pools.SecondCidr(network)}}"}
                """));
            for (var i = 0; i < _machines.Count; i++)
            {
                if (_machines[i].Network == network && _random.Chance(60))
                    AddSecondAddress(i, 10 + i);
            }
        }
    }

    private void AddSecondAddress(int at, int host)
    {
        var (machine, network) = (_machines[at], _machines[at].Network);
        var second = Pools.SecondOf(network, host);
        Add(new Update("port", machine.Name, $$"""
            {"fixed_ips": [{"subnet_id": "$subnet{{network}}", "ip_address": "{{machine.Address(4)}}"},
                           {"subnet_id": "$subnet6{{network}}", "ip_address": "{{machine.Address(6)}}"},
                           {"subnet_id": "$second{{network}}", "ip_address": "{{second}}"}]}
            """));
        _machines[at] = machine with { Second = second };
    }

    /// <summary>Of a machine in two subnets that of either, and sometimes one of neither.</summary>
    private IPAddress AddressOf(Machine machine, int version) =>
        version == 6 || machine.Second is not { } second ? machine.Address(version)!
            : _random.Chance(15) ? _random.Pick(_machines).Address(4)!
            : _random.Chance(50) ? second
            : machine.Address(4)!;

    private void BuildAcls()
    {
        if (!_isAboutAcls && _random.Chance(80))
            return;
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            _acls.Add(NewName("acl"));
            Add(new Create("acl", _acls[^1], $$"""{"name": "{{_acls[^1]}}"}"""));
            for (var rules = _random.Next(2, 9); rules > 0; rules--)
                AddAclRule(_acls[^1]);
            AllowRest(_acls[^1]);
        }
        foreach (var subnets in _subnets.Where(_ => _random.Chance(75)).GroupBy(_ => _random.Pick(_acls)).ToList())
            Associate(subnets.Key, subnets);
    }

    private void Associate(string acl, IEnumerable<string> subnets) => Add(new Update("acl", acl,
        $$"""{"subnet_ids": [{{string.Join(", ", subnets.Select(subnet => $"\"${subnet}\""))}}]}"""));

    private void ChangeAcl()
    {
        switch (_random.Next(6))
        {
            case 0 or 1:
                // The API refuses a subnet that another ACL has.
                Associate(_random.Pick(_acls), _subnets.Where(_ => _random.Chance(30)));
                break;
            case 2:
                AddAclRule(_random.Pick(_acls));
                break;
            case 3 when _aclRules.Count > 0:
                Add(new Delete("aclrule", _random.Pick(_aclRules)));
                break;
            case 4 when _aclRules.Count > 0:
                Add(new Update("aclrule", _random.Pick(_aclRules), $$"""{"number": {{NextNumber()}}}"""));
                break;
            case 5 when _aclRules.Count > 0:
                Add(new Update("aclrule", _random.Pick(_aclRules), $$"""{"action": "{{NextAction()}}"}"""));
                break;
            default:
                Add(new Delete("acl", _random.Pick(_acls)));
                break;
        }
    }

    /// <summary>As people end their ACLs, of some directions and versions.</summary>
    private void AllowRest(string acl)
    {
        foreach (var (direction, version) in new[] { ("ingress", 4), ("egress", 4), ("ingress", 6), ("egress", 6) })
        {
            if (!_random.Chance(60))
                continue;
            _aclRules.Add(NewName("aclrule"));
            Add(new Create("aclrule", _aclRules[^1], $$"""
                {"network_acl_id": "${{acl}}", "number": {{100 + version}}, "direction": "{{direction}}",
                 "action": "allow", "ethertype": "IPv{{version}}"}
                """));
        }
    }

    private void AddAclRule(string acl)
    {
        var version = NextVersion();
        var parts = new List<string>
        {
            $"\"network_acl_id\": \"${acl}\"",
            $"\"number\": {NextNumber()}",
            $"\"direction\": \"{(_random.Chance(50) ? "ingress" : "egress")}\"",
            $"\"action\": \"{NextAction()}\"",
            $"\"ethertype\": \"IPv{version}\"",
            NextAclProtocol(version),
            _random.Chance(40) ? $"\"cidr\": \"{NextPrefix(version)}\"" : "",
        };
        _aclRules.Add(NewName("aclrule"));
        Add(new Create("aclrule", _aclRules[^1], $"{{{string.Join(", ", parts.Where(part => part.Length > 0))}}}"));
    }

    private string NextAclProtocol(int version) => _random.Next(10) switch
    {
        0 or 1 or 2 => "",
        3 or 4 => $"\"protocol\": \"{_random.Pick(["tcp", "6"])}\"{NextRange()}",
        5 or 6 => $"\"protocol\": \"udp\"{NextRange()}",
        7 or 8 => "\"protocol\": \"icmp\"" + (_random.Chance(50) ? ""
            : $", \"icmp_type\": {_random.Pick(version == 4 ? Pools.IcmpTypes : Pools.Icmpv6Types)}"
                + (_random.Chance(50) ? $", \"icmp_code\": {_random.Next(2)}" : "")),
        _ => $"\"protocol\": \"{_random.Pick(Pools.OtherProtocols)}\"",
    };

    private string NextAction() => _random.Chance(65) ? "allow" : "deny";

    private int NextNumber() => _random.Chance(10) ? _random.Pick([1, 32_766]) : _random.Next(10, 60);
}
