using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Network.Topologies;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Neutron;

/// <summary>
/// The topology of a project: made when it is asked for, <c>GET /auto-allocated-topology/{project}</c>; only checked
/// with <c>?fields=dry-run</c>.
/// </summary>
internal sealed class AutoAllocatedTopologyOperations(NetworkSettings settings, ApiServices services)
{
    private const string Envelope = "auto_allocated_topology";
    private const string Path = "/v2.0/auto-allocated-topology/{project}";
    private const string DryRun = "dry-run";

    public ImmutableArray<ApiOperation> All =>
    [
        new(
            "GET",
            Path,
            Envelope,
            "get_auto_allocated_topology",
            "The network that a project is given, with a router; with fields=dry-run, whether it could be given one")
        {
            Handler = GetAsync,
            Rule = "get_auto_allocated_topology",
            Response = () => Object((Envelope, Object(
                ("id", Text("The network; dry-run=pass where it was only asked whether there could be one.")),
                ("tenant_id", Text("The project."))))),
            Errors = ["400", "401", "403", "409"],
        },
        new(
            "DELETE",
            Path,
            Envelope,
            "delete_auto_allocated_topology",
            "Deletes the network that a project was given, and its router")
        {
            Handler = DeleteAsync,
            Rule = "delete_auto_allocated_topology",
            Status = StatusCodes.Status204NoContent,
            Errors = ["401", "403", "409"],
        },
    ];

    private async Task<ApiError?> GetAsync(ApiCall call)
    {
        var project = ProjectOf(call);
        if (RefuseOthers(call, project) is { } forbidden)
            return forbidden;
        var fields = call.Http.Request.Query["fields"];
        if (fields.Contains(DryRun))
            return await CheckAsync(call) ?? await WriteAsync(call, $"{DryRun}=pass", project);
        if (fields.Any(field => !string.IsNullOrEmpty(field)))
            return new ApiError(400, "BadRequest", "Bad auto_allocate request: Unrecognized field.");
        var outcome = await services.Lanes.ExecuteAsync(new AllocateTopology(settings, project, RequestOf(call)));
        if (outcome.Error is { } refused)
            return refused;
        // Nothing was made where there is one, or another call has just made it.
        var made = outcome.Value.Answer is [var answer, ..]
            ? answer
            : await services.FindAsync(AutoAllocatedTopology.Type, project, call.Aborted);
        return made is { Value: AutoAllocatedTopology topology }
            ? await WriteAsync(call, topology.NetworkId, project)
            : ApiError.Conflict("AutoAllocationFailure", "Deployment error: the topology was deleted meanwhile.");
    }

    private async Task<ApiError?> DeleteAsync(ApiCall call)
    {
        var project = ProjectOf(call);
        if (RefuseOthers(call, project) is { } forbidden)
            return forbidden;
        var outcome = await services.Lanes.ExecuteAsync(new DeleteTopology(project, RequestOf(call)));
        if (outcome.Error is { } refused)
            return refused;
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    /// <summary>Clients that know no project name "None": they mean their own.</summary>
    private static string ProjectOf(ApiCall call) => call.Ids[0] == "None" ? call.Caller.ProjectId : call.Ids[0];

    private static ApiError? RefuseOthers(ApiCall call, string project) =>
        project == call.Caller.ProjectId || call.Caller.IsAdmin
            ? null
            : new ApiError(403, "NotAuthorized", "Not authorized.");

    private ChangeRequest RequestOf(ApiCall call) =>
        new(call.Caller, Body.Empty, IfRevision: null, services.NewId(), services.Entropy());

    /// <summary>What a topology would lack; null: nothing.</summary>
    private async Task<ApiError?> CheckAsync(ApiCall call)
    {
        var readings = new Readings();
        while (true)
        {
            var context = new DecideContext(services.Time.GetUtcNow(), readings);
            var missing = TopologyRequirements.Check(call.Caller, context);
            if (readings.IsComplete)
                return missing;
            call.Aborted.ThrowIfCancellationRequested();
            await readings.ReadAsync(services.Store, NetworkCatalog.Types);
        }
    }

    private static async Task<ApiError?> WriteAsync(ApiCall call, string id, string project)
    {
        await ApiResponse.WriteEnvelopeAsync(call.Http, Envelope, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("tenant_id", project);
            json.WriteString("project_id", project);
            json.WriteEndObject();
        });
        return null;
    }
}
