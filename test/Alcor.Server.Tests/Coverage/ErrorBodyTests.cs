namespace Alcor.Server.Tests.Coverage;

/// <summary>
/// What every operation of the documents answers to requests that are wrong: the status, and one NeutronError.
/// </summary>
public sealed class ErrorBodyTests(RunningServer server) : IClassFixture<RunningServer>
{
    public static TheoryData<string, string> Operations => Document.Operations;

    public static TheoryData<string> Paths => [.. Document.Paths.Keys];

    public static TheoryData<string> Creations =>
        [.. CollectionCases.All.Where(of => of.Create is not null).Select(of => of.Path)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_wrong_body_or_id_is_one_error(string method, string path)
    {
        var stage = new Stage(server);
        var probe = Probe.Find(method, path);
        Assert.True(probe is not null, $"{method} {path} is in neither table of cases");
        var request = await probe.MakeAsync(stage);
        var isList = method == "GET" && request.Made is { } made && made.Collection == request.Path;
        var isTried = isList || request.Body is not null || request.Missing is not null || probe.Refusal is not null;
        Assert.True(isTried || probe.TakesAnything, $"no error of {method} {path} is tried");
        if (isList)
            (await stage.SendAsync(method, $"{request.Path}?limit=few", body: null, stage.Admin)).Error(400);
        if (request.Body is { } body)
        {
            (await stage.SendAsync(method, request.Path, body[..^1], stage.Admin)).Error(400, "HTTPBadRequest");
            (await stage.SendAsync(method, request.Path, Probe.WithUnknown(body), stage.Admin)).Error(400);
        }
        if (request.Missing is not { } missing)
            return;
        (await stage.SendAsync(method, missing, request.Body, stage.Admin)).Error(404, probe.NotFound);
        if (method == "GET")
        {
            var head = await stage.SendAsync("HEAD", missing, body: null, stage.Admin);
            Assert.Equal((404, null), (head.Status, head.Json));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Another_method_is_refused_with_those_that_there_are(string path)
    {
        var methods = Document.OperationsOf(Document.Paths!)
            .Where(operation => operation.Path == path)
            .SelectMany(operation => operation.Method == "GET" ? ["GET", "HEAD"] : new[] { operation.Method });
        var concrete = path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        var answer = await server.SendAsync(HttpMethod.Patch, concrete, "{}");
        answer.Error(405, "HTTPMethodNotAllowed");
        Assert.Equal(methods.Order(), answer.Response.Content.Headers.Allow.Order());
    }

    [Theory]
    [MemberData(nameof(Creations))]
    public async Task A_creation_that_breaks_a_rule_is_refused_with_its_error(string path)
    {
        var (stage, of) = (new Stage(server), CollectionCases.Of(path));
        var (attributes, status, type) = of.Refused!;
        var answer = await stage.SendAsync("POST", await stage.PathAsync(of), of.Wrap(attributes), stage.Admin);
        answer.Error(status, type);
    }
}
