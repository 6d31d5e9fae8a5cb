using System.Text.Json.Nodes;

namespace Alcor.System.Tests.Scenarios;

/// <content>Network ACLs, by Alcor's own API.</content>
internal sealed partial class ScenarioRun
{
    private const string Acls = "v1/network-acls";
    private const string AclRules = "v1/network-acl-rules";
    private readonly Dictionary<string, string> _acls = [];
    private readonly Dictionary<string, string> _aclRules = [];

    private async Task DoAsync(OfNetworkAcl step)
    {
        switch (step)
        {
            case Bound bound:
                var subnets = bound.Networks.Select(one => (JsonNode)_networks[one].SubnetId);
                await _region.Api.UpdateAsync(
                    Acls, await AclAsync(bound.Acl), new JsonObject { ["subnet_ids"] = new JsonArray([.. subnets]) },
                    Token);
                break;
            case Numbered rule:
                _aclRules[rule.Rule] = await CreateAsync(AclRules, await BodyOfAsync(rule));
                break;
            case Renumber renumber:
                await _region.Api.UpdateAsync(
                    AclRules, _aclRules[renumber.Rule], new JsonObject { ["number"] = renumber.Number }, Token);
                break;
        }
    }

    private async Task<string> AclAsync(string name) => _acls.TryGetValue(name, out var known)
        ? known
        : _acls[name] = await CreateAsync(Acls, new JsonObject { ["name"] = name });

    private async Task<JsonObject> BodyOfAsync(Numbered rule)
    {
        var body = new JsonObject
        {
            ["network_acl_id"] = await AclAsync(rule.Acl),
            ["number"] = rule.Number,
            ["direction"] = rule.IsEgress ? "egress" : "ingress",
            ["action"] = rule.IsAllow ? "allow" : "deny",
        };
        if (rule.Service is { } service)
            body["protocol"] = service.Kind.Protocol;
        if (rule.Service is { Port: > 0 } ported)
            (body["port_range_min"], body["port_range_max"]) = (ported.Port, ported.Port);
        if (rule.Other is { } other)
            body["cidr"] = $"{_machines[other].Port.Address}/32";
        return body;
    }
}
