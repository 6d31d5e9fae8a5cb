using System.Collections.Immutable;

namespace Alcor.Server.Api;

/// <summary>The documents by which clients find the API and its resources (Neutron: "/" and "/v2.0/").</summary>
internal static class Discovery
{
    public static Task WriteVersionsAsync(HttpContext http) => ApiResponse.WriteAsync(
        http,
        StatusCodes.Status200OK,
        json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("versions");
            json.WriteStartObject();
            json.WriteString("id", "v2.0");
            json.WriteString("status", "CURRENT");
            json.WriteStartArray("links");
            PageLinks.WriteOne(json, "self", $"{Root(http)}/v2.0/");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });

    public static Task WriteResourcesAsync(HttpContext http, ImmutableArray<ApiCollection> collections) =>
        ApiResponse.WriteAsync(
            http,
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("resources");
                foreach (var collection in collections.Where(c => !c.IsNested))
                {
                    json.WriteStartObject();
                    json.WriteString("name", collection.Names.Singular);
                    json.WriteString("collection", collection.Names.Plural);
                    json.WriteStartArray("links");
                    PageLinks.WriteOne(json, "self", $"{Root(http)}{collection.Path}");
                    json.WriteEndArray();
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });

    private static string Root(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}";
}
