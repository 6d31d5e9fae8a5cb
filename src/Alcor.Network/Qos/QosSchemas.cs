using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Qos;

/// <summary>The shapes of what is special to QoS.</summary>
internal static class QosSchemas
{
    /// <summary>A code point that can be marked.</summary>
    public static Schema<long> DscpMark { get; } = new()
    {
        TryRead = (JsonElement json, out long value, out string reason) =>
        {
            if (Number.TryRead(json, out value, out reason) && !QosRuleKind.DscpMarks.Contains(value))
                reason = $"{value} is not in [{string.Join(", ", QosRuleKind.DscpMarks)}]";
            return reason.Length == 0;
        },
        Write = Number.Write,
        Unconvertible = Number.Unconvertible,
        FilterTexts = Number.FilterTexts,
        SortKey = Number.SortKey,
        Describe = () => new JsonObject
        {
            ["type"] = "integer",
            ["enum"] = new JsonArray([.. QosRuleKind.DscpMarks.Select(mark => (JsonNode)mark)]),
        },
    };

    /// <summary>Rules as their policy shows them: never sent.</summary>
    public static Schema<ImmutableArray<QosRule>> Rules { get; } = new()
    {
        TryRead = (JsonElement _, out ImmutableArray<QosRule> value, out string reason) =>
        {
            (value, reason) = ([], "rules are not sent with their policy");
            return false;
        },
        Write = (writer, rules) =>
        {
            writer.WriteStartArray();
            foreach (var rule in rules)
                Write(writer, rule);
            writer.WriteEndArray();
        },
        FilterTexts = rules => rules.Select(rule => rule.Id),
        Describe = () => new JsonObject
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = true },
        },
    };

    /// <summary>What a port asks Placement for, in the shape of port-resource-request-groups.</summary>
    public static Schema<ResourceRequest?> ResourceRequest { get; } = Schemas.ShownOnly<ResourceRequest?>(
        Schemas.WithNull(new JsonObject { ["type"] = "object", ["additionalProperties"] = true }), Write);

    private static Schema<long> Number => Schemas.Integer(long.MinValue, long.MaxValue);

    private static void Write(Utf8JsonWriter writer, QosRule rule)
    {
        var kind = QosRuleKind.Of(rule);
        writer.WriteStartObject();
        writer.WriteNumber(kind.Value, rule.Value);
        if (kind.Burst is { } burst)
            writer.WriteNumber(burst, rule.Burst);
        if (kind.IsRate)
            writer.WriteString("direction", rule.Direction);
        writer.WriteString("id", rule.Id);
        writer.WriteString("qos_policy_id", rule.PolicyId);
        writer.WriteString("type", kind.Name);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ResourceRequest? request)
    {
        if (request is null)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteStartArray("request_groups");
        foreach (var group in request.Groups)
            Write(writer, group);
        writer.WriteEndArray();
        WriteTexts(writer, "same_subtree", request.Groups.Select(group => group.Id));
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, RequestGroup group)
    {
        writer.WriteStartObject();
        writer.WriteString("id", group.Id);
        WriteTexts(writer, "required", group.Traits);
        writer.WriteStartObject("resources");
        foreach (var (name, amount) in group.Resources)
            writer.WriteNumber(name, amount);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
