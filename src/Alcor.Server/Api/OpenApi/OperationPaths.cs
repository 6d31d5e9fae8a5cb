using System.Text.Json.Nodes;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.OpenApi;

/// <summary>The paths of operations that belong to no collection.</summary>
internal static class OperationPaths
{
    public static void AddTo(JsonObject paths, ApiOperation operation)
    {
        var success = Success(operation.Status, "Done.", operation.Response?.Invoke());
        var described = Operation(
            operation.Id, DocumentGroup.Of(operation.Tag), operation.Summary, success, [.. operation.Errors]);
        if (operation.Request is { } request)
        {
            var content = Content(request());
            if (operation.TakesFile)
                content["multipart/form-data"] = new JsonObject { ["schema"] = File() };
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = content };
        }
        if (!operation.Query.IsEmpty)
            described["parameters"] = new JsonArray([.. operation.Query.Select(Described)]);
        if (paths[operation.Path] is not JsonObject path)
        {
            path = [];
            if (Parameters(operation.Path) is { Count: > 0 } parameters)
                path["parameters"] = parameters;
            paths[operation.Path] = path;
        }
#pragma warning disable CA1308 // Methods are in lower case in an OpenAPI document.
        path[operation.Method.ToLowerInvariant()] = described;
#pragma warning restore CA1308
    }

    private static JsonObject Described(QueryParameter parameter)
    {
        var described = Parameter(parameter.Name, "query", parameter.Description, parameter.Schema());
        described["required"] = parameter.IsRequired;
        return described;
    }

    private static JsonObject File() => Whole(
        ("file", new JsonObject { ["type"] = "string", ["format"] = "binary" }));

    private static JsonArray Parameters(string path) => new(
        [.. path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => Parameter(
            segment.Trim('{', '}'), "path", "As in the path.", new JsonObject { ["type"] = "string" }))]);
}
