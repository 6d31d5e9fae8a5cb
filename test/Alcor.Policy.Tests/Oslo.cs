using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Policy.Tests;

/// <summary>A question for both: rules, who asks, and what about.</summary>
/// <param name="Rules">Names and expressions, or one text in YAML.</param>
/// <param name="Target">Texts, truth values and null.</param>
internal sealed record Question(JsonNode Rules, Caller Caller, JsonObject Target)
{
    /// <summary>The attributes as Python prints them.</summary>
    public TestTarget TestTarget => new(Target.Select(attribute => $"{attribute.Key}={Print(attribute.Value)}"));

    public string ToJson() => new JsonObject
    {
        ["rules"] = Rules.DeepClone(), ["creds"] = Credentials(), ["target"] = Target.DeepClone(),
    }.ToJsonString();

    private static string Print(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "None",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => value.ToString(),
    };

    /// <summary>As Neutron's context gives them to oslo.policy.</summary>
    private JsonObject Credentials()
    {
        var credentials = new JsonObject
        {
            ["user_id"] = Null(Caller.UserId), ["user"] = Null(Caller.UserId),
            ["project_id"] = Null(Caller.ProjectId), ["tenant_id"] = Null(Caller.ProjectId),
            ["tenant"] = Null(Caller.ProjectId), ["project_name"] = Null(Caller.ProjectName),
            ["tenant_name"] = Null(Caller.ProjectName), ["domain_id"] = Null(Caller.DomainId),
            ["domain"] = Null(Caller.DomainId), ["is_admin"] = Caller.IsAdmin, ["is_admin_project"] = true,
            ["system_scope"] = Caller.IsSystemScoped ? "all" : null,
            ["roles"] = new JsonArray([.. Caller.Roles.Select(role => (JsonNode)role)]),
            ["service_roles"] = new JsonArray([.. Caller.ServiceRoles.Select(role => (JsonNode)role)]),
        };
        if (Caller.IsSystemScoped)
            credentials["system"] = "all";
        return credentials;
    }

    private static JsonNode? Null(string text) => text.Length == 0 ? null : text;
}

/// <summary>oslo.policy itself, in Debian's Python.</summary>
internal static class Oslo
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Its answers to all questions, rule by rule; skips the test where it is not installed.</summary>
    public static async Task<List<Dictionary<string, bool>>> AskAsync(IReadOnlyList<Question> questions)
    {
        Assert.SkipUnless(File.Exists(Python), $"there is no {Python}");
        Assert.SkipUnless(
            (await RunAsync("", "-c", "import oslo_policy.policy")).ExitCode == 0,
            "python3-oslo.policy is not installed");
        var script = Path.Combine(SourceTree.Root, "test/Alcor.Policy.Tests/oslo_answers.py");
        var (exitCode, output) = await RunAsync(string.Join('\n', questions.Select(q => q.ToJson())), script);
        Assert.Equal(0, exitCode);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(questions.Count, lines.Length);
        return [.. lines.Select(line => JsonSerializer.Deserialize<Dictionary<string, bool>>(line)!)];
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string input, params string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Python, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(await error);
        return (process.ExitCode, await output);
    }
}
