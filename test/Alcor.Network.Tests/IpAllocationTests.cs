using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.IpAllocations;
using Alcor.Network.Networks;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

public sealed class IpAllocationTests
{
    private readonly World world = new();

    [Fact]
    public async Task Ports_pass_over_reserved_addresses_and_get_them_when_they_are_released()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/29");
        var any = await ReserveAsync(network, subnet);
        Assert.Equal($"10.0.0.2@{subnet}", any.Id);
        var named = await ReserveAsync(network, subnet, """ "ip_address": "10.0.0.4", "description": "printer" """);
        Assert.Equal(("printer", IpAllocation.Reserved), (named.Description, named.State));
        Assert.Equal("10.0.0.3", AddressOf(await world.PortAsync(network)));
        Assert.Equal("10.0.0.5", AddressOf(await world.PortAsync(network)));
        Assert.Null((await world.RunAsync(new ReleaseAddresses([any, named]))).Error);
        Assert.Equal("10.0.0.2", AddressOf(await world.PortAsync(network)));
        Assert.Equal("10.0.0.4", AddressOf(await world.PortAsync(network)));
    }

    [Fact]
    public async Task A_port_is_created_beside_reserved_addresses_at_the_first_attempt()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/24");
        for (var i = 0; i < 100; i++)
            await ReserveAsync(network, subnet);
        Assert.Null(await world.CommitAsync(await world.DecideAsync(Port.Type, World.PortJson(network))));
    }

    [Fact]
    public async Task Defect_8_an_address_that_is_in_use_is_not_granted_again()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/24");
        await world.PortAsync(network, """ "fixed_ips": [{"ip_address": "10.0.0.7"}] """);
        await ReserveAsync(network, subnet, """ "ip_address": "10.0.0.8" """);
        foreach (var address in new[] { "10.0.0.7", "10.0.0.8" })
        {
            var again = await TryReserveAsync(network, subnet, $"\"ip_address\": \"{address}\"");
            Assert.Equal(("IpAddressAlreadyAllocated", 409), (again.Error?.Type, again.Error?.Status));
        }
        var port = await world.TryCreateAsync(
            Port.Type, World.PortJson(network, """ "fixed_ips": [{"ip_address": "10.0.0.8"}] """));
        Assert.Equal("IpAddressAlreadyAllocated", port.Error?.Type);
    }

    [Theory]
    [InlineData("10.0.1.1", "InvalidIpForSubnet")]
    [InlineData("10.0.0.0", "InvalidIpForSubnet")]
    [InlineData("10.0.0.255", "InvalidIpForSubnet")]
    [InlineData("fd00::7", "InvalidIpForSubnet")]
    [InlineData("10.0.0.1", "HTTPBadRequest")]
    public async Task Addresses_that_no_port_gets_are_not_reserved(string address, string type)
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/24");
        var refused = (await TryReserveAsync(network, subnet, $"\"ip_address\": \"{address}\"")).Error;
        Assert.Equal((400, type), (refused?.Status, refused?.Type));
        Assert.Contains(address, refused!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defect_10_a_bulk_stops_nowhere_silently_and_named_addresses_come_first()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/29");
        var (other, elsewhere) = await SubnetAsync("fd00::/64");
        var any = Json(network, subnet);
        var second = Item(Json(network, subnet, """ "ip_address": "10.0.0.2" """));
        var both = await world.RunAsync(Reserve([Item(any), second, Item(Json(other, elsewhere))]));
        Assert.Equal(
            [$"10.0.0.3@{subnet}", $"10.0.0.2@{subnet}", $"fd00::1@{elsewhere}"],
            both.Value.Answer.Select(one => ((IpAllocation)one.Value).Id));
        var third = Item(Json(network, subnet, """ "ip_address": "10.0.0.3" """));
        var taken = await world.RunAsync(Reserve([Item(any), Item(any), third]));
        Assert.Equal(
            ("IpAddressAlreadyAllocated", "Item 2 of 'ip_allocations'."), (taken.Error?.Type, taken.Error?.Detail));
        var full = await world.RunAsync(Reserve([Item(any), Item(any), Item(any), Item(any)]));
        Assert.Equal("IpAddressGenerationFailure", full.Error?.Type);
        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Defect_9_a_release_releases_and_a_second_one_says_that_there_is_nothing()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/24");
        var (one, two) = (await ReserveAsync(network, subnet), await ReserveAsync(network, subnet));
        Assert.Null((await world.RunAsync(new ReleaseAddresses([one]))).Error);
        var again = (await world.RunAsync(new ReleaseAddresses([two, one]))).Error;
        Assert.Equal((404, "IpAllocationNotFound"), (again?.Status, again?.Type));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Defect_11_a_reservation_writes_one_small_resource_and_two_processes_do_not_get_the_same_address()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/16");
        var (one, two) = (
            await world.DecideAsync(Reserve([Item(Json(network, subnet))])),
            await world.DecideAsync(Reserve([Item(Json(network, subnet))])));
        Assert.InRange(Assert.Single(one.Writes).Value!.Value.Length, 1, 500);
        Assert.Null(await world.CommitAsync(one));
        // The same address has the same id: what is there already is seen before its claim is.
        Assert.IsType<Refusal.Present>(await world.CommitAsync(two));
        var port = await world.DecideAsync(Port.Type, World.PortJson(network));
        await ReserveAsync(network, subnet);
        Assert.IsType<Refusal.Claimed>(await world.CommitAsync(port));
    }

    [Fact]
    public async Task A_reserved_address_does_not_become_the_gateway()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(
            network, "10.0.0.0/24", """ "allocation_pools": [{"start": "10.0.0.10", "end": "10.0.0.20"}] """);
        await ReserveAsync(network, subnet, """ "ip_address": "10.0.0.254" """);
        var refused = await world.TryUpdateAsync(Subnet.Type, subnet, """{"gateway_ip": "10.0.0.254"}""");
        Assert.Equal("IpAddressAlreadyAllocated", refused.Error?.Type);
        await world.UpdateAsync(Subnet.Type, subnet, """{"gateway_ip": "10.0.0.253"}""");
    }

    [Fact]
    public async Task The_address_of_a_port_is_not_released()
    {
        var (network, _) = await SubnetAsync("10.0.0.0/24");
        var port = (await world.PortAsync(network)).Value;
        var allocation = Assert.Single(IpAllocation.Of(port));
        Assert.Equal((IpAllocation.Allocated, port.Id), (allocation.State, allocation.PortId));
        var refused = (await world.RunAsync(new ReleaseAddresses([allocation]))).Error;
        Assert.Equal((409, "IpAllocationInUse"), (refused?.Status, refused?.Type));
        Assert.Contains(port.Id, refused!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subnet_with_reserved_addresses_stays_and_so_does_its_network()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/24");
        var reserved = await ReserveAsync(network, subnet, """ "ip_address": "10.0.0.9" """);
        var kept = (await world.DeleteAsync(Subnet.Type, subnet)).Error;
        Assert.Equal((409, "SubnetInUse"), (kept?.Status, kept?.Type));
        Assert.Contains("10.0.0.9", kept!.Message, StringComparison.Ordinal);
        var whole = (await world.DeleteAsync(Networks.Network.Type, network)).Error;
        Assert.Equal((409, "NetworkInUse"), (whole?.Status, whole?.Type));
        Assert.Contains("10.0.0.9", whole!.Message, StringComparison.Ordinal);
        Assert.Null((await world.RunAsync(new ReleaseAddresses([reserved]))).Error);
        Assert.Null((await world.DeleteAsync(Subnet.Type, subnet)).Error);
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, network)).Error);
    }

    [Fact]
    public async Task An_address_is_not_reserved_in_a_subnet_that_ends_at_the_same_time()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/24");
        var reserving = await world.DecideAsync(Reserve([Item(Json(network, subnet))]));
        Assert.Null((await world.DeleteAsync(Subnet.Type, subnet)).Error);
        Assert.IsType<Refusal.Missing>(await world.CommitAsync(reserving));
    }

    [Fact]
    public async Task Reserved_addresses_are_counted_as_used_once()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/29");
        await world.PortAsync(network);
        await ReserveAsync(network, subnet);
        await ReserveAsync(network, subnet);
        var partition = await NetworkCatalog.Types.LoadAsync(world.Store, PartitionKey.Network(network));
        var row = NetworkIpAvailability.Of(
            partition.Find(Networks.Network.Type, network)!.Value.Value, partition, _ => true);
        Assert.Equal((3, 5), (row.UsedIps, row.TotalIps));
    }

    [Fact]
    public async Task A_subnet_that_is_not_there_or_not_to_be_seen_is_not_found()
    {
        var (network, subnet) = await SubnetAsync("10.0.0.0/24");
        var unknown = Guid.NewGuid().ToString();
        Assert.Equal("SubnetNotFound", (await TryReserveAsync(unknown, unknown)).Error?.Type);
        var stranger = Item(Json(network, subnet)) with { Caller = new Caller { ProjectId = "stranger" } };
        Assert.Equal("SubnetNotFound", (await world.RunAsync(Reserve([stranger]))).Error?.Type);
    }

    [Theory]
    [InlineData("10.0.0.1@s", "10.0.0.1", "s")]
    [InlineData("fd00::1@s", "fd00::1", "s")]
    [InlineData("10.0.0.1", null, null)]
    [InlineData("10.0.0@s", null, null)]
    [InlineData("10.0.0.1@s@t", null, null)]
    public void An_id_is_an_address_and_a_subnet(string id, string? address, string? subnet) =>
        Assert.Equal(
            (address, subnet), (IpAllocation.ReadId(id)?.Address.ToString(), IpAllocation.ReadId(id)?.SubnetId));

    private async Task<(string Network, string Subnet)> SubnetAsync(string cidr)
    {
        var network = await world.NetworkAsync();
        return (network, await world.SubnetAsync(network, cidr));
    }

    private async Task<IpAllocation> ReserveAsync(string network, string subnet, string more = "")
    {
        var result = await TryReserveAsync(network, subnet, more);
        Assert.Null(result.Error);
        return (IpAllocation)result.Value.Answer.Single().Value;
    }

    private Task<Result<Kernel.Lanes.Outcome>> TryReserveAsync(string network, string subnet, string more = "") =>
        world.RunAsync(Reserve([Item(Json(network, subnet, more))]));

    private static ICommand Reserve(IReadOnlyList<NewResource> items) => new IpAllocationCommands().Create(items);

    private NewResource Item(string json) => world.NewItem(IpAllocation.Type, json);

    private async Task<int> CountAsync() => (await world.Store.ListAsync(
        ListQuery.All(IpAllocation.Type.Name), TestContext.Current.CancellationToken)).Count;

    private static string Json(string network, string subnet, string more = "") =>
        World.PortJson(network, $"\"subnet_id\": \"{subnet}\"{(more.Length > 0 ? ", " + more : "")}");

    private static string AddressOf(Stamped<Port> port) => port.Value.FixedIps.Single().IpAddress.ToString();
}
