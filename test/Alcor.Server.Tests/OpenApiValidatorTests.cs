using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

/// <summary>
/// The committed documents by the schema that the OpenAPI Initiative publishes, applied by JSON::Validator, which also
/// follows every reference: both of Debian, and neither written with our generator in mind.
/// </summary>
public sealed class OpenApiValidatorTests
{
    private const string Perl = "/usr/bin/perl";
    private const string Validator = "/usr/share/perl5/JSON/Validator/Schema/OpenAPIv3.pm";

    /// <summary>Of another version of OpenAPI the class is another one, which knows other rules.</summary>
    private const string Script = """
        my $schema = JSON::Validator->new->schema($ARGV[0])->schema;
        die ref $schema unless ref $schema eq 'JSON::Validator::Schema::OpenAPIv3';
        print "$_\n" for @{$schema->errors};
        """;

    [Theory]
    [InlineData("neutron")]
    [InlineData("alcor")]
    public async Task A_validator_of_others_finds_nothing_wrong(string name)
    {
        var result = await ValidateAsync(Committed(name));
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    public static TheoryData<string, string> Mistakes => new()
    {
        { "components/schemas/node", "/components/schemas/node" },
        { "paths/~1v1~1nodes/get/responses", "/paths/~1v1~1nodes/get/responses" },
        { "paths/~1v1~1nodes~1{id}/parameters/0/required", "/parameters/0" },
        { "info/title", "/info/title" },
    };

    /// <param name="removed">The JSON pointer of what a document has to have.</param>
    /// <param name="named">What the complaint must name.</param>
    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task It_would_notice_what_is_missing(string removed, string named)
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(
            Committed("alcor"), TestContext.Current.CancellationToken))!;
        var names = removed.Split('/').Select(name => name.Replace("~1", "/", StringComparison.Ordinal)).ToList();
        var parent = names.SkipLast(1).Aggregate(
            document, (node, name) => node is JsonArray items ? items[int.Parse(name)]! : node[name]!);
        Assert.True(parent.AsObject().Remove(names[^1]), $"there is no {removed}");
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, document.ToJsonString(), TestContext.Current.CancellationToken);
            var result = await ValidateAsync(path);
            Assert.Contains(named, result.Output + result.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Committed(string name) => Path.Combine(SourceTree.Root, $"docs/openapi/{name}.json");

    private static Task<Finished> ValidateAsync(string path)
    {
        Assert.SkipUnless(File.Exists(Validator), $"not installed: {Validator} (Debian's libjson-validator-perl)");
        return Programs.RunAsync(Perl, ["-MJSON::Validator", "-e", Script, path]);
    }
}
