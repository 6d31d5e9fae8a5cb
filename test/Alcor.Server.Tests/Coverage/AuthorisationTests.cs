using System.Text.Json.Nodes;

namespace Alcor.Server.Tests.Coverage;

/// <summary>Who may do what, of every operation of the document, by the policy that Alcor comes with.</summary>
public sealed class AuthorisationTests(RunningServer server) : IClassFixture<RunningServer>
{
    public static TheoryData<string, string> Operations => Document.Operations;

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task It_works_for_the_least_of_those_whom_the_policy_allows_it(string method, string path)
    {
        var (stage, probe) = Begin(method, path);
        var request = await probe.MakeAsync(stage);
        var answer = await stage.SendAsync(method, request.Path, request.Body, stage.Least(probe.By));
        if (probe.Refusal is { } refusal)
            answer.Error(refusal);
        else
            answer.Is(Document.SuccessOf(method, path));
        if (IsList(probe, request))
            Assert.True(Names(answer, request.Made!), $"{request.Made!.Id} is not listed");
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task It_is_refused_to_everybody_else_and_changes_nothing(string method, string path)
    {
        var (stage, probe) = Begin(method, path);
        foreach (var who in Enum.GetValues<Who>().Where(who => who < probe.By))
            await RefuseAsync(stage, probe, stage.Least(who), MayKnow(probe, who));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Members_of_another_project_reach_nothing_of_this_one(string method, string path)
    {
        var (stage, probe) = Begin(method, path);
        if (probe.By <= Who.AnyReader)
            return;
        if (method != "POST" || probe.By == Who.Admin)
        {
            await RefuseAsync(stage, probe, stage.Stranger, isKnown: false);
            return;
        }
        var request = await probe.MakeAsync(stage);
        var answer = await stage.SendAsync(method, request.Path, request.Body, stage.Stranger);
        if (answer.Status is not 201)
        {
            answer.Error(answer.Status is 400 or 403 or 404 ? answer.Status : 404);
            return;
        }
        // What needs nothing of this project may be made in the own one, and not in this one's name.
        Assert.Equal(stage.OtherProject, (string?)answer.Json!.AsObject().Single().Value!["project_id"]);
        var body = JsonNode.Parse(request.Body!)!.AsObject();
        body.Single().Value!["project_id"] = stage.Project;
        (await stage.SendAsync(method, request.Path, body.ToJsonString(), stage.Stranger)).Error(400, "HTTPBadRequest");
    }

    private (Stage Stage, Probe Probe) Begin(string method, string path)
    {
        var probe = Probe.Find(method, path);
        Assert.True(probe is not null, $"{method} {path} is in neither table of cases");
        return (new Stage(server), probe);
    }

    /// <summary>Who may read what it may not write is told so; others are told that it is not there.</summary>
    private static bool MayKnow(Probe probe, Who who) =>
        who == Who.Reader && probe.By == Who.Member && probe.Method is not "GET";

    private static async Task RefuseAsync(Stage stage, Probe probe, (string, string)[] who, bool isKnown)
    {
        var request = await probe.MakeAsync(stage);
        var before = await ShowAsync(stage, request);
        var answer = await stage.SendAsync(probe.Method, request.Path, request.Body, who);
        if (IsList(probe, request) && answer.Status == 200)
            Assert.False(Names(answer, request.Made!), $"{request.Made!.Id} is listed");
        else if (isKnown)
            answer.Error(403, "PolicyNotAuthorized");
        else
            answer.Error(answer.Status is 403 or 404 ? answer.Status : 403);
        Assert.Equal(before, await ShowAsync(stage, request));
    }

    private static bool IsList(Probe probe, ProbeRequest request) =>
        probe.Method == "GET" && request.Made is { } made && made.Collection == request.Path;

    private static bool Names(Answer answer, Made made) =>
        answer.Json!.ToJsonString().Contains($"\"{made.Id}\"", StringComparison.Ordinal);

    private static async Task<string?> ShowAsync(Stage stage, ProbeRequest request) => request.Made is { } made
        ? (await stage.SendAsync("GET", made.Path, body: null, stage.Admin)).Is(200).Json!.ToJsonString()
        : null;
}
