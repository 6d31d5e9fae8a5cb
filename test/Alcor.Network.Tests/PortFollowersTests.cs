using System.Text;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

/// <summary>
/// What follows from ports is what a full recompute says, whatever commands made, changed or ended them.
/// </summary>
public sealed class PortFollowersTests
{
    private static readonly string[] Hosts = ["alpha", "beta", "unknown"];

    [Fact]
    public async Task After_any_commands_bindings_and_members_are_those_that_follow_from_all_ports()
    {
        var random = Seed.For(nameof(After_any_commands_bindings_and_members_are_those_that_follow_from_all_ports));
        for (var round = 0; round < 20; round++)
        {
            var run = new Run(random);
            await run.PrepareAsync();
            for (var step = 0; step < 60; step++)
            {
                var said = await run.StepAsync();
                await run.CheckAsync($"round {round}, step {step}: {said}");
            }
        }
    }

    private sealed class Run(Random random)
    {
        private readonly World world = new();
        private readonly List<string> networks = [];
        private readonly List<string> groups = [];
        private readonly List<string> routers = [];
        private int blocks;

        public async Task PrepareAsync()
        {
            await world.NodeAsync("alpha", "192.0.2.1");
            await world.NodeAsync("beta", "192.0.2.2");
            for (var number = 0; number < 3; number++)
            {
                var group = await world.CreateAsync(SecurityGroup.Type, $$"""{"name": "{{number}}"}""");
                groups.Add(group.Value.Id);
                await AddNetworkAsync();
            }
            routers.Add(await world.RouterAsync());
        }

        /// <summary>Does something, that may be refused, and says what.</summary>
        public async Task<string> StepAsync()
        {
            switch (random.Next(17))
            {
                case 0 when networks.Count < 5:
                    await AddNetworkAsync();
                    return "a network";
                case 1:
                    return $"no subnet: {await DeleteAnyAsync(Subnet.Type)}";
                case 2:
                    return $"no network: {await DeleteAnyAsync(Networks.Network.Type)}";
                case 3:
                    return $"no group: {await DeleteAnyAsync(SecurityGroup.Type)}";
                case 4 or 5:
                    return $"no port: {await DeleteAnyAsync(Port.Type)}";
                case 6:
                    return $"an interface: {await InterfaceAsync("add_router_interface")}";
                case 7:
                    return $"no interface: {await InterfaceAsync("remove_router_interface")}";
                case 8:
                    foreach (var network in networks)
                        await world.RunAsync(new RefreshBindings(network, Hosts[random.Next(2)]));
                    return "a host came back";
                case 9 or 10 or 11:
                    return $"ports: {await CreatePortsAsync()}";
                case 12:
                    return $"ready to move: {await PrepareToMoveAsync()}";
                default:
                    return await UpdatePortAsync();
            }
        }

        public async Task CheckAsync(string after)
        {
            var ports = await AllAsync(Port.Type);
            var expected = ports.SelectMany(port => Binding.AllOf(port)).Select(one => Text(Binding.Type, one))
                .Concat(ports.SelectMany(port => SecurityGroupMember.AllOf(port))
                    .Select(member => Text(SecurityGroupMember.Type, member)));
            var stored = (await AllAsync(Binding.Type)).Select(binding => Text(Binding.Type, binding))
                .Concat((await AllAsync(SecurityGroupMember.Type))
                    .Select(member => Text(SecurityGroupMember.Type, member)));
            var (left, right) = (Lines(expected), Lines(stored));
            Assert.True(left == right, $"{after}\nexpected:\n{left}stored:\n{right}");
        }

        private async Task AddNetworkAsync()
        {
            var network = await world.NetworkAsync();
            networks.Add(network);
            await world.SubnetAsync(network, $"10.{++blocks}.0.0/24");
            if (random.Next(2) == 0)
            {
                await world.SubnetAsync(
                    network,
                    $"fd00:{blocks}::/64",
                    random.Next(2) == 0 ? "" : "\"ipv6_address_mode\": \"slaac\", \"ipv6_ra_mode\": \"slaac\"");
            }
        }

        private async Task<string> CreatePortsAsync()
        {
            var bodies = Enumerable.Range(0, 1 + random.Next(3))
                .Select(_ => World.PortJson(
                    Any(networks), string.Join(", ", Some(["\"device_owner\": \"compute:nova\"", .. PortMembers()]))));
            return Said(await world.TryCreateAsync(Port.Type, [.. bodies]));
        }

        private async Task<string> PrepareToMoveAsync()
        {
            if (await AllAsync(Port.Type) is not { Count: > 0 } ports)
                return "no port to move";
            var body = $$"""{"port_id": "{{Any(ports).Id}}", "host": "{{Hosts[random.Next(2)]}}"}""";
            var commands = new PortBindingCommands(world.Settings);
            return Said(await world.RunAsync(commands.Create([world.NewItem(PortBinding.Type, body)])));
        }

        private async Task<string> UpdatePortAsync()
        {
            if (await AllAsync(Port.Type) is not { Count: > 0 } ports)
                return "no port to change";
            var body = $"{{{string.Join(", ", Some([.. PortMembers()]))}}}";
            return $"{body}: {Said(await world.TryUpdateAsync(Port.Type, Any(ports).Id, body))}";
        }

        private IEnumerable<string> PortMembers()
        {
            var some = groups.Where(_ => random.Next(2) == 0).Select(group => $"\"{group}\"");
            yield return $"\"security_groups\": [{string.Join(", ", some)}]";
            yield return $"\"binding:host_id\": \"{Hosts[random.Next(Hosts.Length)]}\"";
            yield return $"\"port_security_enabled\": {(random.Next(3) > 0 ? "true" : "false")}";
            yield return random.Next(2) == 0
                ? "\"allowed_address_pairs\": []"
                : $"\"allowed_address_pairs\": [{{\"ip_address\": \"10.200.{random.Next(3)}.0/24\"}}]";
            yield return random.Next(2) == 0 ? "\"fixed_ips\": []" : $"\"name\": \"{random.Next(3)}\"";
            yield return $"\"admin_state_up\": {(random.Next(2) == 0 ? "true" : "false")}";
        }

        private IEnumerable<string> Some(string[] members) => members.Where(_ => random.Next(3) == 0);

        private async Task<string> InterfaceAsync(string action)
        {
            var (ports, subnets) = (await AllAsync(Port.Type), await AllAsync(Subnet.Type));
            if (ports.Count == 0 || subnets.Count == 0)
                return "there is nothing to join";
            var body = random.Next(2) == 0
                ? $$"""{"port_id": "{{Any(ports).Id}}"}"""
                : $$"""{"subnet_id": "{{Any(subnets).Id}}"}""";
            return Said(await world.TryActAsync(Router.Type, Any(routers), action, body));
        }

        private async Task<string> DeleteAnyAsync<T>(ResourceType<T> type)
            where T : class
        {
            if (await AllAsync(type) is not { Count: > 1 } all)
                return "there is none to spare";
            var id = type.Id(Any(all));
            var result = await world.DeleteAsync(type, id);
            if (result.Error is null)
            {
                networks.Remove(id);
                groups.Remove(id);
            }
            return Said(result);
        }

        private T Any<T>(List<T> all) => all[random.Next(all.Count)];

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
}
