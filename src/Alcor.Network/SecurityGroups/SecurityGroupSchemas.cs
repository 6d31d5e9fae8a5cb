using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Network.SecurityGroups;

/// <summary>
/// The shapes of what rules have. Those that have error types of their own take any text here; <see cref="RulePlan"/>
/// refuses what is wrong.
/// </summary>
internal static class SecurityGroupSchemas
{
    /// <summary>Characters: longer than the longest IPv6 prefix.</summary>
    private const int LongestText = 64;

    /// <summary>Any text, or a number as text, or null.</summary>
    public static Schema<string?> Word { get; } = new()
    {
        TryRead = TryReadWord,
        Write = WriteText,
        FilterTexts = value => [value ?? ""],
        SortKey = value => value,
        Describe = () => Schemas.WithNull(new JsonObject { ["type"] = "string" }),
    };

    /// <summary>The same, for what is shown as a number.</summary>
    public static Schema<string?> Number { get; } = new()
    {
        TryRead = TryReadWord,
        Write = (writer, value) =>
        {
            if (value is null)
                writer.WriteNullValue();
            else
                writer.WriteRawValue(value);
        },
        FilterTexts = value => [value ?? ""],
        SortKey = value => value is null ? null : int.Parse(value, CultureInfo.InvariantCulture),
        Describe = () => Schemas.WithNull(
            new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = ushort.MaxValue }),
    };

    /// <summary>A text that is shown as null where nobody gave one; a request cannot set it to null.</summary>
    public static Schema<string?> Description { get; } = new()
    {
        TryRead = Schemas.Text(CommonAttributes.TextMax).TryRead!,
        Write = WriteText,
        FilterTexts = value => [value ?? ""],
        SortKey = value => value,
        Describe = () => Schemas.WithNull(Schemas.Text(CommonAttributes.TextMax).Describe()),
    };

    /// <summary>IPv4 or IPv6, in whatever case; null is kept as a text that is neither.</summary>
    public static Schema<string> EtherType { get; } = new()
    {
        TryRead = (JsonElement json, out string value, out string reason) =>
        {
            var ok = TryReadWord(json, out var word, out reason);
            value = word ?? "None";
            return ok;
        },
        Write = (writer, value) => writer.WriteStringValue(value),
        FilterTexts = value => [value],
        SortKey = value => value,
        Describe = () => Schemas.OneOf(SecurityGroupRule.Ipv4, SecurityGroupRule.Ipv6).Describe(),
    };

    /// <summary>The rules inside a group; only shown.</summary>
    public static Schema<ImmutableArray<Stamped<SecurityGroupRule>>> Rules { get; } = new()
    {
        TryRead = (JsonElement json, out ImmutableArray<Stamped<SecurityGroupRule>> value, out string reason) =>
        {
            (value, reason) = ([], $"'{json}' cannot be set");
            return false;
        },
        Write = (writer, rules) =>
        {
            writer.WriteStartArray();
            foreach (var rule in rules)
                WriteRule(writer, new Stamped<object>(rule.Value, rule.Revision));
            writer.WriteEndArray();
        },
        FilterTexts = _ => [],
        Describe = () => new JsonObject
        {
            ["type"] = "array",
            ["items"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(SecurityGroupRuleAttributes.All.Select(
                    attribute => KeyValuePair.Create(attribute.Name, (JsonNode?)attribute.Describe()))),
            },
        },
    };

    private static void WriteRule(Utf8JsonWriter writer, Stamped<object> rule)
    {
        writer.WriteStartObject();
        foreach (var attribute in SecurityGroupRuleAttributes.All)
        {
            writer.WritePropertyName(attribute.Name);
            attribute.Write(writer, rule);
        }
        writer.WriteEndObject();
    }

    private static bool TryReadWord(JsonElement json, out string? value, out string reason)
    {
        (value, reason) = (null, "");
        if (json.ValueKind is JsonValueKind.Null)
            return true;
        var isScalar = json.ValueKind is JsonValueKind.String or JsonValueKind.Number;
        value = json.ToString();
        reason = !isScalar ? $"'{json}' is not a valid string"
            : value.Length > LongestText ? $"it exceeds maximum length of {LongestText}"
            : "";
        return reason.Length == 0;
    }

    private static void WriteText(Utf8JsonWriter writer, string? value)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            writer.WriteStringValue(value);
    }
}
