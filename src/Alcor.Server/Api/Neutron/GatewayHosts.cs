using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Routers;
using AgentRow = Alcor.Network.Nodes.Agent;

namespace Alcor.Server.Api.Neutron;

/// <summary>Which hosts have the gateways of routers, in the words of Neutron's L3 agents.</summary>
internal sealed class GatewayHosts(ApiServices services)
{
    private static readonly ImmutableArray<ApiAttribute> AgentShown = ShownOf(AgentRow.Type);
    private static readonly ImmutableArray<ApiAttribute> RouterShown = ShownOf(Router.Type);

    /// <summary>The agent of the host that has the gateway of the router that the call names; or none.</summary>
    public async Task<ApiError?> WriteAgentsAsync(ApiCall call)
    {
        var router = (await services.FindAsync(Router.Type, call.Ids[0], call.Aborted))?.Value as Router;
        var agents = router?.Gateway?.Host is { } host ? await ListAsync(AgentRow.Type, "host", host.Name, call) : [];
        await ApiResponse.WriteEnvelopeAsync(call.Http, "agents", json =>
        {
            json.WriteStartArray();
            foreach (var agent in agents)
            {
                json.WriteStartObject();
                foreach (var attribute in AgentShown)
                    attribute.WriteProperty(json, agent);
                // There is no second one that would be on standby: another is chosen when this one goes.
                if (router is { IsHighlyAvailable: true })
                    json.WriteString("ha_state", "active");
                else
                    json.WriteNull("ha_state");
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return null;
    }

    /// <summary>The routers whose gateway is on the host of the agent that the call names.</summary>
    public async Task<ApiError?> WriteRoutersAsync(ApiCall call)
    {
        if (await services.FindAsync(AgentRow.Type, call.Ids[0], call.Aborted) is not { Value: AgentRow agent })
            return AgentRow.Type.Api.NotFound(call.Ids[0]);
        var routers = await ListAsync(Router.Type, Router.GatewayHostIndex, agent.Host, call);
        await ApiResponse.WriteEnvelopeAsync(
            call.Http, "routers", json => ResourceJson.WriteList(json, RouterShown, routers));
        return null;
    }

    private static ImmutableArray<ApiAttribute> ShownOf(IResourceType type) =>
        [.. type.Attributes.Where(attribute => attribute.IsVisible).Select(attribute => new ApiAttribute(attribute))];

    private async Task<IEnumerable<Stamped<object>>> ListAsync(
        IResourceType type, string index, string value, ApiCall call)
    {
        var query = ListQuery.By(type.Name, $"{type.Name}.{index}", value);
        return (await services.Store.ListAsync(query, call.Aborted)).Select(services.Catalog.Decode);
    }
}
