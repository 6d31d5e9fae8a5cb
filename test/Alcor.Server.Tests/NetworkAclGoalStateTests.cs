using System.Text.Json.Nodes;
using Alcor.Protocol.V1;
using Alcor.Rpc;

namespace Alcor.Server.Tests;

/// <summary>What is asked of network ACLs by HTTP arrives at the host of a port of their subnets.</summary>
public sealed class NetworkAclGoalStateTests : IAsyncLifetime
{
    private static readonly RpcMethod<AgentMessage, DataplaneMessage> Connect =
        new(DataplaneReflection.Descriptor.Services[0], "Connect");

    private readonly RunningServer server = new(RunningServer.Options with { Roles = ServerRoles.All });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task An_acl_its_rules_and_their_changes_are_told_while_a_subnet_has_it()
    {
        var network = await server.CreateNetworkAsync();
        var subnet = await server.CreateSubnetAsync(network, "10.8.0.0/24");
        using var channel = new RpcChannel(new Uri(server.Server.SouthboundAddresses[0]));
        await using var call = channel.Duplex(Connect, options: null, Cancelled);
        await call.SendAsync(
            new AgentMessage { Hello = new Hello { Host = "alpha", TunnelAddress = "192.0.2.1" } }, Cancelled);
        await using var heard = Heard(call).GetAsyncEnumerator(Cancelled);
        await HearAsync(heard, message => message.BodyCase == DataplaneMessage.BodyOneofCase.Synchronized);
        await server.CreateAsync("port", new JsonObject { ["network_id"] = network, ["binding:host_id"] = "alpha" });

        var created = await server.PostAsync(
            "/v1/network-acls", $$$"""{"network_acl": {"subnet_ids": ["{{{subnet}}}"]}}""");
        var acl = (string)created.Is(201)["network_acl"]["id"]!;
        var partition = $"network-acl/{acl}";
        var first = await HearAsync(heard, message => message.Update?.Partition == partition);
        Assert.Equal([EntryKind.NetworkAcl], first.Update.Entries.Select(entry => entry.Kind));

        var body = $$$"""
            {"network_acl_rule": {"network_acl_id": "{{{acl}}}", "number": 7, "direction": "egress",
             "action": "allow", "protocol": "tcp", "cidr": "10.9.0.0/16"}}
            """;
        var rule = (string)(await server.PostAsync("/v1/network-acl-rules", body)).Is(201)["network_acl_rule"]["id"]!;
        var told = new NetworkAclRuleEntry
        {
            Number = 7, Egress = true, Allow = true, IpVersion = 4, Protocol = 6, Cidr = "10.9.0.0/16",
        };
        Assert.Equal(told, await RuleAsync(heard, partition));

        (await server.PutAsync(
            $"/v1/network-acl-rules/{rule}", """{"network_acl_rule": {"number": 9, "action": "deny"}}""")).Is(200);
        (told.Number, told.Allow) = (9, false);
        Assert.Equal(told, await RuleAsync(heard, partition));

        (await server.SendAsync(HttpMethod.Delete, $"/v1/network-acl-rules/{rule}", null)).Is(204);
        Assert.Null(await RuleAsync(heard, partition));
        (await server.SendAsync(HttpMethod.Delete, $"/v1/network-acls/{acl}", null)).Is(204);
        await HearAsync(heard, message => message.Dropped?.Partition == partition);
    }

    /// <summary>What is said next of the only rule; null: it has ended.</summary>
    private static async Task<NetworkAclRuleEntry?> RuleAsync(
        IAsyncEnumerator<DataplaneMessage> heard, string partition)
    {
        var message = await HearAsync(heard, message => message.Update?.Partition == partition
            && message.Update.Entries.Any(entry => entry.Kind == EntryKind.NetworkAclRule));
        var entry = Assert.Single(message.Update.Entries);
        return entry.Removed ? null : NetworkAclRuleEntry.Parser.ParseFrom(entry.Value);
    }

    /// <summary>Each update is acknowledged: no further one of its partition would come before.</summary>
    private static async IAsyncEnumerable<DataplaneMessage> Heard(IDuplexCall<AgentMessage, DataplaneMessage> call)
    {
        await foreach (var message in call.ReadAllAsync(Cancelled))
        {
            if (message.Update is { } update)
            {
                var ack = new Ack { Partition = update.Partition, Revision = update.ToRevision };
                await call.SendAsync(new AgentMessage { Ack = ack }, Cancelled);
            }
            yield return message;
        }
    }

    private static async Task<DataplaneMessage> HearAsync(
        IAsyncEnumerator<DataplaneMessage> heard, Predicate<DataplaneMessage> isMeant)
    {
        while (await heard.MoveNextAsync())
        {
            if (isMeant(heard.Current))
                return heard.Current;
        }
        throw new InvalidOperationException("the dataplane has nothing more to say");
    }
}
