using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Server.Api.OpenApi;

namespace Alcor.Server.Api.Neutron;

/// <summary>
/// What Neutron schedules to DHCP and L3 agents. Here every host serves its networks and routers itself, so no agent
/// is of these kinds, and nobody schedules by hand. The gateways of routers alone are each on one host, and the answers
/// say on which.
/// </summary>
internal sealed class SchedulerOperations(ApiServices services)
{
    private readonly GatewayHosts gateways = new(services);

    public ImmutableArray<ApiOperation> All =>
    [
        List("/v2.0/networks/{id}/dhcp-agents", "list_dhcp_agents", "get_dhcp-agents") with
        {
            Summary = "The agents that serve it: none, every host does",
            Handler = call => WriteEmptyAsync(call, "agents"),
            Response = () => Rows("agents"),
        },
        List("/v2.0/routers/{id}/l3-agents", "list_l3_agents", "get_l3-agents") with
        {
            Summary = "The agent whose host has its gateway, if it has one; every host does the rest",
            Handler = gateways.WriteAgentsAsync,
            Response = () => Rows("agents"),
        },
        ListOf("dhcp-network", "networks") with
        {
            Summary = "The networks of an agent: none",
            Handler = call => OfAgentAsync(call, () => WriteEmptyAsync(call, "networks")),
        },
        .. ByHand("dhcp-network", NotDhcp, (network, agent) => ApiError.Conflict(
            "NetworkNotHostedByDhcpAgent", $"The network {network} is not hosted by the DHCP Agent {agent}.")),
        ListOf("l3-router", "routers") with
        {
            Summary = "The routers whose gateway is on the host of an agent",
            Handler = call => OfAgentAsync(call, () => gateways.WriteRoutersAsync(call)),
        },
        .. ByHand("l3-router", NotL3, (_, agent) => NotL3(agent)),
    ];

    private static ApiError NotDhcp(string agent) => new(
        404, "InvalidDHCPAgent", $"Agent {agent} is not a valid DHCP Agent or has been disabled.");

    private static ApiError NotL3(string agent) => new(
        404, "InvalidL3Agent", $"Agent {agent} is not a L3 Agent or has been disabled");

    private static ApiOperation List(string path, string id, string rule) => new("GET", path, "agent", id, "")
    {
        Rule = rule,
        Handler = _ => Task.FromResult<ApiError?>(null),
        Errors = ["401", "403"],
    };

    /// <param name="kind">What is scheduled, as rules and paths name it.</param>
    /// <param name="plural">The envelope of the list.</param>
    private static ApiOperation ListOf(string kind, string plural) =>
        List($"/v2.0/agents/{{id}}/{kind}s", $"list_{kind.Replace('-', '_')}s", $"get_{kind}s") with
        {
            Response = () => Rows(plural),
            Errors = ["401", "403", "404"],
        };

    /// <param name="kind">What is scheduled, as rules and paths name it.</param>
    /// <param name="invalid">The error that the agent, by id, is of another kind.</param>
    /// <param name="absent">The error that the agent has no such thing.</param>
    private IEnumerable<ApiOperation> ByHand(
        string kind, Func<string, ApiError> invalid, Func<string, string, ApiError> absent)
    {
        var path = $"/v2.0/agents/{{id}}/{kind}s";
        var name = kind.Replace('-', '_');
        yield return new ApiOperation("POST", path, "agent", $"add_{name}", "Refused: no agent is of that kind")
        {
            Rule = $"create_{kind}",
            Handler = async call => await MissingAsync(call) ?? invalid(call.Ids[0]),
            Status = StatusCodes.Status201Created,
            Errors = ["401", "403", "404"],
        };
        yield return new ApiOperation(
            "DELETE", $"{path}/{{{name}_id}}", "agent", $"remove_{name}", "Refused: no agent is of that kind")
        {
            Rule = $"delete_{kind}",
            Handler = async call => await MissingAsync(call) ?? absent(call.Ids[1], call.Ids[0]),
            Status = StatusCodes.Status204NoContent,
            Errors = ["401", "403", "404", "409"],
        };
    }

    private async Task<ApiError?> OfAgentAsync(ApiCall call, Func<Task<ApiError?>> write) =>
        await MissingAsync(call) ?? await write();

    private async ValueTask<ApiError?> MissingAsync(ApiCall call) =>
        await services.FindAsync(Network.Nodes.Agent.Type, call.Ids[0], call.Aborted) is null
            ? Network.Nodes.Agent.Type.Api.NotFound(call.Ids[0])
            : null;

    private static System.Text.Json.Nodes.JsonObject Rows(string plural) => DocumentParts.Whole(
        (plural, DocumentParts.ListOf(DocumentParts.Object())));

    private static async Task<ApiError?> WriteEmptyAsync(ApiCall call, string plural)
    {
        await ApiResponse.WriteEnvelopeAsync(call.Http, plural, json =>
        {
            json.WriteStartArray();
            json.WriteEndArray();
        });
        return null;
    }
}
