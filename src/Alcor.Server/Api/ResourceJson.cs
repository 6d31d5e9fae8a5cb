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

/// <summary>A page that there may be.</summary>
/// <param name="Marker">The resource behind or before which it is; null: it begins at the end of the list.</param>
internal readonly record struct PageLink(string? Marker);

/// <summary>
/// Links to the pages before and behind one, as in <c>ports_links</c>. As Neutron, a page that is full is taken to have
/// another one behind it, and one that is not reached backwards to have one before it: these may turn out empty.
/// </summary>
internal static class PageLinks
{
    public static void Write(Utf8JsonWriter json, HttpRequest request, string name, PageLink? next, PageLink? previous)
    {
        json.WriteStartArray(name);
        if (next is { } behind)
            WriteOne(json, "next", Href(request, behind.Marker, isReversed: false));
        if (previous is { } before)
            WriteOne(json, "previous", Href(request, before.Marker, isReversed: true));
        json.WriteEndArray();
    }

    public static void WriteOne(Utf8JsonWriter json, string relation, string href)
    {
        json.WriteStartObject();
        json.WriteString("rel", relation);
        json.WriteString("href", href);
        json.WriteEndObject();
    }

    private static string Href(HttpRequest request, string? marker, bool isReversed)
    {
        var query = new QueryString();
        foreach (var (name, values) in request.Query)
        {
            if (name is "marker" or "page_reverse")
                continue;
            foreach (var value in values)
                query = query.Add(name, value ?? "");
        }
        if (marker is not null)
            query = query.Add("marker", marker);
        if (isReversed)
            query = query.Add("page_reverse", "True");
        return $"{request.Scheme}://{request.Host}{request.Path.ToUriComponent()}{query.ToUriComponent()}";
    }
}
