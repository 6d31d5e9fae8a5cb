using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Alcor.Dataplane;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Native;

/// <summary>Which hosts have what, and if not, why: as far as this process hears of hosts.</summary>
internal sealed class ConvergenceOperations(ApiServices services)
{
    private static readonly ImmutableArray<string> Errors = ["400", "401", "403", "404", "501"];

    public ImmutableArray<ApiOperation> All =>
    [
        new("GET", "/v1/ports/{id}/explain", "port", "explain_port", ExplanationDocument.Summary)
        {
            Rule = "get_alcor_convergence",
            Handler = ExplainAsync,
            Response = ExplanationDocument.Describe,
            Errors = Errors,
        },
        new(
            "GET",
            "/v1/networks/{id}/convergence",
            "network",
            "show_network_convergence",
            "Which hosts have a network at ?revision=n, by default as it is now, and which have not")
        {
            Rule = "get_alcor_convergence",
            Handler = ShowAsync,
            Response = () => Whole(("convergence", new System.Text.Json.Nodes.JsonObject { ["type"] = "object" })),
            Errors = Errors,
        },
    ];

    private static ApiError NoDataplane { get; } = new(
        501, "DataplaneNotHere", "This process does not serve hosts: ask one that has the dataplane role.");

    private async Task<ApiError?> ExplainAsync(ApiCall call)
    {
        if (services.Convergence is not { } convergence)
            return NoDataplane;
        if (await convergence.ExplainPortAsync(call.Ids[0], call.Aborted) is not { } why)
            return Port.Type.Api.NotFound(call.Ids[0]);
        var host = why.Host.Length > 0
            ? await OfAsync(convergence, PartitionKey.Host(why.Host), revision: null, call.Aborted)
            : null;
        await ApiResponse.WriteEnvelopeAsync(
            call.Http, "explanation", json => ExplanationDocument.Write(json, why, host, Write));
        return null;
    }

    private async Task<ApiError?> ShowAsync(ApiCall call)
    {
        if (services.Convergence is not { } convergence)
            return NoDataplane;
        long? revision = null;
        if (call.Http.Request.Query["revision"] is [{ } text, ..])
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return ApiError.InvalidInput("revision", $"'{text}' is not a revision");
            revision = number;
        }
        if (await services.FindAsync(Network.Networks.Network.Type, call.Ids[0], call.Aborted) is null)
            return Network.Networks.Network.Type.Api.NotFound(call.Ids[0]);
        var state = await OfAsync(convergence, PartitionKey.Network(call.Ids[0]), revision, call.Aborted);
        await ApiResponse.WriteEnvelopeAsync(call.Http, "convergence", json => Write(json, state));
        return null;
    }

    private async Task<PartitionConvergence> OfAsync(
        Convergence convergence, PartitionKey partition, long? revision, CancellationToken cancellationToken) =>
        await convergence.OfAsync(
            partition,
            revision ?? (await services.Store.SnapshotAsync(partition, cancellationToken)).Revision,
            cancellationToken);

    private static void Write(Utf8JsonWriter json, PartitionConvergence state)
    {
        json.WriteStartObject();
        json.WriteString("partition", state.Partition.ToString());
        json.WriteNumber("revision", state.Revision);
        json.WriteBoolean("is_there", state.IsThere);
        json.WriteStartArray("hosts");
        foreach (var host in state.Hosts)
        {
            json.WriteStartObject();
            json.WriteString("host", host.Host);
            json.WriteBoolean("is_there", host.IsThere);
            json.WriteNumber("sent", host.Sent);
            json.WriteNumber("acknowledged", host.Acknowledged);
            json.WriteString("reason", host.Reason);
            json.WriteStartArray("problems");
            foreach (var problem in host.Problems)
            {
                json.WriteStartObject();
                ExplanationDocument.WriteProblem(json, problem);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
