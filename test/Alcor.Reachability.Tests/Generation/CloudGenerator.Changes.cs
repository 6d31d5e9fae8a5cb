namespace Alcor.Reachability.Tests;

/// <content>What changes after a cloud was made.</content>
internal sealed partial class CloudGenerator
{
    private readonly List<(string Port, string Host)> _prepared = [];

    private void Change()
    {
        if (_acls.Count > 0 && _random.Chance(_isAboutAcls ? 60 : 15))
        {
            ChangeAcl();
            return;
        }
        switch (_random.Next(17))
        {
            case 0 or 1 when _groups.Count > 0:
                AddRule(_random.Pick(_groups).Name);
                break;
            case 2 or 3 when _rules.Count > 0:
                RemoveRule();
                break;
            case 4 or 5 when _groups.Count > 0:
                Add(new Update("port", _random.Pick(_machines).Name, $$"""{"security_groups": {{NextGroups()}}}"""));
                break;
            case 6 when _addressGroups.Count > 0:
                ChangeAddresses(_random.Pick(_addressGroups));
                break;
            case 7 when _interfaces.Count > 0:
                var (router, subnet) = _random.Pick(_interfaces);
                var action = _random.Chance(50) ? "add_router_interface" : "remove_router_interface";
                Add(new Act("router", router, action, $$"""{"subnet_id": "${{subnet}}"}"""));
                break;
            case 8 when _routers.Count > 0:
                ChangeRouter(_random.Pick(_routers));
                break;
            case 9:
                Add(new Delete("port", _random.Pick(_machines).Name));
                break;
            case 10:
                AddPort();
                break;
            case 11 when _trunks.Count > 0:
                ChangeTrunk(_random.Pick(_trunks));
                break;
            case 12 or 13 when HasOutside:
                ChangeOutside();
                break;
            case 14 or 15:
                Migrate();
                break;
            default:
                ChangePort(_random.Pick(_machines).Name);
                break;
        }
    }

    private void Migrate()
    {
        if (_prepared.Count > 0 && _random.Chance(60))
        {
            var (port, host) = _random.Pick(_prepared);
            Add(new Migrate(port, _random.Chance(75) ? Migration.Activate : Migration.Withdraw, host));
            return;
        }
        _prepared.Add((_random.Pick(_machines).Name, _random.Pick(_hosts)));
        Add(new Migrate(_prepared[^1].Port, Migration.Prepare, _prepared[^1].Host));
    }

    private void RemoveRule()
    {
        var at = _random.Next(_rules.Count);
        Add(new Delete("rule", _rules[at]));
        _rules.RemoveAt(at);
    }

    private void ChangeAddresses(string group) => Add(_random.Chance(50)
        ? new Act("addresses", group, "add_addresses", $$"""{"addresses": [{{NextAddresses()}}]}""")
        : new Act("addresses", group, "remove_addresses", $$"""{"addresses": ["{{_random.Pick(_blocks)}}"]}"""));

    private void ChangePort(string port) => Add(new Update("port", port, _random.Next(3) switch
    {
        0 => $$"""{"admin_state_up": {{(_random.Chance(50) ? "true" : "false")}}}""",
        1 => $$"""{"binding:host_id": "{{_random.Pick(_hosts)}}"}""",
        _ => _random.Chance(50)
            ? """{"port_security_enabled": true}"""
            : """{"port_security_enabled": false, "security_groups": [], "allowed_address_pairs": []}""",
    }));
}
