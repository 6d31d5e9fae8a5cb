using System.Text.Json.Nodes;

namespace Alcor.Server.Tests.Coverage;

/// <summary>A request that is accepted from whoever may send it.</summary>
/// <param name="Missing">The same path with an id that does not exist; null: no id is unknown there.</param>
/// <param name="Made">What the request is about, where that is there.</param>
internal sealed record ProbeRequest(string Path, string? Body, string? Missing = null, Made? Made = null);

/// <summary>How to try one operation of the document.</summary>
internal sealed record Probe(
    string Method, string Path, Who By, Func<Stage, Task<ProbeRequest>> MakeAsync, string? NotFound = null)
{
    /// <summary>The error that everybody gets who may ask, of what can never succeed.</summary>
    public int? Refusal { get; init; }

    public const string NoSuchId = "0e0e0e0e-0000-4000-8000-000000000000";

    /// <summary>
    /// It has no body and no id that can be wrong: of its errors only those of authorisation are left.
    /// </summary>
    public bool TakesAnything { get; init; }

    /// <summary>The probe of an operation, if a table has one.</summary>
    public static Probe? Find(string method, string path) => FindAll(method, path).FirstOrDefault();

    public static IEnumerable<Probe> FindAll(string method, string path) =>
    [
        .. OperationCases.All.Where(probe => probe.Method == method && probe.Path == path),
        .. CollectionCases.All.Select(of => Find(of, method, path)).OfType<Probe>(),
    ];

    /// <summary>The body with an attribute that no resource has.</summary>
    public static string WithUnknown(string body)
    {
        const string unknown = "no_such_attribute";
        var root = JsonNode.Parse(body)!.AsObject();
        if (root.ContainsKey("tags"))
            return $$"""{"{{unknown}}": []}""";
        var inner = root.Count == 1 && root.First().Value is JsonObject envelope ? envelope : root;
        inner[unknown] = 1;
        return root.ToJsonString();
    }

    private static Probe? Find(CollectionCase of, string method, string path)
    {
        if (path == of.Path)
            return method == "GET" ? List(of) : of.Create is null ? null : Create(of);
        if (path == $"{of.TagRoot}/{{id}}/tags")
            return Tags(of, method);
        if (path == $"{of.TagRoot}/{{id}}/tags/{{tag}}")
            return Tag(of, method);
        if (!path.StartsWith($"{of.Path}/{{id}}", StringComparison.Ordinal))
            return null;
        var rest = path[$"{of.Path}/{{id}}".Length..];
        return (method, rest) switch
        {
            ("GET", "") => Member(of, method, rest, body: null),
            ("PUT", "") => of.Update is { } update ? Member(of, method, rest, of.Wrap(update)) : null,
            ("DELETE", "") => Member(of, method, rest, body: null),
            ("GET", _) when of.Actions.ContainsKey(rest[1..]) => Member(of, method, rest, body: null),
            ("PUT", _) when of.Actions.TryGetValue(rest[1..], out var body) => Act(of, rest, body),
            _ => null,
        };
    }

    private static Probe List(CollectionCase of) => new("GET", of.Path, of.ReadBy, async stage =>
    {
        var made = await stage.CreateAsync(of.Path);
        return new ProbeRequest(made.Collection, Body: null, MissingParent(of, made.Collection), made);
    }, ParentNotFound(of));

    private static Probe Create(CollectionCase of) => new("POST", of.Path, of.WriteBy, async stage =>
    {
        var path = await stage.PathAsync(of);
        return new ProbeRequest(path, of.Wrap(await of.Create!(stage)), MissingParent(of, path));
    }, ParentNotFound(of));

    private static Probe Member(CollectionCase of, string method, string rest, string? body) =>
        Act(of, rest, (_, _) => Task.FromResult(body)) with
        {
            Method = method,
            By = method == "GET" ? of.ReadBy
                : rest.StartsWith("/tags", StringComparison.Ordinal) ? of.TagBy
                : of.WriteBy,
        };

    private static Probe Act(CollectionCase of, string rest, Func<Stage, Made, Task<string?>> body) =>
        new("PUT", $"{of.Path}/{{id}}{rest}", of.WriteBy, async stage =>
        {
            var made = await stage.CreateAsync(of.Path);
            return new ProbeRequest(
                $"{made.Path}{rest}", await body(stage, made), $"{made.Collection}/{NoSuchId}{rest}", made);
        }, of.NotFound);

    private static Probe Tags(CollectionCase of, string method)
    {
        var probe = Member(of, method, "/tags", method == "PUT" ? """{"tags": ["red"]}""" : null);
        return probe with
        {
            Path = $"{of.TagRoot}/{{id}}/tags",
            MakeAsync = async stage => ByTagRoot(of, await probe.MakeAsync(stage)),
        };
    }

    private static Probe Tag(CollectionCase of, string method)
    {
        var probe = Member(of, method, "/tags/red", body: null);
        return probe with
        {
            Path = $"{of.TagRoot}/{{id}}/tags/{{tag}}",
            MakeAsync = async stage =>
            {
                var request = ByTagRoot(of, await probe.MakeAsync(stage));
                (await stage.SendAsync("PUT", request.Path, body: null, stage.Admin)).Is(201);
                return request;
            },
        };
    }

    private static ProbeRequest ByTagRoot(CollectionCase of, ProbeRequest request) => request with
    {
        Path = request.Path.Replace(of.Path, of.TagRoot, StringComparison.Ordinal),
        Missing = request.Missing?.Replace(of.Path, of.TagRoot, StringComparison.Ordinal),
    };

    private static string? MissingParent(CollectionCase of, string path)
    {
        var parts = path.Split('/');
        parts[^2] = NoSuchId;
        return of.Parent is null ? null : string.Join('/', parts);
    }

    private static string? ParentNotFound(CollectionCase of) =>
        of.Parent is { } parent ? CollectionCases.Of(parent).NotFound : null;
}
