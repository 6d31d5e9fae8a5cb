using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Tracing;
using Alcor.Kernel.Resources;
using Alcor.Server.Tracing;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Native;

/// <summary>How a <see cref="TraceReport"/> is written and documented.</summary>
internal static class TraceDocument
{
    public const string Summary =
        "Where a packet goes that the machine of a port sends as the first of a connection, or by which table and "
        + "which rule it is dropped, and on which host: by the flows that hosts should have. What other projects have "
        + "is not named to those who are no administrators";

    public static JsonObject Describe()
    {
        var way = Way();
        way["properties"]!["notes"] = ListOf(Text("Why it may be otherwise on the hosts now."));
        way["properties"]!["reply"] = Schemas.WithNull(Way());
        return Whole(("trace", way));
    }

    public static void Write(Utf8JsonWriter json, PortTrace trace, bool withFlows)
    {
        json.WriteStartObject();
        WriteWay(json, trace.Report, withFlows);
        json.WriteStartArray("notes");
        foreach (var note in trace.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
        if (trace.Report.Reply is { } reply)
        {
            json.WriteStartObject("reply");
            WriteWay(json, reply, withFlows);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("reply");
        }
        json.WriteEndObject();
    }

    private static JsonObject Way() => Whole(
        ("verdict", new JsonObject
        {
            ["type"] = "string",
            ["enum"] = new JsonArray([.. Enum.GetValues<TraceVerdict>().Select(one => (JsonNode)WordOf(one))]),
            ["description"] = "delivered to a machine, answered by a host, left for a physical network, punted to "
                + "an agent, which answers, or dropped.",
        }),
        ("to", Schemas.WithNull(Whole(
            ("port_id", Schemas.WithNull(Text("Who received it; null: it is another project's."))),
            ("host", Text("Where."))))),
        ("steps", ListOf(Whole(
            ("host", Text("Where it happened; empty: on none.")),
            ("table", Schemas.WithNull(Text("The flow table, by name; null: before the first or after the last."))),
            ("owner", Schemas.WithNull(Whole(
                ("kind", Text("What the flow is there for.")),
                ("id", Schemas.WithNull(Text("Which; null: it is another project's."))),
                ("name", Text("Its name; empty: it has none."))))),
            ("text", Text("What happened, in words."))))),
        ("flows", ListOf(Text("Each flow that it met, after the name of the host; for administrators."))));

    private static void WriteWay(Utf8JsonWriter json, TraceReport report, bool withFlows)
    {
        json.WriteString("verdict", WordOf(report.Verdict));
        if (report.To is { } to)
        {
            json.WriteStartObject("to");
            WriteId(json, "port_id", to.Port);
            json.WriteString("host", to.Host);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("to");
        }
        json.WriteStartArray("steps");
        foreach (var step in report.Steps)
            WriteStep(json, step);
        json.WriteEndArray();
        json.WriteStartArray("flows");
        foreach (var flow in withFlows ? report.Flows : [])
            json.WriteStringValue(flow);
        json.WriteEndArray();
    }

    private static void WriteStep(Utf8JsonWriter json, TraceStep step)
    {
        json.WriteStartObject();
        json.WriteString("host", step.Host);
        if (step.Table is { } table)
            json.WriteString("table", Tables.NameOf(table));
        else
            json.WriteNull("table");
        if (step.Owner is { } owner)
        {
            json.WriteStartObject("owner");
            json.WriteString("kind", TraceNames.WordOf(owner.Kind));
            WriteId(json, "id", owner.Id);
            json.WriteString("name", owner.Name);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("owner");
        }
        json.WriteString("text", step.Text);
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, string name, Guid? id)
    {
        if (id is { } known)
            json.WriteString(name, known);
        else
            json.WriteNull(name);
    }

#pragma warning disable CA1308 // The words of the API are in lower case.
    private static string WordOf(TraceVerdict verdict) => verdict.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
