using Alcor.Kernel.Resources;

namespace Alcor.Policy.Tests;

/// <summary>The language of oslo.policy, with Neutron's additions.</summary>
public sealed class LanguageTests
{
    private static readonly Caller Somebody = new()
    {
        UserId = "u1", ProjectId = "p1", ProjectName = "blue", Roles = ["member", "reader"],
        ServiceRoles = ["service"],
    };

    private static readonly TestTarget Thing = new(
        "project_id=p1", "user_id=u2", "shared=True", "name=blue", "nothing=None", "count=5", "text.with.dots=x",
        "network:project_id=p1", "network:shared=False", "ext_parent:project_id=p2", "owner=network:dhcp",
        "role=Member", "router:external=False");

    [Theory]
    [InlineData("", true)]
    [InlineData("@", true)]
    [InlineData("!", false)]
    [InlineData("not !", true)]
    [InlineData("not not !", false)]
    [InlineData("NOT ! AND @", true)]
    [InlineData("@ or @ and !", true)]
    [InlineData("! and @ or @", true)]
    [InlineData("(@ or @) and !", false)]
    [InlineData("not ! and !", false)]
    [InlineData("not (! and !)", true)]
    [InlineData("( ( @ ) )", true)]
    public void Operators(string expression, bool holds) => Require(expression, holds);

    [Theory]
    [InlineData("role:member", true)]
    [InlineData("role:MEMBER", true)]
    [InlineData("role:admin", false)]
    [InlineData("role:%(role)s", true)]
    [InlineData("role:%(absent)s", false)]
    [InlineData("roles:member", true)]
    [InlineData("roles:MEMBER", false)] // only role: is without case
    [InlineData("service_roles:service", true)]
    [InlineData("service_roles:admin", false)]
    public void Roles(string expression, bool holds) => Require(expression, holds);

    [Theory]
    [InlineData("project_id:%(project_id)s", true)]
    [InlineData("project_id:p1", true)]
    [InlineData("project_id:%(user_id)s", false)]
    [InlineData("project_id:%(absent)s", false)]
    [InlineData("tenant_id:%(tenant_id)s", true)]
    [InlineData("tenant_id:%(network:tenant_id)s", true)]
    [InlineData("tenant_id:%(network_tenant_id)s", true)]
    [InlineData("tenant_id:%(ext_parent:tenant_id)s", false)]
    [InlineData("project_id:%(tenant_id)s", true)]
    [InlineData("user_id:%(user_id)s", false)]
    [InlineData("user_id:%(nothing)s", false)]
    [InlineData("domain_id:%(nothing)s", true)] // none is None, and what is null is as well
    [InlineData("project_name:%(name)s", true)]
    [InlineData("is_admin:True", false)]
    [InlineData("is_admin:False", true)]
    [InlineData("is_admin_project:True", true)]
    [InlineData("system_scope:all", false)]
    [InlineData("system_scope:None", true)]
    [InlineData("system:None", false)] // not there at all, unlike system_scope
    [InlineData("no_such_thing:None", false)]
    [InlineData("user_id.name:u1", false)]
    public void Attributes_of_the_caller(string expression, bool holds) => Require(expression, holds);

    [Theory]
    [InlineData("'blue':%(name)s", true)]
    [InlineData("\"blue\":%(name)s", true)]
    [InlineData("'Blue':%(name)s", false)]
    [InlineData("'':%(name)s", false)]
    [InlineData("None:%(nothing)s", true)]
    [InlineData("None:%(absent)s", false)]
    [InlineData("True:%(shared)s", true)]
    [InlineData("False:%(shared)s", false)]
    [InlineData("5:%(count)s", true)]
    [InlineData("'a-blue-p1%':a-%(name)s-%(project_id)s%%", true)]
    [InlineData("'a-':a-%(absent)s", false)]
    [InlineData("'x':%(text.with.dots)s", true)]
    public void Literals(string expression, bool holds) => Require(expression, holds);

    [Theory]
    [InlineData("field:networks:shared=True", true)]
    [InlineData("field:networks:shared=true", true)]
    [InlineData("field:networks:shared=False", false)]
    [InlineData("field:networks:router:external=True", false)]
    [InlineData("field:port:owner=~^network:", true)]
    [InlineData("field:port:owner=~work:", false)] // from the start
    [InlineData("field:port:owner=~.*d.cp$", true)]
    [InlineData("field:port:owner=network:dhcp", true)]
    [InlineData("field:port:owner=network", false)]
    [InlineData("field:port:absent=~.*", false)]
    [InlineData("field:port:nothing=None", false)]
    [InlineData("not field:port:absent=x", true)]
    public void Fields(string expression, bool holds) => Require(expression, holds);

    [Fact]
    public void A_resource_in_a_shared_network_is_as_shared_as_the_network()
    {
        var rule = Read("field:networks:shared=True").Find("tried")!;
        var view = rule.Policy.For(Somebody);
        Assert.True(view.Allows(rule, new TestTarget("network:shared=True")));
        Assert.False(view.Allows(rule, new TestTarget("network:shared=True", "shared=False")));
        Assert.False(view.Allows(rule, new TestTarget()));
    }

    [Fact]
    public void A_system_scope_is_seen()
    {
        var rule = Read("system_scope:all and system:all").Find("tried")!;
        Assert.True(rule.Policy.For(Personas.SystemAdmin).AllowsAny(rule));
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("[[]]", false)]
    [InlineData("[\"role:member\"]", true)]
    [InlineData("[[\"role:member\", \"!\"], \"role:reader\"]", true)]
    [InlineData("[[\"role:member\", \"!\"], [\"role:reader\", \"role:admin\"]]", false)]
    [InlineData("[[], [\"rule:admin_only\"], [\"project_id:%(project_id)s\"]]", true)]
    public void Lists_as_of_old(string list, bool holds) => RequireFile($"{{\"tried\": {list}}}", holds);

    [Theory]
    [InlineData("role:a role:b", "at 8 of the expression: 'and' or 'or' is missing before 'role:b'")]
    [InlineData("(role:a or role:b", "at 1 of the expression: there is no ')' for this '('")]
    [InlineData("role:a)", "at 7 of the expression: there is no '(' for this ')'")]
    [InlineData("(role:a role:b)", "at 9 of the expression: 'and', 'or' or ')' is missing before 'role:b'")]
    [InlineData("role:a and", "at 11 of the expression: the expression ends where a check is expected")]
    [InlineData("  ", "at 3 of the expression: the expression ends where a check is expected")]
    [InlineData("and role:a", "at 1 of the expression: 'and' stands where a check is expected")]
    [InlineData("role:a and or role:b", "at 12 of the expression: 'or' stands where a check is expected")]
    [InlineData("()", "at 2 of the expression: ')' stands where a check is expected")]
    [InlineData("@ or admin", "at 6 of the expression: 'admin' is no check, which is '@', '!' or 'kind:match'")]
    [InlineData("project_id:%(x)", "at 1 of the expression: 'project_id:%(x' has")]
    [InlineData("project_id:%(x)d", "'%(x)d' has a % that is neither %(attribute)s nor %%")]
    [InlineData("project_id:50%", "'50%' has a % that is neither %(attribute)s nor %%")]
    [InlineData("tenant_id:p1", "'tenant_id:p1' is not tenant_id:%(attribute)s")]
    [InlineData("field:shared=True", "'field:shared=True' is not field:resource:attribute=value")]
    [InlineData("field:networks:shared", "is not field:resource:attribute=value")]
    [InlineData("field:port:name=~[", "'[' is no regular expression that is understood here")]
    [InlineData("field:port:name=~(?=a)b", "'(?=a)b' is no regular expression that is understood here")]
    [InlineData("http://example.org/%(name)s", "a policy that asks another server is not supported")]
    [InlineData("1.5:%(name)s", "'1.5' is neither an attribute of the caller nor a literal")]
    [InlineData(":x", "'' is neither an attribute of the caller nor a literal")]
    [InlineData("not user_domain_id:x", "at 5 of the expression: 'user_domain_id' is not known of a caller here")]
    public void Errors_name_the_place_and_the_reason(string expression, string reason)
    {
        Assert.False(AccessPolicy.TryRead("policy.yaml", File(expression), out _, out var errors));
        var error = Assert.Single(errors).ToString();
        Assert.StartsWith("policy.yaml: rule tried: line 1, at ", error, StringComparison.Ordinal);
        // A parenthesis at the end of a word is not the check's, so that this one is cut off first.
        Assert.Contains(reason.Replace("'project_id:%(x' has", "'%(x' has", StringComparison.Ordinal), error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        var deep = PolicyLimits.DepthMax + 1;
        Require($"{new string('(', deep - 1)}@{new string(')', deep - 1)}", true);
        Assert.False(AccessPolicy.TryRead(
            "f", File($"{new string('(', deep)}@{new string(')', deep)}"), out _, out var errors));
        Assert.Contains($"at {deep} of the expression: it nests deeper than", errors[0].Reason,
            StringComparison.Ordinal);
    }

    private static string File(string expression) =>
        $"tried: '{expression.Replace("'", "''", StringComparison.Ordinal)}'";

    private static AccessPolicy Read(string expression) => ReadFile(File(expression));

    private static AccessPolicy ReadFile(string text)
    {
        Assert.True(AccessPolicy.TryRead("test.yaml", text, out var policy, out var errors), string.Join('\n', errors));
        return policy;
    }

    private static void Require(string expression, bool holds) => RequireFile(File(expression), holds);

    private static void RequireFile(string text, bool holds)
    {
        var policy = ReadFile(text);
        var rule = policy.Find("tried")!;
        Assert.Equal(holds, policy.For(Somebody).Allows(rule, Thing));
        Assert.Equal(holds, rule.Check.Holds(Somebody, Thing));
    }
}
