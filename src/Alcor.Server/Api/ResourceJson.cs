using System.Collections.Immutable;
using System.Text.Json;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

internal static class ResourceJson
{
    public static void Write(Utf8JsonWriter json, ImmutableArray<ApiAttribute> attributes, Stamped<object> resource)
    {
        json.WriteStartObject();
        foreach (var attribute in attributes)
            attribute.WriteProperty(json, resource);
        json.WriteEndObject();
    }

    public static void WriteList(
        Utf8JsonWriter json, ImmutableArray<ApiAttribute> attributes, IEnumerable<Stamped<object>> resources)
    {
        json.WriteStartArray();
        foreach (var resource in resources)
            Write(json, attributes, resource);
        json.WriteEndArray();
    }
}

/// <summary>Links to the pages before and behind one, as in <c>ports_links</c>.</summary>
internal static class PageLinks
{
    public static void Write(
        Utf8JsonWriter json, HttpRequest request, string name, (string? Previous, string? Next) markers)
    {
        if (markers is (null, null))
            return;
        json.WriteStartArray(name);
        if (markers.Next is { } next)
            WriteOne(json, "next", Href(request, next, isReversed: false));
        if (markers.Previous is { } previous)
            WriteOne(json, "previous", Href(request, previous, isReversed: true));
        json.WriteEndArray();
    }

    public static void WriteOne(Utf8JsonWriter json, string relation, string href)
    {
        json.WriteStartObject();
        json.WriteString("rel", relation);
        json.WriteString("href", href);
        json.WriteEndObject();
    }

    private static string Href(HttpRequest request, string marker, bool isReversed)
    {
        var query = new QueryString();
        foreach (var (name, values) in request.Query)
        {
            if (name is "marker" or "page_reverse")
                continue;
            foreach (var value in values)
                query = query.Add(name, value ?? "");
        }
        query = query.Add("marker", marker);
        if (isReversed)
            query = query.Add("page_reverse", "True");
        return $"{request.Scheme}://{request.Host}{request.Path.ToUriComponent()}{query.ToUriComponent()}";
    }
}
