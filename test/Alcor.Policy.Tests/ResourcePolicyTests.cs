using System.Text.Json;
using Alcor.Kernel;
using Alcor.Kernel.Resources;

namespace Alcor.Policy.Tests;

/// <summary>What the API asks about resources, and what it answers who is refused.</summary>
public sealed class ResourcePolicyTests
{
    private static readonly AccessPolicy Policy = AccessPolicy.Default;
    private static readonly ResourcePolicy Ports = Policy.ForResource("port");
    private static readonly ResourcePolicy Networks = Policy.ForResource("network");

    private static readonly TestTarget MyPort = new(
        "project_id=mine", "network:project_id=other", "network:shared=False", "device_owner=");

    [Fact]
    public void The_action_alone_is_asked_when_no_attribute_has_a_rule() =>
        Assert.Null(Create(Ports, Personas.Member, MyPort, ("name", "\"x\""), ("device_id", "\"y\"")));

    [Fact]
    public void Who_may_not_create_is_forbidden_to() =>
        RequireForbidden("rule:create_port", Create(Ports, Personas.Reader, MyPort, ("name", "\"x\"")));

    [Fact]
    public void The_message_names_the_rules_of_all_attributes_that_are_set() =>
        RequireForbidden(
            "((rule:create_port and rule:create_port:mac_address) and rule:create_port:binding:host_id)",
            Create(Ports, Personas.Member, MyPort,
                ("name", "\"x\""), ("mac_address", "\"fa:16:3e:00:00:01\""), ("binding:host_id", "\"h\"")));

    [Fact]
    public void Members_of_objects_in_lists_are_asked_for()
    {
        var shared = new TestTarget(
            "project_id=mine", "network:project_id=other", "network:shared=True", "device_owner=");
        Assert.Null(Create(Ports, Personas.Member, shared, ("fixed_ips", """[{"subnet_id": "s"}]""")));
        RequireForbidden(
            "(rule:create_port and (rule:create_port:fixed_ips and (rule:create_port:fixed_ips:subnet_id and "
            + "rule:create_port:fixed_ips:ip_address)))",
            Create(Ports, Personas.Member, shared,
                ("fixed_ips", """[{"subnet_id": "s", "note": 1}, {"ip_address": "192.0.2.1"}]""")));
        var own = new TestTarget("project_id=mine", "network:project_id=mine", "device_owner=");
        Assert.Null(Create(Ports, Personas.Member, own, ("fixed_ips", """[{"ip_address": "192.0.2.1"}]""")));
    }

    [Fact]
    public void Members_of_objects_are_asked_for()
    {
        var routers = Policy.ForResource("router");
        var target = new TestTarget("project_id=mine");
        Assert.Null(Create(routers, Personas.Member, target, ("external_gateway_info", """{"network_id": "n"}""")));
        RequireForbidden(
            "(rule:create_router and (rule:create_router:external_gateway_info and "
            + "(rule:create_router:external_gateway_info:network_id and "
            + "rule:create_router:external_gateway_info:enable_snat)))",
            Create(routers, Personas.Member, target,
                ("external_gateway_info", """{"network_id": "n", "enable_snat": false}""")));
        Assert.Null(Create(routers, Personas.Member, target, ("external_gateway_info", "null")));
    }

    [Fact]
    public void A_device_of_the_network_is_only_for_who_runs_it()
    {
        var router = new TestTarget("project_id=mine", "network:project_id=other", "device_owner=network:router");
        (string, string)[] set = [("device_owner", "\"network:router\"")];
        RequireForbidden("(rule:create_port and rule:create_port:device_owner)",
            Create(Ports, Personas.Member, router, set));
        Assert.Null(Create(Ports, Personas.Admin, router, set));
        Assert.Null(Create(Ports, Personas.Member, MyPort, ("device_owner", "\"compute:nova\"")));
    }

    [Fact]
    public void An_update_is_forbidden_to_who_may_see_and_else_hidden()
    {
        Assert.Null(Update(Personas.Member, ("name", "\"x\"")));
        RequireForbidden("rule:update_port", Update(Personas.Reader, ("name", "\"x\"")));
        RequireForbidden("(rule:update_port and rule:update_port:mac_address)",
            Update(Personas.Member, ("mac_address", "\"fa:16:3e:00:00:01\"")));
        // The owner of the network sees the port.
        RequireForbidden("rule:update_port", Update(Personas.OtherMember, ("name", "\"x\"")));
        Assert.Equal(new ApiError(404, "HTTPNotFound", "The resource could not be found."),
            Update(Personas.Of("third", "member", "reader"), ("name", "\"x\"")));

        static ApiError? Update(Caller caller, params (string, string)[] set) =>
            Ports.RefuseUpdate(Policy.For(caller), MyPort, Attributes(set));
    }

    [Fact]
    public void A_deletion_is_forbidden_to_who_may_see_and_else_hidden()
    {
        var shared = new TestTarget("project_id=mine", "shared=True", "router:external=False");
        Assert.Null(Networks.RefuseDelete(Policy.For(Personas.Member), shared));
        RequireForbidden("rule:delete_network", Networks.RefuseDelete(Policy.For(Personas.OtherMember), shared));
        var hidden = new TestTarget("project_id=mine", "shared=False", "router:external=False");
        Assert.Equal(PolicyErrors.Hidden, Networks.RefuseDelete(Policy.For(Personas.OtherMember), hidden));
    }

    [Fact]
    public void An_action_of_its_own_is_refused_the_same_way()
    {
        var rule = Policy.Find("add_router_interface")!;
        var routers = Policy.ForResource("router");
        var target = new TestTarget("project_id=mine");
        Assert.Null(routers.RefuseAction(rule, Policy.For(Personas.Member), target));
        RequireForbidden("rule:add_router_interface",
            routers.RefuseAction(rule, Policy.For(Personas.Reader), target));
        Assert.Equal(PolicyErrors.Hidden, routers.RefuseAction(rule, Policy.For(Personas.OtherMember), target));
    }

    [Fact]
    public void Attributes_with_a_rule_are_shown_to_whom_it_allows()
    {
        Assert.Equal(
            ["binding:host_id", "binding:profile", "binding:vif_details", "binding:vif_type", "resource_request"],
            Ports.AttributesWithRule);
        var (admin, member) = (Policy.For(Personas.Admin), Policy.For(Personas.Member));
        Assert.True(Ports.ShowsAttribute(admin, MyPort, "binding:host_id"));
        Assert.False(Ports.ShowsAttribute(member, MyPort, "binding:host_id"));
        Assert.True(Ports.ShowsAttribute(member, MyPort, "name"));
        Assert.Equal((true, false, true), (Ports.ShowsAttributeOfAny(admin, "binding:host_id"),
            Ports.ShowsAttributeOfAny(member, "binding:host_id"), Ports.ShowsAttributeOfAny(member, "name")));
    }

    [Fact]
    public void What_depends_on_the_target_is_not_answered_without_it()
    {
        Assert.True(AccessPolicy.TryRead("f", "get_port:name: rule:owner or rule:admin_only", out var policy, out _));
        var ports = policy.ForResource("port");
        Assert.Null(ports.ShowsAttributeOfAny(policy.For(Personas.Member), "name"));
        Assert.True(ports.ShowsAttributeOfAny(policy.For(Personas.Admin), "name"));
        Assert.True(policy.Find("get_port:name")!.DependsOnTarget);
        Assert.False(policy.Find("admin_only")!.DependsOnTarget);
    }

    [Fact]
    public void A_type_without_rules_is_judged_by_the_default_rule()
    {
        var things = Policy.ForResource("thing");
        var target = new TestTarget("project_id=mine");
        Assert.True(things.Shows(Policy.For(Personas.Reader), target));
        Assert.False(things.Shows(Policy.For(Personas.OtherMember), target));
        RequireForbidden("rule:create_thing", Create(things, Personas.OtherMember, target));
    }

    [Fact]
    public void A_rule_of_another_policy_is_a_mistake()
    {
        Assert.True(AccessPolicy.TryRead("f", "", out var other, out _));
        Assert.Throws<InvariantException>(
            () => Policy.For(Personas.Member).Allows(other.Find("create_port")!, MyPort));
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var caller = Policy.For(Personas.Member);
        var attributes = Attributes(("name", "\"x\""), ("device_owner", "\"compute:nova\""));
        long allocated = 1;
        // The first rounds fold the rules and compile the code.
        for (var round = 0; round < 100 && allocated > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                Assert.Null(Policy.ForResource("port").RefuseCreate(Policy.For(Personas.Member), MyPort, attributes));
                Assert.False(Ports.ShowsAttribute(caller, MyPort, "binding:host_id"));
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static ApiError? Create(
        ResourcePolicy resource, Caller caller, TestTarget target, params (string, string)[] set) =>
        resource.RefuseCreate(Policy.For(caller), target, Attributes(set));

    private static SetAttribute[] Attributes(params (string Name, string Json)[] set) =>
        [.. set.Select(pair => new SetAttribute(pair.Name, JsonDocument.Parse(pair.Json).RootElement))];

    private static void RequireForbidden(string rules, ApiError? error) =>
        Assert.Equal(new ApiError(403, "PolicyNotAuthorized", $"{rules} is disallowed by policy"), error);
}
