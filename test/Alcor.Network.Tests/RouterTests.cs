using Alcor.Kernel.Resources;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.Tests;

public sealed class RouterTests
{
    private readonly World world = new();

    [Fact]
    public async Task An_interface_takes_the_gateway_address_of_its_subnet()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var router = await world.RouterAsync();
        var changed = await world.AddInterfaceAsync(router, subnet);
        Assert.Equal([subnet], changed.Changed!.SubnetIds);
        var port = await world.FindAsync(Port.Type, changed.Changed.PortId);
        Assert.Equal("10.0.0.1", port!.Value.Value.FixedIps.Single().IpAddress.ToString());
        Assert.Equal(("network:router_interface", router), (port.Value.Value.DeviceOwner, port.Value.Value.DeviceId));
        Assert.Equal("project", port.Value.Value.ProjectId);
    }

    [Fact]
    public async Task Two_routers_cannot_both_be_the_gateway_of_a_subnet()
    {
        var subnet = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        await world.AddInterfaceAsync(await world.RouterAsync(), subnet);
        var second = await world.TryAddInterfaceAsync(await world.RouterAsync(), $$"""{"subnet_id": "{{subnet}}"}""");
        Assert.Equal("IpAddressAlreadyAllocated", second.Error!.Type);
    }

    [Fact]
    public async Task IPv6_subnets_of_a_network_share_one_port_and_leave_it_one_by_one()
    {
        var network = await world.NetworkAsync();
        var first = await world.SubnetAsync(network, "fd00:1::/64");
        var second = await world.SubnetAsync(network, "fd00:2::/64");
        var router = await world.RouterAsync();
        var one = await world.AddInterfaceAsync(router, first);
        var both = await world.AddInterfaceAsync(router, second);
        Assert.Equal(one.Changed!.PortId, both.Changed!.PortId);
        Assert.Equal([second], both.Changed.SubnetIds);
        Assert.Equal(2, Assert.Single(both.Interfaces).FixedIps.Length);
        var left = await world.RemoveInterfaceAsync(router, first);
        Assert.Equal([second], Assert.Single(left.Interfaces).FixedIps.Select(ip => ip.SubnetId));
        Assert.Empty((await world.RemoveInterfaceAsync(router, second)).Interfaces);
        Assert.Null(await world.FindAsync(Port.Type, one.Changed.PortId));
    }

    [Fact]
    public async Task The_ipv4_addresses_of_an_interface_change_with_its_router_alone()
    {
        var network = await world.NetworkAsync();
        var router = await world.RouterAsync();
        var port = (await world.AddInterfaceAsync(router, await world.SubnetAsync(network, "10.0.0.0/24")))
            .Interfaces.Single();
        foreach (var ips in new[] { """[{"ip_address": "10.0.0.9"}]""", "[]" })
        {
            var refused = await world.TryUpdateAsync(Port.Type, port.PortId, $$"""{"fixed_ips": {{ips}}}""");
            Assert.Equal(
                new ApiError(
                    400, "IPAddressChangeNotAllowed", $"IP updates for port {port.PortId} are not allowed"),
                refused.Error);
        }
        await world.UpdateAsync(
            Port.Type, port.PortId, """{"name": "n", "fixed_ips": [{"ip_address": "10.0.0.1"}]}""");
        await world.SubnetAsync(network, "fd00::/64");
        var more = await world.UpdateAsync(
            Port.Type, port.PortId, """{"fixed_ips": [{"ip_address": "10.0.0.1"}, {"ip_address": "fd00::9"}]}""");
        Assert.Equal(2, more.Value.FixedIps.Length);
        // One that only says that it is a router's.
        var alike = await world.PortAsync(
            network, """ "device_owner": "network:router_interface", "device_id": "nobody" """);
        await world.UpdateAsync(Port.Type, alike.Value.Id, """{"fixed_ips": []}""");
    }

    [Fact]
    public async Task A_port_becomes_an_interface_and_can_become_no_other()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var port = await world.PortAsync(network);
        var router = await world.RouterAsync();
        var body = $$"""{"port_id": "{{port.Value.Id}}"}""";
        Assert.Null((await world.TryAddInterfaceAsync(router, body)).Error);
        Assert.Equal("PortInUse", (await world.TryAddInterfaceAsync(await world.RouterAsync(), body)).Error!.Type);
        Assert.Equal("SubnetInUse", (await world.DeleteAsync(Subnets.Subnet.Type, subnet)).Error!.Type);
    }

    public static TheoryData<string, string, string> RefusedInterfaces => new()
    {
        { "{}", "BadRequest", "Bad router request: Either subnet_id or port_id must be specified." },
        { """{"subnet_id": "x"}""", "BadRequest", "Bad router request: 'x' is not a valid UUID." },
        {
            """{"subnet_id": "SUBNET", "port_id": "SUBNET"}""",
            "BadRequest",
            "Bad router request: Cannot specify both subnet-id and port-id."
        },
        {
            """{"subnet_id": "OVERLAPPING"}""",
            "BadRequest",
            "Bad router request: Cidr 10.0.0.0/25 of subnet OVERLAPPING overlaps with cidr 10.0.0.0/24 of subnet "
            + "SUBNET."
        },
        {
            """{"subnet_id": "SUBNET"}""",
            "BadRequest",
            "Bad router request: Router already has a port on subnet SUBNET."
        },
        {
            """{"subnet_id": "CLOSED"}""",
            "BadRequest",
            "Bad router request: Subnet for router interface must have a gateway IP."
        },
    };

    [Theory]
    [MemberData(nameof(RefusedInterfaces))]
    public async Task An_interface_that_cannot_be_is_refused(string body, string type, string message)
    {
        var subnet = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        var overlapping = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/25");
        var closed = await world.SubnetAsync(await world.NetworkAsync(), "10.7.0.0/24", "\"gateway_ip\": null");
        var router = await world.RouterAsync();
        await world.AddInterfaceAsync(router, subnet);
        var refused = await world.TryAddInterfaceAsync(router, Fill(body));
        Assert.Equal((type, Fill(message)), (refused.Error!.Type, refused.Error.Message));

        string Fill(string text) => text
            .Replace("OVERLAPPING", overlapping).Replace("SUBNET", subnet).Replace("CLOSED", closed);
    }

    [Fact]
    public async Task What_is_no_interface_cannot_be_removed()
    {
        var subnet = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        var router = await world.RouterAsync();
        var bySubnet = await world.TryRemoveInterfaceAsync(router, $$"""{"subnet_id": "{{subnet}}"}""");
        Assert.Equal("RouterInterfaceNotFoundForSubnet", bySubnet.Error!.Type);
        var byPort = await world.TryRemoveInterfaceAsync(router, $$"""{"port_id": "{{subnet}}"}""");
        Assert.Equal("RouterInterfaceNotFound", byPort.Error!.Type);
    }

    [Fact]
    public async Task A_router_with_interfaces_stays_and_one_without_goes_with_its_gateway()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var subnet = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        var router = await world.RouterAsync(LayerThree.GatewayJson(external));
        var gateway = (await world.FindAsync(Router.Type, router))!.Value.Value.Gateway!;
        var interfacePort = (await world.AddInterfaceAsync(router, subnet)).Changed!.PortId;
        var refused = await world.DeleteAsync(Router.Type, router);
        Assert.Equal(
            ("RouterInUse", $"Router {router} has ports still attached: {interfacePort}"),
            (refused.Error!.Type, refused.Error.Message));
        await world.RemoveInterfaceAsync(router, subnet);
        Assert.Null((await world.DeleteAsync(Router.Type, router)).Error);
        Assert.Null(await world.FindAsync(Port.Type, gateway.PortId));
    }

    [Fact]
    public async Task A_gateway_gets_an_address_is_adjusted_moved_and_cleared()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var other = await world.ExternalAsync("198.51.100.0/24");
        var router = await world.RouterAsync();
        var set = await world.UpdateAsync(Router.Type, router, LayerThree.GatewayJson(external));
        var gateway = set.Value.Gateway!;
        Assert.Equal((external, true, "203.0.113.2"), (
            gateway.NetworkId, gateway.EnableSnat, gateway.FixedIps.Single().IpAddress.ToString()));
        var port = await world.FindAsync(Port.Type, gateway.PortId);
        Assert.Equal(("network:router_gateway", ""), (port!.Value.Value.DeviceOwner, port.Value.Value.ProjectId));

        var adjusted = await world.UpdateAsync(Router.Type, router, LayerThree.GatewayJson(
            external, ", \"enable_snat\": false, \"external_fixed_ips\": [{\"ip_address\": \"203.0.113.77\"}]"));
        Assert.Equal((gateway.PortId, false, "203.0.113.77"), (
            adjusted.Value.Gateway!.PortId,
            adjusted.Value.Gateway.EnableSnat,
            adjusted.Value.Gateway.FixedIps.Single().IpAddress.ToString()));

        var moved = await world.UpdateAsync(Router.Type, router, LayerThree.GatewayJson(other));
        Assert.Equal("198.51.100.2", moved.Value.Gateway!.FixedIps.Single().IpAddress.ToString());
        Assert.Null(await world.FindAsync(Port.Type, gateway.PortId));
        Assert.Null((await world.UpdateAsync(Router.Type, router, """{"external_gateway_info": {}}""")).Value.Gateway);
        Assert.Null(await world.FindAsync(Port.Type, moved.Value.Gateway.PortId));
    }

    [Fact]
    public async Task A_network_that_is_not_external_and_the_address_of_the_next_router_are_no_gateways()
    {
        var inner = await world.NetworkAsync();
        var external = await world.ExternalAsync("203.0.113.0/24");
        var router = await world.RouterAsync();
        var refused = await world.TryUpdateAsync(Router.Type, router, LayerThree.GatewayJson(inner));
        Assert.Equal($"Bad router request: Network {inner} is not an external network.", refused.Error!.Message);
        refused = await world.TryUpdateAsync(Router.Type, router, LayerThree.GatewayJson(
            external, ", \"external_fixed_ips\": [{\"ip_address\": \"203.0.113.1\"}]"));
        Assert.Equal(
            "Bad router request: External IP 203.0.113.1 is the same as the gateway IP.", refused.Error!.Message);
        refused = await world.TryUpdateAsync(Router.Type, router, LayerThree.GatewayJson(router));
        Assert.Equal("NetworkNotFound", refused.Error!.Type);
    }

    [Fact]
    public async Task Routes_lead_through_subnets_of_the_router_which_then_stay()
    {
        var subnet = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        var router = await world.RouterAsync();
        await world.AddInterfaceAsync(router, subnet);
        const string Good = """{"routes": [{"destination": "10.9.0.0/16", "nexthop": "10.0.0.9"}]}""";
        Assert.Single((await world.UpdateAsync(Router.Type, router, Good)).Value.Routes);
        var used = await world.TryRemoveInterfaceAsync(router, $$"""{"subnet_id": "{{subnet}}"}""");
        Assert.Equal("RouterInterfaceInUseByRoute", used.Error!.Type);
        foreach (var (nexthop, reason) in new[]
        {
            ("10.1.0.9", "the nexthop is not connected with router"),
            ("10.0.0.1", "the nexthop is used by router"),
        })
        {
            var refused = await world.TryUpdateAsync(Router.Type, router, Good.Replace("10.0.0.9", nexthop));
            Assert.Equal(
                "Invalid format for routes: [{'destination': '10.9.0.0/16', 'nexthop': '"
                + $"{nexthop}'}}], {reason}",
                refused.Error!.Message);
        }
        var many = string.Join(",", Enumerable.Range(0, 31).Select(i =>
            $$"""{"destination": "10.9.{{i}}.0/24", "nexthop": "10.0.0.9"}"""));
        var exhausted = await world.TryUpdateAsync(Router.Type, router, $$"""{"routes": [{{many}}]}""");
        Assert.Equal("RoutesExhausted", exhausted.Error!.Type);
    }

    [Fact]
    public async Task Routes_are_added_to_those_that_are_there_and_removed_from_them()
    {
        var subnet = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        var router = await world.RouterAsync();
        await world.AddInterfaceAsync(router, subnet);
        const string First = """{"destination": "10.1.0.0/16", "nexthop": "10.0.0.9"}""";
        const string Second = """{"destination": "10.2.0.0/16", "nexthop": "10.0.0.9"}""";
        Assert.Equal(["10.1.0.0/16"], await ChangeAsync("add_extraroutes", First));
        Assert.Equal(["10.1.0.0/16", "10.2.0.0/16"], await ChangeAsync("add_extraroutes", $"{First},{Second}"));
        Assert.Equal(["10.2.0.0/16"], await ChangeAsync("remove_extraroutes", First));
        Assert.Equal(["10.2.0.0/16"], await ChangeAsync("remove_extraroutes", First));

        async Task<IEnumerable<string>> ChangeAsync(string action, string routes)
        {
            var result = await world.TryActAsync(Router.Type, router, action, $$"""{"routes": [{{routes}}]}""");
            Assert.Null(result.Error);
            return ((Router)result.Value.Answer[0].Value).Routes.Select(route => route.Destination.ToString());
        }
    }

    [Theory]
    [InlineData("""{"distributed": true}""", "Cannot change the 'distributed' attribute of active routers. ")]
    [InlineData("""{"ha": true}""", "Cannot change HA attribute of active routers. ")]
    public async Task What_kind_of_router_it_is_changes_while_it_is_down(string change, string message)
    {
        var router = await world.RouterAsync();
        var refused = await world.TryUpdateAsync(Router.Type, router, change);
        Assert.StartsWith($"Bad router request: {message}", refused.Error!.Message);
        await world.UpdateAsync(Router.Type, router, """{"admin_state_up": false}""");
        var changed = await world.UpdateAsync(Router.Type, router, change);
        Assert.True(changed.Value.IsDistributed || changed.Value.IsHighlyAvailable);
    }

    [Fact]
    public async Task A_project_may_add_only_what_it_may_use()
    {
        var subnet = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        var router = await world.RouterAsync();
        var stranger = new Caller { ProjectId = "stranger" };
        var refused = await world.TryActAsync(
            Router.Type, router, "add_router_interface", $$"""{"subnet_id": "{{subnet}}"}""", stranger);
        Assert.Equal("SubnetNotFound", refused.Error!.Type);
    }

    [Fact]
    public async Task A_project_makes_no_port_an_interface_of_another_projects_router()
    {
        var network = (await world.CreateAsync(Networks.Network.Type, """{"shared": true}""")).Value.Id;
        var (stranger, commands) = (new Caller { ProjectId = "stranger" }, new PortCommands(world.Settings));
        var claim = $"\"device_owner\": \"network:router_interface\", \"device_id\": \"{await world.RouterAsync()}\"";
        var item = world.NewItem(Port.Type, World.PortJson(network, claim)) with { ProjectId = "stranger" };
        var created = await world.RunAsync(commands.Create([item with { Caller = stranger }]));
        Assert.Equal(("DeviceIDNotOwnedByTenant", 409), (created.Error!.Type, created.Error.Status));
        Assert.Null((await world.RunAsync(commands.Create([item]))).Error);
        var own = world.NewItem(Port.Type, World.PortJson(network)) with { ProjectId = "stranger" };
        var port = (await world.RunAsync(commands.Create([own with { Caller = stranger }]))).Value.Answer.Single();
        var change = new ChangeRequest(stranger, item.Body, null, Guid.NewGuid().ToString(), 0);
        var changed = await world.RunAsync(commands.Update(port, change));
        Assert.Equal("DeviceIDNotOwnedByTenant", changed.Error!.Type);
        Assert.Null((await world.RunAsync(commands.Update(port, change with { Caller = Caller.System }))).Error);
    }

    [Fact]
    public async Task Conntrack_helpers_are_those_that_are_allowed_each_once()
    {
        var router = await world.RouterAsync();
        var helper = Helper("tftp", "udp", 69);
        var created = await world.CreateAsync(ConnectionTracker.Type, helper);
        Assert.Equal([created.Value], (await world.FindAsync(Router.Type, router))!.Value.Value.ConnectionTrackers);
        Assert.Equal("BadRequest", (await world.TryCreateAsync(ConnectionTracker.Type, helper)).Error!.Type);
        var other = await world.TryCreateAsync(ConnectionTracker.Type, Helper("tftp", "tcp", 69));
        Assert.Equal("InvalidProtocolForHelper", other.Error!.Type);
        // No switch has one for SIP.
        other = await world.TryCreateAsync(ConnectionTracker.Type, Helper("sip", "udp", 5060));
        Assert.Equal("ConntrackHelperNotAllowed", other.Error!.Type);
        await world.UpdateAsync(ConnectionTracker.Type, created.Value.Id, """{"port": 6969}""");
        Assert.Equal(6969, (await world.FindAsync(Router.Type, router))!.Value.Value.ConnectionTrackers.Single().Port);
        Assert.Null((await world.DeleteAsync(ConnectionTracker.Type, created.Value.Id)).Error);
        Assert.Empty((await world.FindAsync(Router.Type, router))!.Value.Value.ConnectionTrackers);

        string Helper(string name, string protocol, int port) =>
            $$"""{"router_id": "{{router}}", "helper": "{{name}}", "protocol": "{{protocol}}", "port": {{port}}}""";
    }

    [Fact]
    public async Task A_router_goes_with_its_conntrack_helpers()
    {
        var router = await world.RouterAsync();
        await world.CreateAsync(
            ConnectionTracker.Type,
            $$"""{"router_id": "{{router}}", "helper": "ftp", "protocol": "tcp", "port": 21}""");
        Assert.Null((await world.DeleteAsync(Router.Type, router)).Error);
    }
}
