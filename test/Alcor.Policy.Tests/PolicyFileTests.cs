using Alcor.Kernel.Resources;

namespace Alcor.Policy.Tests;

/// <summary>What an operator's file changes, and what is said of one that cannot be read.</summary>
public sealed class PolicyFileTests
{
    private static readonly TestTarget Mine = new("project_id=mine");

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("{}")]
    [InlineData("null")]
    public void A_file_without_rules_changes_nothing(string text)
    {
        var policy = Read(text);
        Assert.Equal(AccessPolicy.Default.Rules.Select(r => r.Name).Order(), policy.Rules.Select(r => r.Name).Order());
        Assert.True(Allows(policy, "create_network", Personas.Member));
    }

    [Theory]
    [InlineData("\"create_network\": \"rule:admin_only\"\n")]
    [InlineData("create_network: rule:admin_only # nobody else\n")]
    [InlineData("{\"create_network\": \"rule:admin_only\"}")]
    public void A_rule_replaces_the_default_of_its_name(string text)
    {
        Assert.True(Allows(AccessPolicy.Default, "create_network", Personas.Member));
        var policy = Read(text);
        Assert.False(Allows(policy, "create_network", Personas.Member));
        Assert.True(Allows(policy, "create_network", Personas.Admin));
        Assert.True(Allows(policy, "create_port", Personas.Member));
    }

    [Fact]
    public void A_replaced_word_changes_all_rules_that_are_made_of_it()
    {
        var policy = Read("context_is_admin: role:cloud_admin\n");
        Assert.False(Allows(policy, "get_agent", Personas.Admin));
        Assert.True(Allows(policy, "get_agent", Personas.Of("operations", "cloud_admin")));
    }

    [Theory]
    [InlineData("get_agent:\n")]
    [InlineData("get_agent: ~\n")]
    [InlineData("get_agent: ''\n")]
    public void A_rule_of_nothing_always_holds(string text) =>
        Assert.True(Allows(Read(text), "get_agent", Personas.Of("nowhere")));

    [Fact]
    public void New_rules_may_be_referred_to()
    {
        var policy = Read("operator: role:operator\nget_agent: rule:operator or rule:admin_only\n");
        Assert.True(Allows(policy, "get_agent", Personas.Of("x", "operator")));
        Assert.False(Allows(policy, "get_agent", Personas.Member));
    }

    [Fact]
    public void A_missing_rule_is_the_default_rule()
    {
        const string missing = "get_agent: rule:missing\n";
        Assert.True(Allows(Read(missing), "get_agent", Personas.Reader));
        Assert.False(Allows(Read(missing), "get_agent", Personas.OtherMember));
        Assert.True(Allows(Read(missing + "default: '@'\n"), "get_agent", Personas.OtherMember));
        Assert.Null(AccessPolicy.Default.Find("get_nothing"));
        Assert.Equal("default", AccessPolicy.Default.FindOrDefault("get_nothing").Name);
    }

    [Theory]
    [InlineData("a: rule:a\n", "policy.yaml: rule a: it comes back to itself: a -> a")]
    [InlineData("a: rule:b or @\nb: not rule:a\n", "policy.yaml: rule a: it comes back to itself: a -> b -> a")]
    [InlineData("default: rule:missing\n", "it comes back to itself: default -> default")]
    [InlineData("- a\n- b\n", "policy.yaml: it is not one mapping from names of rules to expressions")]
    [InlineData("a: {b: c}\n", "policy.yaml: rule a: line 1: neither an expression nor a list of lists of checks")]
    [InlineData("\n\na: true\n", "policy.yaml: rule a: line 3: neither an expression nor")]
    [InlineData("a: 5\n", "policy.yaml: rule a: line 1: neither an expression nor")]
    [InlineData("a: [[['@']]]\n", "policy.yaml: rule a: line 1: neither an expression nor")]
    [InlineData("a: [[role]]\n", "policy.yaml: rule a: line 1, at 1 of the expression: 'role' is no check")]
    [InlineData("[a]: '@'\n", "policy.yaml: line 1: the name of a rule is not a text")]
    [InlineData("a: '@'\nb: 'x\n", "policy.yaml: line ")]
    [InlineData("a: '@'\na: '!'\n", "policy.yaml: line 2, column 1: Duplicate key a")]
    public void Errors_name_the_file_the_rule_and_the_reason(string text, string error)
    {
        Assert.False(AccessPolicy.TryRead("policy.yaml", text, out var policy, out var errors));
        Assert.Null(policy);
        Assert.Contains(errors, e => e.ToString().Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        Assert.False(AccessPolicy.TryRead("f", "a: role\nb: '@'\nc: (@\n", out _, out var errors));
        Assert.Equal(["a", "c"], errors.Select(error => error.Rule));
    }

    [Fact]
    public void References_are_followed_to_a_bounded_depth()
    {
        string Chain(int length) => string.Concat(Enumerable.Range(0, length).Select(i => $"r{i}: rule:r{i + 1}\n"))
            + $"r{length}: '@'\n";
        Assert.True(Allows(Read(Chain(PolicyLimits.DepthMax - 1)), "r0", Personas.Reader));
        Assert.False(AccessPolicy.TryRead("f", Chain(PolicyLimits.DepthMax), out _, out var errors));
        Assert.Contains("refers through more than", errors[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_counts_through_references()
    {
        // Each level alone is shallow; together they are not.
        var text = string.Concat(Enumerable.Range(0, 60).Select(i => $"r{i}: not (role:a and not rule:r{i + 1})\n"))
            + "r60: role:b\n";
        Assert.False(AccessPolicy.TryRead("f", text, out _, out var errors));
        Assert.Contains("nests deeper than", errors[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[', "")]
    [InlineData('[', "]")]
    [InlineData('{', "")]
    public void A_file_that_nests_for_ever_does_not_end_the_process(char open, string close)
    {
        const int levels = 200_000;
        var text = $"a: {new string(open, levels)}{string.Concat(Enumerable.Repeat(close, levels))}";
        Assert.False(AccessPolicy.TryRead("f", text, out _, out var errors));
        Assert.Contains("it nests deeper than", Assert.Single(errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_bounded()
    {
        var text = "# " + new string('x', PolicyLimits.FileCharactersMax);
        Assert.False(AccessPolicy.TryRead("f", text, out _, out var errors));
        Assert.Contains("it is longer than", errors[0].Reason, StringComparison.Ordinal);
        text = string.Concat(Enumerable.Range(0, PolicyLimits.RulesMax + 1).Select(i => $"r{i}: '@'\n"));
        Assert.False(AccessPolicy.TryRead("f", text, out _, out errors));
        Assert.Contains("it has more than", errors[0].Reason, StringComparison.Ordinal);
    }

    private static AccessPolicy Read(string text)
    {
        Assert.True(AccessPolicy.TryRead("policy.yaml", text, out var policy, out var errors),
            string.Join('\n', errors));
        return policy;
    }

    private static bool Allows(AccessPolicy policy, string rule, Caller caller) =>
        policy.For(caller).Allows(policy.Find(rule)!, Mine);
}
