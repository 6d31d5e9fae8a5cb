using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api.OpenApi;

/// <summary>Pieces that OpenAPI documents are made of; a fresh node each time, since a node has one parent.</summary>
internal static class DocumentParts
{
    public static JsonObject Text(string description) =>
        new() { ["type"] = "string", ["description"] = description };

    public static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    public static JsonObject OneOf(params JsonObject[] schemas) => new() { ["oneOf"] = new JsonArray([.. schemas]) };

    public static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    public static JsonObject Object(params (string Name, JsonObject Schema)[] properties) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.Schema))),
    };

    /// <summary>An object that has all of the properties.</summary>
    public static JsonObject Whole(params (string Name, JsonObject Schema)[] properties)
    {
        var schema = Object(properties);
        schema["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Name)]);
        return schema;
    }

    public static JsonObject Properties(IEnumerable<IAttribute> attributes)
    {
        var properties = new JsonObject();
        foreach (var attribute in attributes)
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

    public static JsonObject Content(JsonObject schema) => new()
    {
        ["application/json"] = new JsonObject { ["schema"] = schema },
    };

    public static JsonObject Response(string description, JsonObject? schema)
    {
        var response = new JsonObject { ["description"] = description };
        if (schema is not null)
            response["content"] = Content(schema);
        return response;
    }

    public static JsonObject Parameter(string name, string place, string description, JsonObject schema) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["description"] = description,
        ["required"] = place == "path",
        ["schema"] = schema,
    };

    /// <summary>An operation whose errors are NeutronErrors.</summary>
    public static JsonObject Operation(
        string id, string tag, string summary, JsonObject success, params string[] errors)
    {
        var responses = new JsonObject { [(string)success["status"]!] = Without(success, "status") };
        foreach (var error in errors)
            responses[error] = Response(Meaning(error), Reference("NeutronError"));
        return new JsonObject
        {
            ["operationId"] = id,
            ["tags"] = new JsonArray(tag),
            ["summary"] = summary,
            ["responses"] = responses,
        };
    }

    /// <summary>What an operation answers when all is well.</summary>
    public static JsonObject Success(int status, string description, JsonObject? schema)
    {
        var response = Response(description, schema);
        response["status"] = $"{status}";
        return response;
    }

    private static JsonObject Without(JsonObject node, string name)
    {
        node.Remove(name);
        return node;
    }

    private static string Meaning(string status) => status switch
    {
        "400" => "The request breaks a rule of its own shape.",
        "401" => "The token is missing, or no longer valid.",
        "403" => "The policy does not let the caller do this.",
        "404" => "There is no such resource.",
        "409" => "The request contradicts what is there.",
        "412" => "The resource is not at the revision that If-Match names.",
        "413" => "The body is too large.",
        "501" => "This process cannot: another one of the deployment can.",
        _ => "Too many requests wait; try again.",
    };
}
