using System.Text;
using Alcor.Kernel.Resources;

namespace Alcor.Policy.Tests;

/// <summary>Who may do what by default.</summary>
public sealed class DefaultRulesTests
{
    private static readonly AccessPolicy Policy = AccessPolicy.Default;

    /// <summary>Of the project "mine", in a network of "third"; nothing is shared.</summary>
    private static readonly TestTarget Own = new(
        "project_id=mine", "network:project_id=third", "security_group:project_id=third",
        "ext_parent:project_id=third", "shared=False", "router:external=False", "device_owner=network:dhcp",
        "target_tenant=*");

    [Fact]
    public void The_table_of_all_rules_is_as_reviewed()
    {
        var text = new StringBuilder("Who may do what with a resource of the project \"mine\", in nothing shared.\n\n");
        var names = Personas.All.Select(persona => persona.Name).ToList();
        text.AppendLine($"{"",-50} {string.Join("  ", names)}");
        foreach (var rule in Policy.Rules.OrderBy(rule => rule.Name, StringComparer.Ordinal))
        {
            var answers = Personas.All.Select(persona =>
                (Policy.For(persona.Caller).Allows(rule, Own) ? "yes" : "-").PadRight(persona.Name.Length));
            text.AppendLine($"{rule.Name,-50} {string.Join("  ", answers)}".TrimEnd());
        }

        Golden.Check("test/Alcor.Policy.Tests/default-rules.txt", text.ToString());
    }

    [Fact]
    public void The_administrator_may_do_everything()
    {
        // Words such as "owner" are no actions, and say nothing of the administrator.
        string[] actions = ["create_", "get_", "update_", "delete_", "add_", "remove_"];
        var asked = Policy.Rules.Where(rule => actions.Any(a => rule.Name.StartsWith(a, StringComparison.Ordinal)));
        Caller[] administrators = [Personas.Admin, Personas.AdminAlone, Personas.SystemAdmin];
        Assert.All(asked, rule =>
            Assert.All(administrators, caller => Assert.True(Policy.For(caller).AllowsAny(rule), rule.Name)));
    }

    [Fact]
    public void Who_only_reads_changes_nothing_that_is_not_below_a_resource_of_its_own()
    {
        string[] actions = ["create_", "update_", "delete_", "add_", "remove_"];
        var changing = Policy.Rules
            .Where(rule => actions.Any(action => rule.Name.StartsWith(action, StringComparison.Ordinal)))
            .Where(rule => !rule.Name.Contains(':', StringComparison.Ordinal));
        Assert.All(changing, rule => Assert.False(Policy.For(Personas.Reader).Allows(rule, Own), rule.Name));
    }

    [Theory]
    [InlineData("get_network", "shared=True")]
    [InlineData("get_network", "router:external=True")]
    [InlineData("get_network:router:external", "router:external=True")]
    [InlineData("get_subnet", "network:shared=True")]
    [InlineData("get_subnetpool", "shared=True")]
    [InlineData("get_address_scope", "shared=True")]
    [InlineData("get_address_group", "shared=True")]
    [InlineData("get_security_group", "shared=True")]
    [InlineData("get_policy", "shared=True")]
    [InlineData("get_policy_bandwidth_limit_rule", "ext_parent:shared=True")]
    [InlineData("update_policies_tags", "shared=True")]
    [InlineData("get_port", "network:project_id=other")]
    [InlineData("delete_port", "network:project_id=other")]
    [InlineData("create_subnet", "network:project_id=other")]
    [InlineData("create_port:mac_address", "network:project_id=other")]
    [InlineData("create_port:fixed_ips", "network:shared=True")]
    [InlineData("get_security_group_rule", "security_group:project_id=other")]
    [InlineData("create_floatingip_port_forwarding", "ext_parent:project_id=other")]
    public void Others_are_let_in_by(string rule, string attribute)
    {
        var other = Policy.For(Personas.OtherMember);
        var found = Policy.Find(rule)!;
        Assert.True(other.Allows(found, new TestTarget("project_id=mine", attribute)));
        // A rule that lets everybody in would make the line above say nothing.
        if (found.Name != "get_network:router:external")
            Assert.False(other.Allows(found, new TestTarget("project_id=mine")));
    }

    [Theory]
    [InlineData("*", false)]
    [InlineData("p2", true)]
    public void Only_the_administrator_shares_with_everybody(string whom, bool member)
    {
        var rule = Policy.Find("create_rbac_policy:target_tenant")!;
        var target = new TestTarget("project_id=mine", $"target_tenant={whom}");
        Assert.Equal(member, Policy.For(Personas.Member).Allows(rule, target));
        Assert.True(Policy.For(Personas.Admin).Allows(rule, target));
    }
}
