using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api.OpenApi;

/// <summary>
/// The OpenAPI 3.0 document of the Networking API, made from the attributes of the resource types: nothing in it is
/// written by hand that the API could contradict.
/// </summary>
internal static class NetworkingDocument
{
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    /// <summary>The document as indented UTF-8 with a final line end.</summary>
    public static byte[] Write(ImmutableArray<ApiCollection> collections)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
            Build(collections).WriteTo(writer);
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static JsonObject Build(ImmutableArray<ApiCollection> collections)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject();
        DiscoveryPaths.AddTo(paths);
        foreach (var collection in collections)
        {
            CollectionPaths.AddTo(paths, collection);
            AddSchemas(schemas, collection);
        }
        schemas["NeutronError"] = DocumentParts.Object(("NeutronError", DocumentParts.Object(
            ("type", DocumentParts.Text("A name to match on.")),
            ("message", DocumentParts.Text("For people: names the field and the rule.")),
            ("detail", DocumentParts.Text("Empty, or what to quote to the operator.")))));
        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject
            {
                ["title"] = "Alcor Networking API",
                ["version"] = "v2.0",
                ["description"] = "The OpenStack Networking API v2.0, as Alcor offers it.",
            },
            ["tags"] = new JsonArray(
                [.. collections.Select(c => (JsonNode)new JsonObject { ["name"] = c.Type.Collection }),
                    new JsonObject { ["name"] = "discovery" }]),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static void AddSchemas(JsonObject schemas, ApiCollection collection)
    {
        var name = collection.Type.Name;
        schemas[name] = Describe(collection, _ => true);
        if (collection.IsReadOnly)
            return;
        var create = Describe(collection, attribute => attribute.InCreate != Presence.NotAllowed);
        if (collection.Required.Length > 0)
            create["required"] = new JsonArray([.. collection.Required.Select(a => (JsonNode)a.Name)]);
        schemas[$"{name}_create"] = create;
        schemas[$"{name}_update"] = Describe(collection, attribute => attribute.InUpdate);
    }

    private static JsonObject Describe(ApiCollection collection, Func<IAttribute, bool> isIn)
    {
        var properties = new JsonObject();
        foreach (var attribute in collection.Type.Attributes.Where(isIn))
        {
            var schema = attribute.Describe();
            schema["description"] = attribute.Description;
            properties[attribute.Name] = schema;
        }
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }
}
