using System.Text.Json.Nodes;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.OpenApi;

/// <summary>The paths by which clients find out what there is.</summary>
internal static class DiscoveryPaths
{
    public static void AddTo(JsonObject paths)
    {
        foreach (var (path, id) in new[] { ("/", "list_versions"), ("/versions", "list_versions_by_name") })
        {
            paths[path] = Get(id, "List the versions of the API", Whole(("versions", ListOf(Object(
                ("id", Text("v2.0")), ("status", Text("CURRENT")), ("links", Links()))))));
        }
        paths["/openapi/neutron.json"] = Get(
            "show_document", "Show this document", new JsonObject { ["type"] = "object" });
        paths["/openapi/alcor.json"] = Get(
            "show_alcor_document", "Show the document of Alcor's own API", new JsonObject { ["type"] = "object" });
        paths["/v2.0"] = Get("list_resources", "List the collections", Whole(("resources", ListOf(Object(
            ("name", Text("In envelopes.")),
            ("collection", Text("In envelopes of lists.")),
            ("links", Links()))))), "401");
        paths["/v2.0/extensions"] = Get(
            "list_extensions", "List the extensions", Whole(("extensions", ListOf(ExtensionSchema()))), "401");
        var one = Get("show_extension", "Show an extension", Whole(("extension", ExtensionSchema())), "401", "404");
        one["parameters"] = new JsonArray(
            Parameter("alias", "path", "The extension's alias.", new JsonObject { ["type"] = "string" }));
        paths["/v2.0/extensions/{alias}"] = one;
    }

    private static JsonObject Get(string id, string summary, JsonObject schema, params string[] errors) =>
        new()
        {
            ["get"] = Operation(
                id, DocumentGroup.Of(DocumentGroup.Discovery), summary, Success(200, "As it is.", schema), errors),
        };

    private static JsonObject Links() =>
        ListOf(Object(("rel", Text("self")), ("href", Text("An address."))));

    private static JsonObject ExtensionSchema() => Object(
        ("alias", Text("What clients look for.")),
        ("name", Text("For people.")),
        ("description", Text("What it offers.")),
        ("updated", Text("When Neutron last changed it.")),
        ("links", ListOf(new JsonObject { ["type"] = "object" })));
}
