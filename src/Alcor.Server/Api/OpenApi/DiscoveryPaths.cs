using System.Text.Json.Nodes;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.OpenApi;

/// <summary>The paths by which clients find out what there is.</summary>
internal static class DiscoveryPaths
{
    private const string Tag = "discovery";

    public static void AddTo(JsonObject paths)
    {
        var link = Object(("rel", Text("self")), ("href", Text("An address.")));
        paths["/"] = Get("list_versions", "List the versions of the API", Whole(("versions", ListOf(Object(
            ("id", Text("v2.0")), ("status", Text("CURRENT")), ("links", ListOf(link)))))));
        paths["/v2.0"] = Get("list_resources", "List the collections", Whole(("resources", ListOf(Object(
            ("name", Text("In envelopes.")),
            ("collection", Text("In envelopes of lists.")),
            ("links", ListOf((JsonObject)link.DeepClone())))))));
        paths["/v2.0/extensions"] = Get(
            "list_extensions", "List the extensions", Whole(("extensions", ListOf(ExtensionSchema()))));
        var one = Get("show_extension", "Show an extension", Whole(("extension", ExtensionSchema())), "404");
        one["parameters"] = new JsonArray(
            Parameter("alias", "path", "The extension's alias.", new JsonObject { ["type"] = "string" }));
        paths["/v2.0/extensions/{alias}"] = one;
    }

    private static JsonObject Get(string id, string summary, JsonObject schema, params string[] errors) =>
        new() { ["get"] = Operation(id, Tag, summary, Success(200, "As it is.", schema), errors) };

    private static JsonObject ExtensionSchema() => Object(
        ("alias", Text("What clients look for.")),
        ("name", Text("For people.")),
        ("description", Text("What it offers.")),
        ("updated", Text("When Neutron last changed it.")),
        ("links", ListOf(new JsonObject { ["type"] = "object" })));
}
