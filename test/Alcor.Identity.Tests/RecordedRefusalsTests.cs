using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Alcor.Server.Tests;

namespace Alcor.Identity.Tests;

/// <summary>
/// Requests that are wrong before any rule of a resource is asked: another method, an unknown path, a body that is
/// none, no token. Alcor answers each as OpenStack Neutron did when it was recorded, but for what a file tells with its
/// reason.
/// </summary>
[Collection(RealCloudCollection.Name)]
public sealed partial class RecordedRefusalsTests(RealCloud cloud)
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "test", "Alcor.Identity.Tests", "Session");
    private static readonly string Recorded = Path.Combine(Folder, "recorded-refusals.txt");
    private static readonly string Differences = Path.Combine(Folder, "refusals-differences.txt");

    /// <summary>Of the headers of an answer, those by which clients act. Allow Neutron leaves out.</summary>
    private static readonly string[] Headers = ["Content-Type", "WWW-Authenticate"];

    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_request_is_refused_as_Neutron_refused_it()
    {
        await using var server = new RunningServer(RunningServer.Options with { Keystone = cloud.Options });
        await server.InitializeAsync();
        var recorded = RecordedSession.Read(Recorded);
        recorded.Check(await ReplayAsync(new Uri(server.Server.Addresses[0]), recorded), Differences);
    }

    /// <summary>Only by hand: CONTRIBUTING says how.</summary>
    [Fact(Explicit = true)]
    public async Task Record_the_refusals_of_Neutron()
    {
        Assert.SkipWhen(NeutronServer.WhyNot() is not null, NeutronServer.WhyNot() ?? "");
        var recorded = RecordedSession.Read(Recorded);
        await using var neutron = await NeutronServer.StartAsync(cloud.Keystone.Url, Cancelled);
        var anew = await ReplayAsync(neutron.Url, recorded);
        await File.WriteAllTextAsync(Recorded, recorded.Header + anew.Text, Cancelled);
    }

    private async Task<RecordedSession> ReplayAsync(Uri service, RecordedSession requests)
    {
        var token = await cloud.IssueAsync("alice", "demo");
        using var http = new HttpClient();
        var answers = new List<RecordedStep>();
        foreach (var line in requests.Steps.Select(request => request.Line))
        {
            using var request = Request(line, service, token);
            using var response = await http.SendAsync(request, Cancelled);
            var headers = response.Headers.Concat(response.Content.Headers)
                .Where(header => Headers.Contains(header.Key))
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
            var body = Flat(await response.Content.ReadAsStringAsync(Cancelled));
            var said = headers.Order().Append(body).Where(text => text.Length > 0);
            answers.Add(new RecordedStep(
                $"{(int)response.StatusCode}", line, [.. said.Select(text => $"    {WithoutChance(text, service)}")]));
        }
        return requests with { Steps = answers };
    }

    /// <param name="line">Who, method, path; then, after a bar each, the type of the body, and the body.</param>
    private static HttpRequestMessage Request(string line, Uri service, string token)
    {
        var parts = line.Split(" | ");
        var words = parts[0].Split(' ');
        var request = new HttpRequestMessage(new HttpMethod(words[1]), new Uri(service, words[2]));
        if (words[0] != "nobody")
            request.Headers.Add("X-Auth-Token", words[0] == "demo" ? token : words[0]);
        if (parts.Length > 1)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(parts[2]));
            request.Content.Headers.ContentType = parts[1] == "none" ? null : MediaTypeHeaderValue.Parse(parts[1]);
        }
        return request;
    }

    /// <summary>In one line, and JSON without the spaces that mean nothing.</summary>
    private static string Flat(string body) => body.StartsWith('{')
        ? JsonNode.Parse(body)!.ToJsonString(Readable)
        : string.Join(' ', body.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private string WithoutChance(string text, Uri service) => Id().Replace(text, "{id}")
        .Replace(cloud.Keystone.Url.AbsoluteUri, "{keystone}", StringComparison.Ordinal)
        .Replace(service.AbsoluteUri, "{service}/", StringComparison.Ordinal);

    [GeneratedRegex(
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}", RegexOptions.None, 1000)]
    private static partial Regex Id();
}
