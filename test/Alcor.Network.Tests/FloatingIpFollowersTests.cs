using System.Text;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Routers;

namespace Alcor.Network.Tests;

/// <summary>
/// Where floating IPs and gateways are, and what the hosts behind routers are told of them, is what a full recompute
/// says, whatever commands made, changed, moved or ended what they depend on.
/// </summary>
public sealed class FloatingIpFollowersTests
{
    private static readonly string[] Hosts = ["alpha", "beta", "gate", "unknown"];

    [Fact]
    public async Task After_any_commands_floating_ips_are_where_their_ports_nodes_and_routers_say()
    {
        var random = Seed.For(nameof(After_any_commands_floating_ips_are_where_their_ports_nodes_and_routers_say));
        var seen = new HashSet<string>();
        for (var round = 0; round < 8; round++)
        {
            var run = new Run(random, seen);
            await run.PrepareAsync();
            for (var step = 0; step < 80; step++)
            {
                var said = await run.StepAsync();
                await run.CheckAsync($"round {round}, step {step}: {said}");
            }
        }
        Assert.Equal(
            ["forwarding", "limited", "nowhere", "on its host", "on no host", "on the gateway"],
            seen.Order(StringComparer.Ordinal));
    }

    private sealed class Run(Random random, HashSet<string> seen)
    {
        private readonly World world = new();
        private readonly List<string> networks = [];
        private readonly List<string> routers = [];
        private string external = "";
        private string policy = "";

        public async Task PrepareAsync()
        {
            external = await world.ExternalOnAsync("outside", "203.0.113.0/24");
            policy = (await world.CreateAsync(QosPolicy.Type, "{}")).Value.Id;
            string[] has = random.Next(2) == 0 ? ["outside"] : [];
            await world.HostAsync("gate", has);
            await world.HostAsync("alpha", has);
            await world.HostAsync("beta");
            for (var number = 0; number < 2; number++)
            {
                var (router, network) = await world.RouterToAsync(external, $"10.{number}.0.0/24");
                routers.Add(router);
                networks.Add(network);
            }
        }

        /// <summary>Does something, that may be refused, and says what.</summary>
        public async Task<string> StepAsync() => random.Next(14) switch
        {
            0 or 1 => $"a port: {await CreatePortAsync()}",
            2 => $"no port: {await DeleteAnyAsync(Port.Type)}",
            3 or 4 => $"a floating IP: {await CreateFloatingIpAsync()}",
            5 => $"no floating IP: {await DeleteAnyAsync(FloatingIp.Type)}",
            6 => $"another end: {await UpdateFloatingIpAsync()}",
            7 => $"a forwarding: {await CreateForwardingAsync()}",
            8 => random.Next(2) == 0
                ? $"no forwarding: {await DeleteAnyAsync(PortForwarding.Type)}"
                : $"a forwarding elsewhere: {await UpdateForwardingAsync()}",
            9 => await HostAsync(Hosts[random.Next(3)]),
            10 => await RouterAsync(),
            11 => $"a migration: {await MigrateAsync()}",
            _ => $"a port elsewhere: {await UpdatePortAsync()}",
        };

        public async Task CheckAsync(string after)
        {
            var all = await ReadAsync();
            var ips = all.Ips.Select(ip => Placed(ip, all)).ToList();
            var expected = ips.Select(ip => Text(FloatingIp.Type, ip))
                .Concat(ips.Select(RoutedFloatingIp.Of).OfType<RoutedFloatingIp>()
                    .Select(one => Text(RoutedFloatingIp.Type, one)))
                .Concat(ips.SelectMany(ip => RoutedPortForwarding.AllOf(ip))
                    .Select(one => Text(RoutedPortForwarding.Type, one)))
                .Concat(all.Routers.Select(GatewayText))
                .Concat(ips.SelectMany(ip => ip.PortForwardings).Select(one => Text(PortForwarding.Type, one)));
            var stored = all.Ips.Select(ip => Text(FloatingIp.Type, ip))
                .Concat((await AllAsync(RoutedFloatingIp.Type)).Select(one => Text(RoutedFloatingIp.Type, one)))
                .Concat((await AllAsync(RoutedPortForwarding.Type))
                    .Select(one => Text(RoutedPortForwarding.Type, one)))
                .Concat(all.Routers.Select(router => GatewayText(router, all)))
                .Concat((await AllAsync(PortForwarding.Type)).Select(one => Text(PortForwarding.Type, one)));
            var (left, right) = (Lines(expected), Lines(stored));
            Assert.True(left == right, $"{after}\nexpected:\n{left}stored:\n{right}");
            NoteSeen(ips);
        }

        /// <summary>The floating IP where it has to be, computed by nothing of what is tested.</summary>
        private static FloatingIp Placed(FloatingIp ip, Everything all)
        {
            var port = all.Ports.SingleOrDefault(port => port.Id == ip.PortId);
            var node = port is { IsBound: true }
                ? all.Nodes.SingleOrDefault(node => node.Name == port.HostId)
                : null;
            var isOnHost = node is not null && node.PhysicalNetworks.OrEmpty().Contains("outside");
            var router = all.Routers.SingleOrDefault(router => router.Id == ip.RouterId);
            return ip with
            {
                MacAddress = all.Ports.Single(port => port.Id == ip.FloatingPortId).MacAddress,
                IsOnHost = isOnHost,
                IsServed = router is not null && (isOnHost || router.Gateway!.Host is not null),
            };
        }

        private static string GatewayText(Router router)
        {
            var host = router.Gateway?.Host;
            return $"{router.Id} {host?.Name} {router.Gateway?.MacAddress} {host is not null}";
        }

        /// <summary>The same, as its port and the binding of that say.</summary>
        private static string GatewayText(Router router, Everything all)
        {
            var port = all.Ports.SingleOrDefault(port => port.Id == router.Gateway?.PortId);
            var isBound = all.Bindings.Any(binding =>
                binding.GatewayOf == router.Id && binding.PortId == port?.Id && binding.HostId == port.HostId);
            return $"{router.Id} {port?.HostId} {port?.MacAddress} {isBound}";
        }

        private void NoteSeen(List<FloatingIp> ips)
        {
            foreach (var ip in ips)
            {
                if (ip is { RouterId: not null, QosPolicyId: not null })
                    seen.Add("limited");
                seen.Add(ip switch
                {
                    { RouterId: null } => "nowhere",
                    { IsServed: false } => "on no host",
                    { IsOnHost: true } => "on its host",
                    { PortId: null } => "forwarding",
                    _ => "on the gateway",
                });
            }
        }

        private async Task<string> CreatePortAsync() => Said(await world.TryCreateAsync(
            Port.Type,
            World.PortJson(
                Any(networks)!,
                $"\"binding:host_id\": \"{Any(Hosts)}\", \"device_owner\": \"compute:nova\"")));

        private async Task<string> UpdatePortAsync()
        {
            var body = random.Next(4) switch
            {
                0 => """{"fixed_ips": []}""",
                1 => """{"binding:host_id": ""}""",
                _ => $$"""{"binding:host_id": "{{Any(Hosts)}}"}""",
            };
            return Any(await InsideAsync()) is { } port
                ? $"{body} {Said(await world.TryUpdateAsync(Port.Type, port.Id, body))}"
                : "there is none";
        }

        /// <summary>A port is made ready on another host and activated there.</summary>
        private async Task<string> MigrateAsync()
        {
            if (Any(await InsideAsync()) is not { } port)
                return "there is none";
            var commands = new PortBindingCommands(world.Settings);
            var host = Any(Hosts);
            var body = Body.Empty.With(PortBindingAttributes.PortId, port.Id).With(PortBindingAttributes.Host, host);
            var made = await world.RunAsync(commands.Create([new NewResource("", "project", body, 0)]));
            if (made.Error is { } refused)
                return refused.Type;
            return Said(await world.RunAsync(commands.Actions.Single().Command!(
                made.Value.Answer.Single(), world.NewChange())));
        }

        private async Task<string> CreateFloatingIpAsync()
        {
            var port = random.Next(3) > 0 ? Any(await InsideAsync())?.Id : null;
            return Said(await world.TryCreateAsync(FloatingIp.Type, LayerThree.FloatingIpJson(external, port)));
        }

        private async Task<string> UpdateFloatingIpAsync()
        {
            var port = random.Next(4) > 0 ? Any(await InsideAsync())?.Id : null;
            var body = random.Next(4) switch
            {
                0 => $$"""{"qos_policy_id": "{{policy}}"}""",
                1 => """{"qos_policy_id": null}""",
                _ => $$"""{"port_id": {{(port is null ? "null" : $"\"{port}\"")}}}""",
            };
            return Any(await AllAsync(FloatingIp.Type)) is { } ip
                ? $"{body} {Said(await world.TryUpdateAsync(FloatingIp.Type, ip.Id, body))}"
                : "there is none";
        }

        private async Task<string> CreateForwardingAsync()
        {
            var (port, ip) = (Any(await InsideAsync()), Any(await AllAsync(FloatingIp.Type)));
            return port is null || ip is null || port.FixedIps.IsEmpty
                ? "there is nothing to forward"
                : Said(await world.TryCreateAsync(
                    PortForwarding.Type,
                    $$"""
                    {"floatingip_id": "{{ip.Id}}", "internal_port_id": "{{port.Id}}", "protocol": "tcp",
                     "internal_ip_address": "{{port.FixedIps[0].IpAddress}}",
                     "external_port": {{1 + random.Next(9)}}, "internal_port": {{1 + random.Next(9)}}}
                    """));
        }

        private async Task<string> UpdateForwardingAsync() =>
            Any(await AllAsync(PortForwarding.Type)) is { } forwarding
                ? Said(await world.TryUpdateAsync(
                    PortForwarding.Type, forwarding.Id, $$"""{"external_port": {{1 + random.Next(9)}}}"""))
                : "there is none";

        /// <summary>A host goes, or comes with other physical networks, and all is done that follows from it.</summary>
        private async Task<string> HostAsync(string host)
        {
            var isGone = random.Next(3) == 0;
            string[] has = random.Next(2) == 0 ? ["outside"] : [];
            if (isGone)
                await world.GoneAsync(host);
            else
                await world.HostAsync(host, has);
            foreach (var network in isGone ? [] : networks)
                Assert.Null((await world.RunAsync(new RefreshBindings(network, host))).Error);
            foreach (var router in routers)
                Assert.Null((await world.RunAsync(new PlaceGateway(router))).Error);
            return isGone ? $"{host} is gone" : $"{host} has [{string.Join(", ", has)}]";
        }

        private async Task<string> RouterAsync()
        {
            var router = Any(routers)!;
            if (random.Next(2) == 0)
            {
                var gateway = random.Next(2) == 0
                    ? """{"external_gateway_info": null}"""
                    : LayerThree.GatewayJson(external);
                return $"{gateway} {Said(await world.TryUpdateAsync(Router.Type, router, gateway))}";
            }
            var subnet = Any(await AllAsync(Subnets.Subnet.Type))!.Id;
            var action = random.Next(2) == 0 ? "remove_router_interface" : "add_router_interface";
            var body = $$"""{"subnet_id": "{{subnet}}"}""";
            return $"{action}: {Said(await world.TryActAsync(Router.Type, router, action, body))}";
        }

        private async Task<string> DeleteAnyAsync<T>(ResourceType<T> type)
            where T : class =>
            Any(await AllAsync(type)) is { } one ? Said(await world.DeleteAsync(type, type.Id(one))) : "there is none";

        private async Task<List<Port>> InsideAsync() =>
            [.. (await AllAsync(Port.Type)).Where(port => port.DeviceOwner == "compute:nova")];

        private async Task<Everything> ReadAsync() => new(
            await AllAsync(FloatingIp.Type),
            await AllAsync(Port.Type),
            await AllAsync(Binding.Type),
            await AllAsync(Node.Type),
            await AllAsync(Router.Type));

        private T? Any<T>(IReadOnlyList<T> all)
            where T : class => all.Count == 0 ? null : all[random.Next(all.Count)];

        private async Task<List<T>> AllAsync<T>(ResourceType<T> type)
            where T : class =>
            [
                .. (await world.Store.ListAsync(ListQuery.All(type.Name), CancellationToken.None))
                    .Select(stored => type.Decode(stored.Value)),
            ];

        private static string Said(Result<Kernel.Lanes.Outcome> result) => result.Error?.Type ?? "done";

        private static string Text<T>(ResourceType<T> type, T value)
            where T : class => $"{type.Id(value)} {Encoding.UTF8.GetString(type.ToWrite(value).Value!.Value.Span)}";

        private static string Lines(IEnumerable<string> lines) =>
            string.Concat(lines.Order(StringComparer.Ordinal).Select(line => $"  {line}\n"));
    }

    private sealed record Everything(
        List<FloatingIp> Ips, List<Port> Ports, List<Binding> Bindings, List<Node> Nodes, List<Router> Routers);
}
