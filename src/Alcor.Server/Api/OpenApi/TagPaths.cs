using System.Text.Json.Nodes;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.OpenApi;

/// <summary>The paths of the tags of a resource.</summary>
internal static class TagPaths
{
    public static void AddTo(JsonObject paths, ApiCollection collection)
    {
        var name = collection.Label;
        var id = CollectionPaths.IdParameter(collection);
        paths[collection.TagPath!] = new JsonObject
        {
            ["get"] = Read(collection, $"list_{name}_tags", $"List the tags of a {name}", Success(200, "All.", Tags())),
            ["put"] = Replace(collection),
            ["delete"] = Write(collection, $"delete_{name}_tags", $"Remove all tags of a {name}", 204),
            ["parameters"] = new JsonArray(id.DeepClone()),
        };
        var tag = Parameter("tag", "path", "The tag.", new JsonObject { ["type"] = "string" });
        paths[$"{collection.TagPath}/{{tag}}"] = new JsonObject
        {
            ["get"] = Read(
                collection, $"show_{name}_tag", $"Tell whether a {name} has a tag", Success(204, "It has.", null)),
            ["put"] = Write(collection, $"add_{name}_tag", $"Add a tag to a {name}", 201, "400"),
            ["delete"] = Write(collection, $"delete_{name}_tag", $"Remove a tag of a {name}", 204),
            ["parameters"] = new JsonArray(id, tag),
        };
    }

    private static JsonObject Read(ApiCollection collection, string id, string summary, JsonObject success) =>
        Operation(id, DocumentGroup.Of(collection), summary, success, "401", "404");

    private static JsonObject Replace(ApiCollection collection)
    {
        var operation = Change(
            collection,
            $"replace_{collection.Label}_tags",
            $"Replace the tags of a {collection.Label}",
            Success(200, "These are its tags.", Tags()),
            "400",
            "413");
        operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(Tags()) };
        return operation;
    }

    private static JsonObject Write(
        ApiCollection collection, string id, string summary, int status, params string[] more) =>
        Change(collection, id, summary, Success(status, "Done.", schema: null), more);

    private static JsonObject Change(
        ApiCollection collection, string id, string summary, JsonObject success, params string[] more)
    {
        var operation = Operation(
            id,
            DocumentGroup.Of(collection),
            summary,
            success,
            [.. more.Concat(["401", "403", "404", "409", "412", "503"]).Order()]);
        operation["parameters"] = new JsonArray(CollectionPaths.IfMatch());
        return operation;
    }

    private static JsonObject Tags() => Whole(("tags", ListOf(new JsonObject { ["type"] = "string" })));
}
