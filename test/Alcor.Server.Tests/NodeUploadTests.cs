using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Alcor.Kernel;

namespace Alcor.Server.Tests;

public sealed class NodeUploadTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Upload = "/v1/nodes/upload";

    [Theory]
    [InlineData("list-{0}", "[{1}, {2}]")]
    [InlineData("object-{0}", "{\"nodes\": [{1}, {2}]}")]
    public async Task The_nodes_of_a_file_are_announced_whether_it_is_in_a_form_or_the_body(string name, string file)
    {
        foreach (var isForm in new[] { true, false })
        {
            var nodes = new[] { 1, 2 }.Select(number => Node(
                $"{name}-{isForm}-{number}".Replace("{0}", "x", StringComparison.Ordinal), "east")).ToArray();
            var text = file.Replace("{1}", nodes[0], StringComparison.Ordinal)
                .Replace("{2}", nodes[1], StringComparison.Ordinal);
            var answer = isForm ? await SendAsync(Form(File(text))) : await server.PostAsync(Upload, text);
            var made = answer.Is(201)["nodes"].AsArray();
            Assert.Equal(["east", "east"], made.Select(node => (string?)node!["zone"]));
            foreach (var node in made)
                (await server.GetAsync($"/v1/nodes/{node!["name"]}")).Is(200);
        }
    }

    [Fact]
    public async Task Defect_32_a_file_with_an_error_announces_nothing_and_says_which_item_and_attribute()
    {
        await RefuseAsync(
            """[{"name": "n1", "tunnel_address": "192.0.2.1"}, {"name": "n2"}]""", "tunnel_address", "item 1");
        await RefuseAsync(
            """[{"name": "n1", "tunnel_address": "192.0.2.1"}, {"name": "n2", "tunnel_address": "x"}]""",
            "tunnel_address",
            "item 1");
        await RefuseAsync(
            """[{"name": "n1", "tunnel_address": "192.0.2.1"}, {"name": "n 2", "tunnel_address": "192.0.2.2"}]""",
            "Invalid input for name",
            "Item 1");
        await RefuseAsync("""[{"name": "n1", "tunnel_address": "192.0.2.1", "color": "red"}]""", "color", "item 0");
        var twice = Node("n1");
        (await SendAsync(Form(File($"[{twice}, {twice}]")))).Error(409, "NodeExists");
        Assert.Empty(await server.ListAsync("/v1/nodes?name=n1&name=n2", "name"));
    }

    [Fact]
    public async Task A_form_that_is_not_one_file_is_refused()
    {
        Assert.Contains(
            "no file", (await SendAsync(Raw("--b--\r\n", "; boundary=b"))).Error(400), StringComparison.Ordinal);
        Assert.Contains(
            "takes one file", (await SendAsync(Form(File("[]"), File("[]")))).Error(400), StringComparison.Ordinal);
        var field = new StringContent("[]");
        field.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "note" };
        Assert.Contains("'note'", (await SendAsync(Form(field))).Error(400), StringComparison.Ordinal);
        (await SendAsync(Form(File("[{")))).Error(400, "HTTPBadRequest");
        (await SendAsync(Form(File("")))).Error(400);
        (await SendAsync(Form(File("[]")))).Error(400);
        const string cut = "--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n[";
        (await SendAsync(Raw(cut, "; boundary=b"))).Error(400, "HTTPBadRequest");
        (await SendAsync(Raw("x", ""))).Error(400, "HTTPBadRequest");
    }

    [Fact]
    public async Task A_file_is_as_large_as_a_body_may_be_and_has_as_many_nodes()
    {
        var large = new string(' ', ServerLimits.RequestBodyBytesMax + 1);
        (await SendAsync(Form(File(large)))).Error(413, "RequestEntityTooLarge");
        var many = string.Join(',', Enumerable.Range(0, Limits.BulkMax + 1).Select(number => Node($"m{number}")));
        Assert.Contains("5000", (await SendAsync(Form(File($"[{many}]")))).Error(400), StringComparison.Ordinal);
    }

    private async Task RefuseAsync(string file, params string[] words)
    {
        var answer = await SendAsync(Form(File(file)));
        answer.Error(400);
        Assert.All(words, word => Assert.Contains(word, answer.Json!.ToJsonString(), StringComparison.Ordinal));
    }

    private async Task<Answer> SendAsync(HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Upload) { Content = content };
        var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, JsonNode.Parse(text), response);
    }

    private static StringContent Raw(string body, string parameters)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data{parameters}");
        return content;
    }

    private static MultipartFormDataContent Form(params HttpContent[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var part in parts)
            form.Add(part);
        return form;
    }

    private static ByteArrayContent File(string text)
    {
        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        file.Headers.ContentDisposition =
            new ContentDispositionHeaderValue("form-data") { Name = "file", FileName = "nodes.json" };
        return file;
    }

    private static string Node(string name, string zone = "") =>
        $$"""{"name": "{{name}}", "tunnel_address": "192.0.2.1", "zone": "{{zone}}"}""";
}
