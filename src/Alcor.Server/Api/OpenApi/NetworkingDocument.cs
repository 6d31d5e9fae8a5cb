using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using static Alcor.Server.Api.OpenApi.DocumentParts;

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
        // One space: the document is large.
        IndentSize = 1,
        NewLine = "\n",
    };

    /// <summary>The document of a version of the API, as indented UTF-8 with a final line end.</summary>
    public static byte[] Write(
        string version, ImmutableArray<ApiCollection> collections, ImmutableArray<ApiOperation> operations)
    {
        var offered = collections.RemoveAll(collection => collection.Version != version);
        var others = operations.RemoveAll(
            operation => !operation.Path.StartsWith($"/{version}/", StringComparison.Ordinal));
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
            Build(version, offered, others).WriteTo(writer);
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static JsonObject Build(
        string version, ImmutableArray<ApiCollection> collections, ImmutableArray<ApiOperation> operations)
    {
        var isNeutron = version == "v2.0";
        var paths = new JsonObject();
        var schemas = new JsonObject();
        if (isNeutron)
            DiscoveryPaths.AddTo(paths);
        foreach (var collection in collections)
        {
            CollectionPaths.AddTo(paths, collection);
            AddSchemas(schemas, collection);
        }
        foreach (var operation in operations)
            OperationPaths.AddTo(paths, operation);
        schemas["NeutronError"] = Object(("NeutronError", Object(
            ("type", Text("A name to match on.")),
            ("message", Text("For people: names the field and the rule.")),
            ("detail", Text("Empty, or what to quote to the operator.")))));
        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject
            {
                ["title"] = isNeutron ? "Alcor Networking API" : "Alcor API",
                ["version"] = version,
                ["description"] = isNeutron
                    ? "The OpenStack Networking API v2.0, as Alcor offers it."
                    : "What Alcor offers beside the OpenStack Networking API.",
            },
            ["tags"] = DocumentGroup.Describe(
                collections.Select(DocumentGroup.Of)
                    .Concat(operations.Select(operation => DocumentGroup.Of(operation.Tag)))
                    .Concat(isNeutron ? [DocumentGroup.Of(DocumentGroup.Discovery)] : [])),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static void AddSchemas(JsonObject schemas, ApiCollection collection)
    {
        var name = collection.Label;
        schemas[name] = Properties(collection.Attributes.Select(attribute => attribute.Attribute));
        if (collection.Verbs.HasFlag(Verbs.Create))
        {
            var attributes = InTypeOrder(collection, attribute => attribute.InCreate != Presence.NotAllowed);
            var create = Properties(attributes);
            if (collection.Required.Length > 0)
                create["required"] = new JsonArray([.. collection.Required.Select(a => (JsonNode)a.Name)]);
            schemas[$"{name}_create"] = create;
        }
        if (collection.Verbs.HasFlag(Verbs.Update))
            schemas[$"{name}_update"] = Properties(InTypeOrder(collection, attribute => attribute.InUpdate));
    }

    private static IEnumerable<IAttribute> InTypeOrder(ApiCollection collection, Func<IAttribute, bool> isIn) =>
        collection.Type.Attributes.Where(a => collection.ByName.ContainsKey(a.Name) && isIn(a));
}
