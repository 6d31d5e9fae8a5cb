using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Server.Api.OpenApi;
using Alcor.Server.Identity;
using Microsoft.OpenApi;

namespace Alcor.Server.Tests;

public sealed class OpenApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("neutron")]
    [InlineData("alcor")]
    public async Task The_committed_document_is_the_one_that_is_served(string name)
    {
        var served = await server.Http.GetStringAsync($"/openapi/{name}.json", TestContext.Current.CancellationToken);
        Golden.Check($"docs/openapi/{name}.json", served);
    }

    [Theory]
    [InlineData("neutron")]
    [InlineData("alcor")]
    public async Task An_independent_reader_finds_nothing_wrong_with_the_document(string name)
    {
        var served = await server.Http.GetStringAsync($"/openapi/{name}.json", TestContext.Current.CancellationToken);
        var read = OpenApiDocument.Parse(served, "json");
        Assert.Empty(read.Diagnostic!.Errors.Select(error => error.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => warning.ToString()));
        Assert.NotEmpty(read.Document!.Paths);
    }

    [Fact]
    public async Task Every_operation_of_the_document_answers_and_no_other_method_does()
    {
        var paths = (await server.GetAsync("/openapi/neutron.json")).Is(200)["paths"].AsObject();
        const string noRoute = "The resource could not be found.";
        var methods = new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch };
        foreach (var (template, item) in paths)
        {
            var path = string.Join('/', template.Split('/').Select(part =>
                part == "{alias}" ? "provider" : part.StartsWith('{') ? "missing" : part));
            foreach (var method in methods)
            {
                var isThere = item!.AsObject().ContainsKey(method.Method.ToLowerInvariant());
                var answer = await server.SendAsync(method, path, method == HttpMethod.Get ? null : "{}");
                Assert.True(answer.Status != 405 == isThere, $"{method} {template}: {answer.Status}");
                if (isThere)
                    Assert.True(answer.Status is 200 or 204 or 400 or 409 || answer.Error(404) is not noRoute);
            }
        }
    }

    [Fact]
    public async Task Every_route_is_in_the_document_and_every_operation_of_it_is_a_route()
    {
        var document = Operations(await DocumentAsync())
            .Concat(Operations((await server.GetAsync("/openapi/alcor.json")).Is(200).Json!))
            .Select(o => (o.Method, Path: o.Path.Replace(".json", "", StringComparison.Ordinal)));
        Assert.Equal(server.Server.Routes.Order(), document.Order());
    }

    [Theory]
    [InlineData("neutron")]
    [InlineData("alcor")]
    public async Task Every_operation_has_a_name_of_its_own_and_is_in_one_described_group(string name)
    {
        var document = (await server.GetAsync($"/openapi/{name}.json")).Is(200).Json!;
        var operations = Operations(document).Select(o => o.Operation).ToList();
        var groups = document["tags"]!.AsArray().ToDictionary(
            tag => (string)tag!["name"]!, tag => (string?)tag!["description"]);
        Assert.All(groups, group => Assert.False(
            string.IsNullOrEmpty(group.Value), $"{group.Key} is in no {nameof(DocumentGroup)}"));
        Assert.All(operations, operation => Assert.Contains((string)operation["tags"]!.AsArray().Single()!, groups));
        Assert.DoesNotContain(operations.CountBy(o => (string)o["operationId"]!), id => id.Value > 1);
    }

    [Theory]
    [InlineData("neutron")]
    [InlineData("alcor")]
    public async Task Every_operation_that_needs_a_caller_tells_of_a_missing_one(string name)
    {
        var document = (await server.GetAsync($"/openapi/{name}.json")).Is(200).Json!;
        foreach (var (method, path, operation) in Operations(document))
        {
            var responses = operation["responses"]!.AsObject();
            var isOpen = RequestGate.IsOpen(path);
            Assert.True(responses.ContainsKey("401") != isOpen, $"{method} {path} and 401");
            Assert.True(method == "GET" || responses.ContainsKey("403"), $"{method} {path} and 403");
        }
    }

    [Fact]
    public async Task Lists_tell_of_the_filters_by_tags_and_time()
    {
        var paths = (await DocumentAsync())["paths"]!;
        var filters = paths["/v2.0/networks"]!["get"]!["parameters"]!.AsArray()
            .Select(parameter => (string)parameter!["name"]!);
        Assert.Empty(new[] { "tags", "tags-any", "not-tags", "not-tags-any", "changed_since" }.Except(filters));
    }

    [Fact]
    public async Task Every_attribute_is_in_the_document_as_what_it_may_be()
    {
        var schemas = (await server.GetAsync("/openapi/neutron.json"))["components"]["schemas"]!;
        var writable = NetworkCatalog.Commands(new NetworkSettings()).ToDictionary(commands => commands.Type);
        foreach (var type in writable.Keys.Concat(NetworkCatalog.ReadOnly))
        {
            Assert.Equal(type.Attributes.Where(a => a.IsVisible).Select(a => a.Name), Names(schemas[type.Name]!));
            if (!writable.TryGetValue(type, out var commands))
                continue;
            if (commands.Verbs.HasFlag(Verbs.Create))
            {
                var create = schemas[$"{type.Name}_create"]!;
                Assert.Equal(
                    type.Attributes.Where(a => a.InCreate != Presence.NotAllowed).Select(a => a.Name), Names(create));
                Assert.Equal(
                    type.Attributes.Where(a => a.InCreate == Presence.Required).Select(a => a.Name),
                    create["required"]?.AsArray().Select(name => (string)name!) ?? []);
            }
            if (commands.Verbs.HasFlag(Verbs.Update))
            {
                Assert.Equal(
                    type.Attributes.Where(a => a.InUpdate).Select(a => a.Name), Names(schemas[$"{type.Name}_update"]!));
            }
        }
    }

    private async Task<JsonNode> DocumentAsync() => (await server.GetAsync("/openapi/neutron.json")).Is(200).Json!;

    private static IEnumerable<(string Method, string Path, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from member in path.Value!.AsObject()
        where member.Key != "parameters"
        select (member.Key.ToUpperInvariant(), path.Key, member.Value);

    private static IEnumerable<string> Names(JsonNode schema) =>
        schema["properties"]!.AsObject().Select(member => member.Key);
}
