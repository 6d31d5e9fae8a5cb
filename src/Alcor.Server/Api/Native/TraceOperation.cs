using System.Diagnostics.CodeAnalysis;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;
using Alcor.Server.Api.Access;
using Alcor.Server.Tracing;

namespace Alcor.Server.Api.Native;

/// <summary>Why a machine cannot reach another, as far as it is the network's doing.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Turns hold nothing until their wait handle is asked for.")]
internal sealed class TraceOperation(ApiServices services)
{
    private const string Rule = "get_alcor_trace";
    private readonly SemaphoreSlim turns = new(ServerLimits.TracesMax);

    public ApiOperation Operation => new(
        "GET", "/v1/ports/{id}/trace", "port", "trace_port", TraceDocument.Summary)
    {
        Handler = TraceAsync,
        Query = TraceRequest.Parameters,
        Response = TraceDocument.Describe,
        Errors = ["400", "401", "403", "404", "503"],
    };

    private static ApiError Busy { get; } = new(
        503, "TooManyTraces", $"{ServerLimits.TracesMax} traces are being made: try again.");

    private async Task<ApiError?> TraceAsync(ApiCall call)
    {
        var found = await services.FindAsync(Port.Type, call.Ids[0], call.Aborted);
        if (found?.Value is not Port port
            || !call.Caller.IsAdmin && !((IResourceType)Port.Type).IsVisible(port, call.Caller.ProjectId))
        {
            return Port.Type.Api.NotFound(call.Ids[0]);
        }
        if (services.Refuse(call.Caller, Rule, port.ProjectId) is { } forbidden)
            return forbidden;
        var question = TraceRequest.Read(Guid.ParseExact(port.Id, "D"), call.Http.Request.Query);
        if (question.Error is { } wrong)
            return wrong;
        if (!await turns.WaitAsync(ServerLimits.TraceWait, call.Aborted))
            return Busy;
        PortTrace trace;
        try
        {
            var project = call.Caller.IsAdmin ? null : call.Caller.ProjectId;
            trace = await new PortTracer(services.Store, services.Catalog)
                .TraceAsync(port, question.Value, project, call.Aborted);
        }
        finally
        {
            turns.Release();
        }
        await ApiResponse.WriteEnvelopeAsync(
            call.Http, "trace", json => TraceDocument.Write(json, trace, call.Caller.IsAdmin));
        return null;
    }
}
