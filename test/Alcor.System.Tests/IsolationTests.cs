using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>Two networks with the same subnet, addresses and MAC addresses, on the same hosts.</summary>
[Collection(RegionCollection.Name)]
public sealed class IsolationTests(RegionFixture fixture)
{
    private const string Cidr = "10.9.0.0/24";
    private const string Near = "10.9.0.10";
    private const string Far = "10.9.0.20";
    private const string NearMac = "fa:16:3e:00:00:10";
    private const string FarMac = "fa:16:3e:00:00:20";
    private const string StrangeMac = "fa:16:3e:77:77:77";

    private Region Region => fixture.Region;

    [Fact]
    public async Task Packets_to_one_machine_arrive_at_that_machine_alone()
    {
        await using var one = await TwinAsync();
        await using var other = await TwinAsync();
        var before = await CountAsync(other);

        await Traffic.RequireAnsweredAsync(one.Near, Far);
        await Traffic.RequireAnsweredAsync(one.Far, Near);

        Assert.Equal(before, await CountAsync(other));
        await Traffic.RequireAnsweredAsync(other.Near, Far);
        await Traffic.RequireAnsweredAsync(other.Far, Near);
    }

    [Fact]
    public async Task Broadcasts_arrive_at_the_machines_of_the_network_alone()
    {
        await using var one = await TwinAsync();
        await using var other = await TwinAsync();
        var (before, own) = (await CountAsync(other), await Traffic.ReceivedAsync(one.Far));

        await one.Near.Namespace.Command("ping", "-b", "-n", "-c", "5", "-i", "0.02", "-W", "1", "10.9.0.255")
            .ResultAsync(TestContext.Current.CancellationToken);

        Assert.Equal(before, await CountAsync(other));
        Assert.Equal(own + 5, await Traffic.ReceivedAsync(one.Far));
    }

    [Fact]
    public async Task What_only_the_other_network_has_is_neither_resolved_nor_reached()
    {
        await using var one = await TwinAsync();
        await using var other = await TwinAsync();
        var (third, port) = await other.Network.BootAsync(Region.Hosts[1]);
        var before = (await CountAsync(other), await Traffic.ReceivedAsync(third));

        await Traffic.RequireSilenceAsync(one.Near, port.Address);
        Assert.DoesNotContain(port.MacAddress, await one.Near.RunAsync("ip", "neigh"));
        await Traffic.PinAsync(one.Near, port.Address, port.MacAddress);
        await Traffic.RequireSilenceAsync(one.Near, port.Address);

        Assert.Equal(before, (await CountAsync(other), await Traffic.ReceivedAsync(third)));
        await Traffic.RequireAnsweredAsync(other.Near, port.Address);
    }

    [Fact]
    public async Task Packets_and_questions_for_nobody_go_nowhere()
    {
        await using var one = await TwinAsync();
        await using var other = await TwinAsync();
        var before = (await CountAsync(one), await CountAsync(other));

        await Traffic.RequireSilenceAsync(one.Near, "10.9.0.99");
        await Traffic.PinAsync(one.Near, "10.9.0.99", StrangeMac);
        await Traffic.RequireSilenceAsync(one.Near, "10.9.0.99");

        Assert.Equal(before, (await CountAsync(one), await CountAsync(other)));
    }

    private static async Task<(long Near, long Far)> CountAsync(Twin twin) =>
        (await Traffic.ReceivedAsync(twin.Near), await Traffic.ReceivedAsync(twin.Far));

    private async Task<Twin> TwinAsync()
    {
        var network = await TenantNetwork.CreateAsync(Region, Cidr);
        var near = await network.BootAsync(Region.Hosts[0], Port(Near, NearMac));
        var far = await network.BootAsync(Region.Hosts[1], Port(Far, FarMac));
        // Whether the flows for the far end are there already is another test's question.
        await Traffic.AnswerAsync(near.Machine, Far);
        await Traffic.AnswerAsync(far.Machine, Near);
        return new Twin(network, near.Machine, far.Machine);
    }

    private static JsonObject Port(string address, string mac) => new()
    {
        ["mac_address"] = mac,
        ["fixed_ips"] = new JsonArray(new JsonObject { ["ip_address"] = address }),
    };

    private sealed record Twin(TenantNetwork Network, VirtualMachine Near, VirtualMachine Far) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Network.DisposeAsync();
    }
}
