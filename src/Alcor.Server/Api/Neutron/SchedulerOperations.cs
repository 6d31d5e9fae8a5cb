using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Server.Api.OpenApi;

namespace Alcor.Server.Api.Neutron;

/// <summary>
/// What Neutron schedules to DHCP and L3 agents. Here every host serves its networks and routers itself: nothing is
/// scheduled, no agent is of these kinds, and the answers say so.
/// </summary>
internal sealed class SchedulerOperations(ApiServices services)
{
    public ImmutableArray<ApiOperation> All =>
    [
        Hosting("/v2.0/networks/{id}/dhcp-agents", "list_dhcp_agents", "get_dhcp-agents"),
        Hosting("/v2.0/routers/{id}/l3-agents", "list_l3_agents", "get_l3-agents"),
        .. Scheduled("dhcp-network", "networks", NotDhcp, (network, agent) => ApiError.Conflict(
            "NetworkNotHostedByDhcpAgent", $"The network {network} is not hosted by the DHCP Agent {agent}.")),
        .. Scheduled("l3-router", "routers", NotL3, (_, agent) => NotL3(agent)),
    ];

    private static ApiError NotDhcp(string agent) => new(
        404, "InvalidDHCPAgent", $"Agent {agent} is not a valid DHCP Agent or has been disabled.");

    private static ApiError NotL3(string agent) => new(
        404, "InvalidL3Agent", $"Agent {agent} is not a L3 Agent or has been disabled");

    private ApiOperation Hosting(string path, string id, string rule) =>
        new("GET", path, "agent", id, "The agents that serve it: none, every host does")
        {
            Rule = rule,
            Handler = async call =>
            {
                await WriteEmptyAsync(call, "agents");
                return null;
            },
            Response = () => Rows("agents"),
            Errors = ["401", "403"],
        };

    /// <param name="kind">What is scheduled, as rules and paths name it.</param>
    /// <param name="plural">The envelope of a list.</param>
    /// <param name="invalid">The error that the agent, by id, is of another kind.</param>
    /// <param name="absent">The error that the agent has no such thing.</param>
    private IEnumerable<ApiOperation> Scheduled(
        string kind, string plural, Func<string, ApiError> invalid, Func<string, string, ApiError> absent)
    {
        var path = $"/v2.0/agents/{{id}}/{kind}s";
        var name = kind.Replace('-', '_');
        yield return new ApiOperation("GET", path, "agent", $"list_{name}s", $"The {plural} of an agent: none")
        {
            Rule = $"get_{kind}s",
            Handler = async call =>
            {
                if (await MissingAsync(call) is { } missing)
                    return missing;
                await WriteEmptyAsync(call, plural);
                return null;
            },
            Response = () => Rows(plural),
            Errors = ["401", "403", "404"],
        };
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

    private async ValueTask<ApiError?> MissingAsync(ApiCall call) =>
        await services.FindAsync(Network.Nodes.Agent.Type, call.Ids[0], call.Aborted) is null
            ? Network.Nodes.Agent.Type.Api.NotFound(call.Ids[0])
            : null;

    private static System.Text.Json.Nodes.JsonObject Rows(string plural) => DocumentParts.Whole(
        (plural, DocumentParts.ListOf(DocumentParts.Object())));

    private static Task WriteEmptyAsync(ApiCall call, string plural) =>
        ApiResponse.WriteAsync(call.Http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray(plural);
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
