using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Policy.Tests;

/// <summary>Small worlds of rules that use all of the language, with few values so that they often match.</summary>
internal sealed class RandomQuestions(Random random)
{
    public const int RulesOfEach = 4;

    private static readonly string[] Leaves =
    [
        "@", "!", "role:admin", "role:Member", "role:%(name)s", "role:%(absent)s", "roles:reader", "roles:Reader",
        "service_roles:service", "project_id:%(project_id)s", "project_id:a", "project_id:%(nothing)s",
        "project_id:%(absent)s", "tenant_id:%(tenant_id)s", "user_id:%(user_id)s", "user:u1", "tenant:a",
        "project_name:%(name)s", "domain_id:%(nothing)s", "domain:None", "is_admin:True", "is_admin:%(shared)s",
        "is_admin_project:True", "system_scope:all", "system_scope:None", "system:all", "system:None",
        "no_such_thing:%(name)s", "a.b-c:x", "'blue':%(name)s", "\"blue\":%(name)s", "'a':%(project_id)s",
        "None:%(nothing)s", "None:%(absent)s", "True:%(shared)s", "False:%(shared)s", "5:%(count)s", "-1:-1",
        "'x-blue-a%':x-%(name)s-%(project_id)s%%", "'':%(name)s", "field:networks:shared=True",
        "field:networks:shared=False", "field:port:name=~^bl", "field:port:name=~.*[ue]$", "field:port:name=blue",
        "field:port:nothing=None", "field:port:absent=x", "rule:missing",
    ];

    public Question Next()
    {
        var rules = new JsonObject { ["default"] = Expression(depth: 2, below: 0) };
        for (var i = 0; i < RulesOfEach; i++)
            rules[$"r{i}"] = random.Next(8) == 0 ? Lists(i) : Expression(depth: 4, below: i);
        return new Question(rules, Caller(), Target());
    }

    private string Expression(int depth, int below) => random.Next(depth == 0 ? 1 : 7) switch
    {
        0 or 1 => Leaf(below),
        2 => $"{Word("not")} {Expression(depth - 1, below)}",
        3 or 4 => $"{Expression(depth - 1, below)} {Word("and")} {Expression(depth - 1, below)}",
        5 => $"{Expression(depth - 1, below)} {Word("or")} {Expression(depth - 1, below)}",
        _ => $"({Expression(depth - 1, below)}{(random.Next(2) == 0 ? " " : "")})",
    };

    /// <summary>References go to rules before, so that none comes back; the default rule refers to none.</summary>
    private string Leaf(int below) => random.Next(6) == 0 && below > 0
        ? $"rule:r{random.Next(below)}"
        : below == 0 ? Leaves[random.Next(Leaves.Length - 1)] : Leaves[random.Next(Leaves.Length)];

    private JsonArray Lists(int below) =>
    [
        .. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(3) == 0
            ? (JsonNode)Leaf(below)
            : new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => (JsonNode)Leaf(below))])),
    ];

    private string Word(string word) => random.Next(5) == 0 ? word.ToUpperInvariant() : word;

    private Caller Caller() => new()
    {
        UserId = Pick("u1", "u2"),
        ProjectId = Pick("a", "b", ""),
        ProjectName = Pick("blue", ""),
        DomainId = Pick("d", ""),
        IsSystemScoped = random.Next(3) == 0,
        IsAdmin = random.Next(2) == 0,
        Roles = [.. new[] { "admin", "member", "reader", "blue" }.Where(_ => random.Next(2) == 0)],
        ServiceRoles = [.. new[] { "service" }.Where(_ => random.Next(2) == 0)],
    };

    private JsonObject Target()
    {
        var project = Pick("a", "b");
        return new JsonObject
        {
            ["project_id"] = project, ["tenant_id"] = project, ["user_id"] = Pick("u1", "u2"),
            ["name"] = Pick("blue", "Admin", ""), ["shared"] = random.Next(2) == 0, ["nothing"] = null,
            ["count"] = Pick("5", "6"),
        };
    }

    private string Pick(params string[] texts) => texts[random.Next(texts.Length)];
}
