using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Network.Networks;
using Alcor.Network.SubnetPools;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Neutron;

/// <summary>
/// Whether a project could be given a topology of its own:
/// <c>GET /auto-allocated-topology/{project}?fields=dry-run</c>.
/// Topologies are not made yet: asked without dry-run, it says so.
/// </summary>
internal sealed class AutoAllocatedTopologyOperation(ApiServices services)
{
    public ApiOperation Check => new(
        "GET",
        "/v2.0/auto-allocated-topology/{project}",
        "auto_allocated_topology",
        "check_auto_allocated_topology",
        "With fields=dry-run: whether a topology could be made for a project; they are not made yet")
    {
        Handler = CheckAsync,
        Rule = "get_auto_allocated_topology",
        Response = () => Object(("auto_allocated_topology", Object(
            ("id", Text("dry-run=pass.")), ("tenant_id", Text("The project."))))),
        Errors = ["400", "401", "403", "409"],
    };

    private async Task<ApiError?> CheckAsync(ApiCall call)
    {
        var project = call.Ids[0] == "None" ? call.Caller.ProjectId : call.Ids[0];
        if (project != call.Caller.ProjectId && !call.Caller.IsAdmin)
            return new ApiError(403, "NotAuthorized", "Not authorized.");
        if (!call.Http.Request.Query["fields"].Contains("dry-run"))
        {
            return ApiError.BadRequest(
                "Invalid input for fields. Reason: topologies are not made, only checked: fields=dry-run.");
        }
        if (await MissingAsync(call) is { } missing)
            return ApiError.Conflict("AutoAllocationFailure", $"Deployment error: {missing}.");
        await ApiResponse.WriteEnvelopeAsync(call.Http, "auto_allocated_topology", json =>
        {
            json.WriteStartObject();
            json.WriteString("id", "dry-run=pass");
            json.WriteString("tenant_id", project);
            json.WriteEndObject();
        });
        return null;
    }

    /// <summary>What a topology would lack; null: nothing.</summary>
    private async Task<string?> MissingAsync(ApiCall call)
    {
        var readings = new Readings();
        while (true)
        {
            var context = new DecideContext(services.Time.GetUtcNow(), readings);
            var external = DefaultNetwork.Find(context);
            var pool = SubnetPool.DefaultOf(4, context) ?? SubnetPool.DefaultOf(6, context);
            if (!readings.IsComplete)
            {
                call.Aborted.ThrowIfCancellationRequested();
                await readings.ReadAsync(services.Store, NetworkCatalog.Types);
                continue;
            }
            return external is null ? "No default router:external network"
                : pool is null ? "No default subnetpools defined"
                : null;
        }
    }
}
