using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>What <c>alcor trace</c> says of packets is what becomes of them on real Open vSwitch.</summary>
[Collection(RegionCollection.Name)]
public sealed partial class TraceTests(RegionFixture fixture)
{
    private Region Region => fixture.Region;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trace_agrees_with_pings_and_connections_between_machines()
    {
        await using var groups = await Groups.CreateAsync(Region);
        await using var network = await TenantNetwork.CreateAsync(Region, "10.5.0.0/24");
        await using var other = await TenantNetwork.CreateAsync(Region, "10.6.0.0/24");
        await using var router = await JoinedNetworks.CreateAsync(Region, network, other);
        (TenantNetwork Network, int Host, JsonObject Port)[] wanted =
        [
            (network, 0, groups.In("web")), (network, 1, groups.In("web")), (network, 1, groups.In("pinged")),
            (network, 0, groups.In()), (network, 0, new JsonObject { ["port_security_enabled"] = false }),
            (other, 1, groups.In("web", "pinged")),
        ];
        var machines = await Task.WhenAll(wanted.Select(async one =>
        {
            var booted = await one.Network.BootAsync(Region.Hosts[one.Host], one.Port);
            await TcpService.StartAsync(booted.Machine.Namespace, Region.Lab.Directory, 80);
            return booted;
        }));
        var compared = new List<(string Question, bool Really, PacketTrace Trace)>();
        foreach (var from in machines)
        {
            var told = machines.Where(to => to != from).Select(to => CompareAsync(from, to.Port));
            compared.AddRange((await Task.WhenAll(told)).SelectMany(one => one));
        }
        var wrong = compared.Where(one => one.Really != one.Trace.Arrives);
        Assert.Empty(wrong.Select(one => $"{one.Question} arrives: {one.Really}\n{one.Trace.Text}"));
        Assert.Contains(compared, one => one.Really);
        Assert.Contains(compared, one => !one.Really);
    }

    private async Task<(string Question, bool Really, PacketTrace Trace)[]> CompareAsync(
        (VirtualMachine Machine, NetworkingPort Port) from, NetworkingPort to)
    {
        var ping = await from.Machine.PingAsync(to.Address, 2, TimeSpan.FromMilliseconds(20));
        var seen = await TcpService.AskAsync(from.Machine.Namespace, to.Address, 80);
        return
        [
            await TraceAsync("icmp", ping.Received > 0), await TraceAsync("tcp 80", seen is not null),
        ];

        async Task<(string, bool, PacketTrace)> TraceAsync(string words, bool really) => (
            $"{from.Port.Address} > {to.Address} {words}", really,
            await PacketTrace.AskAsync(Region, from.Port, to.Address, words));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(22)]
    public async Task A_trace_meets_the_flows_that_the_switch_itself_says_the_packet_meets(int port)
    {
        await using var groups = await Groups.CreateAsync(Region);
        await using var network = await TenantNetwork.CreateAsync(Region, "10.5.0.0/24");
        var host = Region.Hosts[0];
        var (_, from) = await network.BootAsync(host, groups.In("web"));
        var (_, to) = await network.BootAsync(host, groups.In("web"));
        var number = await host.Lab.Switch.RunAsync("ovs-vsctl", "--bare", "--columns=ofport", "find", "interface",
            $"external_ids:iface-id={from.Id}");
        var packet = $"in_port={number.Trim()},tcp,dl_src={from.MacAddress},dl_dst={to.MacAddress},"
            + $"nw_src={from.Address},nw_dst={to.Address},nw_ttl=64,tp_src=49152,tp_dst={port},tcp_flags=syn";
        var switchSays = await host.Lab.Switch.RunAsync("ovs-appctl", "ofproto/trace", LabHost.IntegrationBridge,
            packet, "--ct-next", "trk,new", "--ct-next", "trk,new");
        var trace = await PacketTrace.OfAsync(Region, from, to.Address, $"tcp {port}", "--flows");

        var told = ToldFlow().Matches(trace.Text).Select(Named).ToList();
        // The question for the MAC address comes first, and each of both begins in table 0.
        told.RemoveRange(0, told.FindLastIndex(flow => flow.Table == 0));
        var really = SwitchFlow().Matches(switchSays).Select(Named).ToList();
        Assert.True(really.Count > 5, switchSays);
        Assert.Equal(really, told);
        Assert.Equal(port == 80, trace.Arrives);

        static (int Table, string Cookie) Named(Match line) => (
            line.Groups["table"] is { Success: true, Value: var table } ? int.Parse(table, null) : 0,
            line.Groups["cookie"].Value);
    }

    [GeneratedRegex(@"^ *(?<table>\d+)\. .*cookie (?<cookie>0x[0-9a-f]+)", RegexOptions.Multiline, 1000)]
    private static partial Regex SwitchFlow();

    [GeneratedRegex(@"cookie=(?<cookie>0x[0-9a-f]+), (table=(?<table>\d+))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ToldFlow();

    /// <summary>Groups that let one thing in, by name.</summary>
    private sealed class Groups(Region region, Dictionary<string, string> ids) : IAsyncDisposable
    {
        public static async Task<Groups> CreateAsync(Region region)
        {
            var ids = new Dictionary<string, string>();
            foreach (var (name, protocol) in new[] { ("web", "tcp"), ("pinged", "icmp") })
            {
                var group = await region.Api.CreateAsync(
                    "security-groups", new JsonObject { ["name"] = name }, Token);
                ids[name] = (string)group["id"]!;
                var rule = new JsonObject
                {
                    ["security_group_id"] = ids[name], ["direction"] = "ingress", ["protocol"] = protocol,
                };
                if (protocol == "tcp")
                    (rule["port_range_min"], rule["port_range_max"]) = (80, 80);
                await region.Api.CreateAsync("security-group-rules", rule, Token);
            }
            return new Groups(region, ids);
        }

        /// <summary>The attributes of a port in some of them.</summary>
        public JsonObject In(params string[] names) => new()
        {
            ["security_groups"] = new JsonArray([.. names.Select(name => (JsonNode)ids[name])]),
        };

        public async ValueTask DisposeAsync()
        {
            foreach (var id in ids.Values)
                await region.Api.DeleteAsync("security-groups", id, CancellationToken.None);
        }
    }
}
