using System.Text.Json.Nodes;

namespace Alcor.Policy.Tests;

/// <summary>oslo.policy itself is the judge of what rules say.</summary>
public sealed class OsloTests
{
    private const int Questions = 500;

    [Fact]
    public async Task Random_rules_say_what_they_say_to_oslo()
    {
        var random = new RandomQuestions(Seed.For(nameof(Random_rules_say_what_they_say_to_oslo)));
        List<Question> questions = [.. Enumerable.Range(0, Questions).Select(_ => random.Next())];
        var answers = await Oslo.AskAsync(questions);
        var allowed = 0;
        foreach (var (question, answer) in questions.Zip(answers))
            allowed += Compare(question, question.Rules.ToJsonString(), answer);
        // Both answers are frequent, or the comparison would say little.
        Assert.InRange(allowed, Questions, (RandomQuestions.RulesOfEach * Questions) - Questions);
    }

    [Fact]
    public async Task The_default_rules_say_to_everybody_what_they_say_to_oslo()
    {
        var path = Path.Combine(SourceTree.Root, "src/Alcor.Policy/DefaultRules.yaml");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        List<Question> questions =
        [
            .. from persona in Personas.All
                from target in Targets()
                select new Question(text, persona.Caller, (JsonObject)target.DeepClone()),
        ];
        foreach (var (question, answer) in questions.Zip(await Oslo.AskAsync(questions)))
            Compare(question, "", answer);
    }

    [Fact]
    public async Task What_is_an_error_here_refuses_everybody_there()
    {
        string[] malformed =
        [
            "role:a role:b", "(role:admin or role:b", "role:admin)", "role:admin and", "  ", "and role:admin", "()",
            "admin", "role:admin and or role:admin", "role:admin not role:b",
        ];
        var rules = new JsonObject(malformed.Select(text => KeyValuePair.Create(text, (JsonNode?)text)));
        var answers = await Oslo.AskAsync([new Question(rules, Personas.Admin, [])]);
        Assert.All(malformed, text =>
        {
            Assert.False(answers[0][text]);
            Assert.False(AccessPolicy.TryRead("f", new JsonObject { ["tried"] = text }.ToJsonString(), out _, out _));
        });
    }

    /// <summary>Compares all rules, and counts those that hold.</summary>
    private static int Compare(Question question, string file, Dictionary<string, bool> answer)
    {
        Assert.True(AccessPolicy.TryRead("f", file, out var policy, out var errors), string.Join('\n', errors));
        var (caller, target) = (policy.For(question.Caller), question.TestTarget);
        foreach (var (name, expected) in answer)
        {
            var rule = policy.Find(name)!;
            var actual = (caller.Allows(rule, target), rule.Check.Holds(question.Caller, target));
            Assert.True(actual == (expected, expected), $"oslo says {expected} to {name}, here {actual}: "
                + (file.Length > 0 ? question.ToJson() : $"{question.Caller}, {question.Target.ToJsonString()}"));
        }

        return answer.Count(pair => pair.Value);
    }

    private static IEnumerable<JsonObject> Targets() =>
        from project in new[] { "mine", "other" }
        from network in new[] { "mine", "other" }
        from shared in new[] { false, true }
        from external in new[] { false, true }
        select new JsonObject
        {
            ["project_id"] = project, ["tenant_id"] = project, ["network:tenant_id"] = network,
            ["network:project_id"] = network, ["ext_parent:tenant_id"] = network, ["ext_parent:project_id"] = network,
            ["security_group:tenant_id"] = network, ["security_group:project_id"] = network, ["shared"] = shared,
            ["router:external"] = external, ["device_owner"] = external ? "network:dhcp" : "compute:nova",
            ["target_tenant"] = shared ? "*" : project,
        };
}
