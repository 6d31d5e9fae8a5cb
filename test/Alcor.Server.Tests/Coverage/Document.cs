using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Alcor.Server.Tests.Coverage;

/// <summary>The operations of the committed documents, which another test compares with what is served.</summary>
internal static class Document
{
    public static readonly ImmutableArray<string> Names = ["neutron", "alcor"];

    /// <summary>Of all documents; none describes a path that another one does.</summary>
    public static readonly ImmutableDictionary<string, JsonNode> Paths = Names
        .SelectMany(name => PathsOf(JsonNode.Parse(
            File.ReadAllText(Path.Combine(SourceTree.Root, $"docs/openapi/{name}.json")))!))
        .ToImmutableDictionary(path => path.Key, path => path.Value!);

    public static TheoryData<string, string> Operations => [.. OperationsOf(Paths!)];

    public static JsonObject PathsOf(JsonNode document) => document["paths"]!.AsObject();

    /// <summary>Method and path.</summary>
    public static IEnumerable<(string Method, string Path)> OperationsOf(
        IEnumerable<KeyValuePair<string, JsonNode?>> paths) =>
        from path in paths
        from member in path.Value!.AsObject()
        where member.Key != "parameters"
        select (member.Key.ToUpperInvariant(), path.Key);

    /// <summary>The status that the document promises when all is well.</summary>
    public static int SuccessOf(string method, string path)
    {
        var operation = Paths[path].AsObject().Single(
            member => member.Key.Equals(method, StringComparison.OrdinalIgnoreCase)).Value!;
        return int.Parse(
            operation["responses"]!.AsObject().Select(response => response.Key).Single(status => status[0] == '2'),
            System.Globalization.CultureInfo.InvariantCulture);
    }
}
