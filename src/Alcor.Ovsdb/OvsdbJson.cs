using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Alcor.Ovsdb;

/// <summary>The one place where System.Text.Json's exceptions become <see cref="OvsdbFormatException"/>.</summary>
internal static class OvsdbJson
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = OvsdbLimits.MessageDepthMax,
        AllowDuplicateProperties = false,
    };

    private static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, Strict);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new OvsdbFormatException("This is not JSON: " + error.Message, error);
        }
    }

    public static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        using var document = Parse(json);
        return read(document.RootElement);
    }

    public static ArrayBufferWriter<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Compact);
        write(writer);
        writer.Flush();
        return buffer;
    }

    public static string Text(JsonElement element)
    {
        Expect(element, JsonValueKind.String);
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new OvsdbFormatException("A string is not valid Unicode.", error);
        }
    }

    public static Guid Uuid(string text) => Guid.TryParseExact(text, "D", out var uuid)
        ? uuid
        : throw new OvsdbFormatException($"'{text}' is not a uuid.");

    public static JsonElement.ArrayEnumerator Items(JsonElement element)
    {
        Expect(element, JsonValueKind.Array);
        return element.EnumerateArray();
    }

    public static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement element)
    {
        Expect(element, JsonValueKind.Object);
        foreach (var property in element.EnumerateObject())
            yield return (Name(property), property.Value);
    }

    /// <summary>The member of that name; null if it is absent or JSON null.</summary>
    public static JsonElement? Member(JsonElement element, string name) =>
        Find(element, name) is { ValueKind: not JsonValueKind.Null } value ? value : null;

    /// <summary>The member of that name, which may be JSON null; null if it is absent.</summary>
    public static JsonElement? Find(JsonElement element, string name)
    {
        Expect(element, JsonValueKind.Object);
        try
        {
            return element.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException error)
        {
            throw new OvsdbFormatException("A name is not valid Unicode.", error);
        }
    }

    public static JsonElement Required(JsonElement element, string name) =>
        Member(element, name) ?? throw new OvsdbFormatException($"The member '{name}' is missing.");

    public static long Integer(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value)
            ? value
            : throw new OvsdbFormatException("An integer was expected.");

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException error)
        {
            throw new OvsdbFormatException("A name is not valid Unicode.", error);
        }
    }

    private static void Expect(JsonElement element, JsonValueKind kind)
    {
        if (element.ValueKind != kind)
            throw new OvsdbFormatException($"{kind} was expected where {element.ValueKind} stands.");
    }
}
