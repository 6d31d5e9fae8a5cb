using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network.Qos;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Neutron;

/// <summary>
/// The kinds of QoS rules: everybody with a role learns their names, administrators what they may say.
/// </summary>
internal sealed class QosRuleTypeOperations
{
    private const string Collection = "/v2.0/qos/rule-types";
    private const string Rule = "get_rule_type";
    private const string Tag = "qos_rule_types";

    public ImmutableArray<ApiOperation> All =>
    [
        new("GET", Collection, Tag, "list_qos_rule_types", "The types of rules that policies can have")
        {
            Handler = ListAsync,
            Rule = Rule,
            Response = () => Object(("rule_types", ListOf(Object(("type", Text("Its name.")))))),
            Errors = ["401", "403"],
        },
        new("GET", $"{Collection}/{{type}}", Tag, "show_qos_rule_type", "What rules of a type can say")
        {
            Handler = ShowAsync,
            Rule = Rule,
            Response = () => Object(("rule_type", Object(("type", Text("Its name.")), ("drivers", ListOf(
                new JsonObject { ["type"] = "object", ["additionalProperties"] = true }))))),
            Errors = ["401", "403", "404"],
        },
    ];

    private async Task<ApiError?> ListAsync(ApiCall call)
    {
        await ApiResponse.WriteEnvelopeAsync(call.Http, "rule_types", json =>
        {
            json.WriteStartArray();
            foreach (var kind in QosRuleKind.All)
            {
                json.WriteStartObject();
                json.WriteString("type", kind.Name);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return null;
    }

    private async Task<ApiError?> ShowAsync(ApiCall call)
    {
        if (!call.Caller.IsAdmin)
            return new ApiError(403, "NotAuthorized", "Not authorized.");
        if (QosRuleKind.All.FirstOrDefault(kind => kind.Name == call.Ids[0]) is not { } kind)
            return ApiError.NotFound("rule_type", call.Ids[0]);
        await ApiResponse.WriteEnvelopeAsync(call.Http, "rule_type", json =>
        {
            json.WriteStartObject();
            json.WriteString("type", kind.Name);
            json.WriteStartArray("drivers");
            WriteDriver(json, kind);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return null;
    }

    /// <summary>Policies are for every port, so there is one driver, with the name of the vswitch.</summary>
    private static void WriteDriver(Utf8JsonWriter json, QosRuleKind kind)
    {
        json.WriteStartObject();
        json.WriteString("name", "openvswitch");
        json.WriteStartArray("supported_parameters");
        if (kind.IsRate)
            WriteRange(json, kind.Value);
        else
            WriteChoices(json, kind.Value, QosRuleKind.DscpMarks, json.WriteNumberValue);
        if (kind.Burst is { } burst)
            WriteRange(json, burst);
        if (kind.IsRate)
            WriteChoices(json, "direction", kind.Directions, json.WriteStringValue);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRange(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("parameter_name", name);
        json.WriteStartObject("parameter_values");
        json.WriteNumber("start", 0);
        json.WriteNumber("end", QosRuleKind.RateMax);
        json.WriteEndObject();
        json.WriteString("parameter_type", "range");
        json.WriteEndObject();
    }

    private static void WriteChoices<T>(
        Utf8JsonWriter json, string name, ImmutableArray<T> choices, Action<T> write)
    {
        json.WriteStartObject();
        json.WriteString("parameter_name", name);
        json.WriteStartArray("parameter_values");
        foreach (var choice in choices)
            write(choice);
        json.WriteEndArray();
        json.WriteString("parameter_type", "choices");
        json.WriteEndObject();
    }
}
