using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Dataplane;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Native;

/// <summary>How a <see cref="PortExplanation"/> is written and documented.</summary>
internal static class ExplanationDocument
{
    public const string Summary =
        "How far a port is on its way to its host, and why it is not ACTIVE. Times are UTC, and are known as far as "
        + "this process remembers: of a host, since it connected here and for its last 64 updates; of ACTIVE ports, "
        + "for the last 65536 that became so; null otherwise, with the reason";

    public static JsonObject Describe() => Whole(("explanation", Whole(
        ("port_id", Text("The port.")),
        ("status", Text("Its status.")),
        ("host_id", Text("The host that it is bound to; empty: none.")),
        ("reason", Text("Why it is not ACTIVE; empty when it is.")),
        ("revisions", Whole(
            ("host", Lag("The host's own partition, which says what is bound to it; null: the port is not.")),
            ("network", Lag("That of its network, which says where its neighbours are; null: no host must know it.")))),
        ("last_nack", Nullable(Whole(
            ("partition", Text("The partition that the entry is in.")),
            ("entry", Text("What the host has and its switch has not.")),
            ("state", Text("Waiting (something is not there yet) or Failed.")),
            ("reason", Text("In the agent's words.")),
            ("at", Time("When the host said so.")),
            ("is_resolved", new JsonObject { ["type"] = "boolean" })))),
        ("stages", ListOf(Whole(
            ("stage", Text("committed, sent, acknowledged or active, in this order.")),
            ("at", Time("When; null: not yet, or not known.")),
            ("reason", Text("Why there is no time; empty when there is one."))))),
        ("host", Nullable(new JsonObject { ["type"] = "object" })))));

    /// <param name="host">How far the host is with its own partition; null: the port is bound to none.</param>
    public static void Write(
        Utf8JsonWriter json,
        PortExplanation why,
        PartitionConvergence? host,
        Action<Utf8JsonWriter, PartitionConvergence> writeHost)
    {
        json.WriteStartObject();
        json.WriteString("port_id", why.PortId);
        json.WriteString("status", why.Status);
        json.WriteString("host_id", why.Host);
        json.WriteString("reason", why.Reason);
        json.WriteStartObject("revisions");
        WriteLag(json, "host", why.HostPartition);
        WriteLag(json, "network", why.NetworkPartition);
        json.WriteEndObject();
        WriteNack(json, why.LastNack);
        json.WriteStartArray("stages");
        foreach (var stage in why.Stages)
        {
            json.WriteStartObject();
            json.WriteString("stage", stage.Name);
            WriteTime(json, stage.At);
            json.WriteString("reason", stage.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("host");
        if (host is null)
            json.WriteNullValue();
        else
            writeHost(json, host);
        json.WriteEndObject();
    }

    public static void WriteProblem(Utf8JsonWriter json, EntryProblem problem)
    {
        json.WriteString("entry", problem.Key.ToString());
        json.WriteString("state", problem.State.ToString());
        json.WriteString("reason", problem.Reason);
        WriteTime(json, problem.At);
    }

    private static void WriteLag(Utf8JsonWriter json, string name, PartitionLag? lag)
    {
        if (lag is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteString("partition", lag.Partition.ToString());
        json.WriteNumber("wanted", lag.Wanted);
        json.WriteNumber("sent", lag.Sent);
        json.WriteNumber("acknowledged", lag.Acknowledged);
        json.WriteEndObject();
    }

    private static void WriteNack(Utf8JsonWriter json, Nack? nack)
    {
        if (nack is null)
        {
            json.WriteNull("last_nack");
            return;
        }
        json.WriteStartObject("last_nack");
        json.WriteString("partition", nack.Partition.ToString());
        WriteProblem(json, nack.Problem);
        json.WriteBoolean("is_resolved", nack.IsResolved);
        json.WriteEndObject();
    }

    /// <summary>With milliseconds: the stages of one port are often within one second.</summary>
    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset? at)
    {
        if (at is { } known)
        {
            json.WriteString(
                "at", known.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull("at");
        }
    }

    private static JsonObject Lag(string description)
    {
        var lag = Nullable(Whole(
            ("partition", Text("The partition.")),
            ("wanted", Number("The revision that says of the port what it is now.")),
            ("sent", Number("The revision that the host was last sent, or said that it holds; 0: nothing.")),
            ("acknowledged", Number("The revision that it last acknowledged since it connected; 0: none."))));
        lag["description"] = description;
        return lag;
    }

    private static JsonObject Nullable(JsonObject schema) => Kernel.Resources.Schemas.WithNull(schema);

    private static JsonObject Number(string description) =>
        new() { ["type"] = "integer", ["minimum"] = 0, ["description"] = description };

    private static JsonObject Time(string description) =>
        Nullable(new JsonObject { ["type"] = "string", ["format"] = "date-time", ["description"] = description });
}
