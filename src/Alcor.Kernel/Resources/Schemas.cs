using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Alcor.Kernel.Resources;

/// <summary>
/// The shapes that attributes of the Networking API are made of. Reasons are worded as Neutron words them.
/// </summary>
public static partial class Schemas
{
    public static Schema<bool> Boolean { get; } = new()
    {
        TryRead = TryReadBoolean,
        Write = (writer, value) => writer.WriteBooleanValue(value),
        Unconvertible = NotBoolean,
        FilterTexts = value => value ? ["True", "true", "1"] : ["False", "false", "0"],
        SortKey = value => value,
        Describe = () => new JsonObject { ["type"] = "boolean" },
    };

    public static Schema<string> Uuid { get; } = TextOf(
        text => Guid.TryParseExact(text, "D", out _) ? text : null, "is not a valid UUID", "uuid");

    public static Schema<DateTimeOffset> Timestamp { get; } = Parsed(
        (string text, out DateTimeOffset value) => DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value),
        "is not a valid timestamp",
        "date-time",
        value => value,
        value => string.Create(CultureInfo.InvariantCulture, $"{value.UtcDateTime:s}Z"));

    /// <summary>Text of at most <paramref name="maximum"/> characters.</summary>
    public static Schema<string> Text(int maximum) => new()
    {
        TryRead = (JsonElement json, out string value, out string reason) =>
        {
            value = json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
            reason = json.ValueKind != JsonValueKind.String ? $"'{Print(json)}' is not a valid string"
                : value.Length > maximum ? $"'{value[..32]}…' exceeds maximum length of {maximum}"
                : "";
            return reason.Length == 0;
        },
        Write = (writer, value) => writer.WriteStringValue(value),
        FilterTexts = value => [value],
        SortKey = value => value,
        Describe = () => new JsonObject { ["type"] = "string", ["maxLength"] = maximum },
    };

    /// <summary>A whole number; digits in a string are one too, as clients send them.</summary>
    public static Schema<long> Integer(long minimum, long maximum) => new()
    {
        TryRead = (JsonElement json, out long value, out string reason) =>
        {
            reason = !TryReadNumber(json, out value) ? NotNumber(json)
                : value < minimum ? $"'{value}' is too small - must be at least '{minimum}'"
                : value > maximum ? $"'{value}' is too large - must be no larger than '{maximum}'"
                : "";
            return reason.Length == 0;
        },
        Write = (writer, value) => writer.WriteNumberValue(value),
        Unconvertible = json => TryReadNumber(json, out _) ? null : NotNumber(json),
        FilterTexts = value => [value.ToString(CultureInfo.InvariantCulture)],
        SortKey = value => value,
        Describe = () => new JsonObject { ["type"] = "integer", ["minimum"] = minimum, ["maximum"] = maximum },
    };

    public static Schema<string> OneOf(params string[] values) => new()
    {
        TryRead = (JsonElement json, out string value, out string reason) =>
        {
            value = json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
            var known = json.ValueKind == JsonValueKind.String && values.Contains(value);
            reason = known ? "" : $"'{Print(json)}' is not in ['{string.Join("', '", values)}']";
            return known;
        },
        Write = (writer, value) => writer.WriteStringValue(value),
        FilterTexts = value => [value],
        SortKey = value => value,
        Describe = () => new JsonObject
        {
            ["type"] = "string",
            ["enum"] = new JsonArray([.. values.Select(value => (JsonNode)value)]),
        },
    };

    /// <summary>
    /// An object whose content is the caller's affair, kept as its JSON text; null reads as the empty object.
    /// </summary>
    public static Schema<string> FreeObject(int maximumCharacters) => new()
    {
        TryRead = (JsonElement json, out string value, out string reason) =>
        {
            value = json.ValueKind == JsonValueKind.Object ? json.GetRawText() : "{}";
            var fits = json.ValueKind is JsonValueKind.Object or JsonValueKind.Null;
            reason = !fits ? $"'{json}' is not a dictionary"
                : value.Length > maximumCharacters ? $"it exceeds maximum length of {maximumCharacters}"
                : "";
            return reason.Length == 0;
        },
        // It was read from JSON, or written by us.
        Write = (writer, value) => writer.WriteRawValue(value, skipInputValidation: true),
        FilterTexts = value => [value],
        Describe = () => new JsonObject { ["type"] = "object", ["additionalProperties"] = true },
    };

    public static Schema<T?> Nullable<T>(Schema<T> inner)
        where T : class => new()
    {
        TryRead = (JsonElement json, out T? value, out string reason) =>
        {
            (value, reason) = (null, "");
            return json.ValueKind == JsonValueKind.Null || inner.TryRead(json, out value!, out reason);
        },
        Write = (writer, value) =>
        {
            if (value is null)
                writer.WriteNullValue();
            else
                inner.Write(writer, value);
        },
        Unconvertible = inner.Unconvertible,
        FilterTexts = value => value is null ? [""] : inner.FilterTexts(value),
        SortKey = value => value is null ? null : inner.SortKey(value),
        Describe = () => WithNull(inner.Describe()),
    };

    /// <summary>A value type that may be null, such as a requested MAC address or an optional number.</summary>
    public static Schema<T?> NullableValue<T>(Schema<T> inner)
        where T : struct => new()
    {
        TryRead = (JsonElement json, out T? value, out string reason) =>
        {
            (value, reason) = (null, "");
            if (json.ValueKind == JsonValueKind.Null)
                return true;
            var ok = inner.TryRead(json, out var present, out reason);
            value = present;
            return ok;
        },
        Write = (writer, value) =>
        {
            if (value is { } present)
                inner.Write(writer, present);
            else
                writer.WriteNullValue();
        },
        Unconvertible = inner.Unconvertible,
        FilterTexts = value => value is { } present ? inner.FilterTexts(present) : [""],
        SortKey = value => value is { } present ? inner.SortKey(present) : null,
        Describe = () => WithNull(inner.Describe()),
    };

    /// <summary>
    /// A list of at most <paramref name="maximum"/> elements; null reads as the empty list, as in Neutron.
    /// </summary>
    public static Schema<ImmutableArray<T>> ListOf<T>(Schema<T> element, int maximum) => new()
    {
        TryRead = (JsonElement json, out ImmutableArray<T> value, out string reason) =>
        {
            (value, reason) = ([], "");
            if (json.ValueKind == JsonValueKind.Null)
                return true;
            if (json.ValueKind != JsonValueKind.Array)
                reason = $"'{json}' is not a list";
            else if (json.GetArrayLength() > maximum)
                reason = $"it has {json.GetArrayLength()} elements, at most {maximum} are allowed";
            return reason.Length == 0 && TryReadElements(json, element, out value, out reason);
        },
        Write = (writer, value) =>
        {
            writer.WriteStartArray();
            foreach (var item in value)
                element.Write(writer, item);
            writer.WriteEndArray();
        },
        FilterTexts = value => value.SelectMany(element.FilterTexts),
        Describe = () => new JsonObject { ["type"] = "array", ["maxItems"] = maximum, ["items"] = element.Describe() },
    };

    /// <summary>What no request names.</summary>
    public static Schema<T> ShownOnly<T>(JsonObject described, Action<Utf8JsonWriter, T> write) => new()
    {
        TryRead = (JsonElement _, out T value, out string reason) =>
        {
            (value, reason) = (default!, "it is only shown");
            return false;
        },
        Write = write,
        FilterTexts = _ => [],
        Describe = () => described.DeepClone().AsObject(),
    };

    /// <summary>A value in an error, as Python prints it.</summary>
    public static string Print(JsonElement json) => json.ValueKind == JsonValueKind.Null ? "None" : json.ToString();

    public static JsonObject WithNull(JsonObject schema)
    {
        schema["nullable"] = true;
        return schema;
    }

    private static bool TryReadElements<T>(
        JsonElement json, Schema<T> element, out ImmutableArray<T> value, out string reason)
    {
        var builder = ImmutableArray.CreateBuilder<T>(json.GetArrayLength());
        (value, reason) = ([], "");
        foreach (var item in json.EnumerateArray())
        {
            if (!element.TryRead(item, out var read, out reason))
                return false;
            builder.Add(read);
        }
        value = builder.MoveToImmutable();
        return true;
    }

    private static bool TryReadBoolean(JsonElement json, out bool value, out string reason)
    {
        var isScalar = json.ValueKind
            is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
        var text = isScalar ? json.ToString().ToLowerInvariant() : "";
        value = text is "true" or "1";
        var ok = value || text is "false" or "0";
        reason = ok ? "" : NotBoolean(json);
        return ok;
    }

    private static string NotBoolean(JsonElement json) => $"'{Print(json)}' cannot be converted to boolean";

    private static bool TryReadNumber(JsonElement json, out long value)
    {
        value = 0;
        return json.ValueKind switch
        {
            JsonValueKind.Number => json.TryGetInt64(out value),
            JsonValueKind.String => long.TryParse(
                json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
    }

    private static string NotNumber(JsonElement json) => $"'{Print(json)}' is not an integer";

    private delegate bool TryParseText<T>(string text, out T value);

    private static Schema<T> Parsed<T>(
        TryParseText<T> tryParse,
        string rule,
        string format,
        Func<T, IComparable?> sortKey,
        Func<T, string>? toText = null)
        where T : notnull
    {
        var print = toText ?? (value => value.ToString()!);
        return new Schema<T>
        {
            TryRead = (JsonElement json, out T value, out string reason) =>
            {
                value = default!;
                var ok = json.ValueKind == JsonValueKind.String && tryParse(json.GetString()!, out value);
                reason = ok ? "" : $"'{Print(json)}' {rule}";
                return ok;
            },
            Write = (writer, value) => writer.WriteStringValue(print(value)),
            FilterTexts = value => [print(value)],
            SortKey = sortKey,
            Describe = () => new JsonObject { ["type"] = "string", ["format"] = format },
        };
    }

    private static Schema<string> TextOf(Func<string, string?> normalise, string rule, string format) => Parsed(
        (string text, out string value) => (value = normalise(text)!) is not null, rule, format, value => value);
}
