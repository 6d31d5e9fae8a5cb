using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Network.LocalIps;
using Alcor.Network.Ports;

namespace Alcor.Network.Tests;

public sealed class LocalIpTests
{
    private readonly World world = new();
    private readonly LocalIpAssociationCommands associations = new();

    [Fact]
    public async Task An_address_of_a_network_is_held_by_a_port_of_its_own()
    {
        var network = await NetworkAsync();
        var ip = (await world.CreateAsync(
            LocalIp.Type, $$"""{"network_id": "{{network}}", "local_ip_address": "10.0.0.50"}""")).Value;
        Assert.Equal(
            ("10.0.0.50", network, "translate", "project"),
            (ip.Address.ToString(), ip.NetworkId, ip.IpMode, ip.ProjectId));
        var port = (await world.FindAsync(Port.Type, ip.LocalPortId))!.Value.Value;
        Assert.Equal(
            ("network:local_ip", ip.Id, "N/A", "project"),
            (port.DeviceOwner, port.DeviceId, port.Status, port.ProjectId));
        Refused(await world.DeleteAsync(Port.Type, port.Id), 409, "ServicePortInUse");
        var renamed = await world.UpdateAsync(LocalIp.Type, ip.Id, """{"name": "n", "description": "d"}""");
        Assert.Equal(("n", "d"), (renamed.Value.Name, renamed.Value.Description));
        Assert.Null((await world.DeleteAsync(LocalIp.Type, ip.Id)).Error);
        Assert.Null(await world.FindAsync(Port.Type, port.Id));
    }

    [Fact]
    public async Task The_address_of_a_port_that_is_there_is_a_local_ip_and_leaves_the_port()
    {
        var network = await NetworkAsync();
        var port = (await world.PortAsync(network)).Value;
        var ip = (await world.CreateAsync(
            LocalIp.Type, $$"""{"local_port_id": "{{port.Id}}", "ip_mode": "passthrough"}""")).Value;
        Assert.Equal((port.FixedIps[0].IpAddress, "passthrough"), (ip.Address, ip.IpMode));
        Assert.Null((await world.DeleteAsync(LocalIp.Type, ip.Id)).Error);
        Assert.Null((await world.DeleteAsync(Port.Type, port.Id)).Error);
    }

    [Fact]
    public async Task What_is_no_address_of_a_port_or_a_network_is_refused()
    {
        var network = await NetworkAsync();
        var (one, none) = ((await world.PortAsync(network)).Value, await world.PortAsync(network, "\"fixed_ips\": []"));
        var two = await world.PortAsync(
            network, """ "fixed_ips": [{"ip_address": "10.0.0.7"}, {"ip_address": "10.0.0.8"}] """);
        var empty = await world.NetworkAsync();
        foreach (var (json, type, status) in new[]
        {
            ("{}", "LocalIPPortOrNetworkRequired", 400),
            ($$"""{"local_port_id": "{{network}}"}""", "BadRequest", 400),
            ($$"""{"local_port_id": "{{none.Value.Id}}"}""", "LocalIPNoIP", 400),
            ($$"""{"local_port_id": "{{two.Value.Id}}"}""", "LocalIPNoRequestedIP", 400),
            (
                $$"""{"local_port_id": "{{one.Id}}", "local_ip_address": "10.0.0.99"}""",
                "LocalIPRequestedIPNotFound",
                400),
            ($$"""{"network_id": "{{empty}}"}""", "BadRequest", 400),
            ($$"""{"network_id": "{{one.Id}}"}""", "NetworkNotFound", 404),
            ($$"""{"network_id": "{{network}}", "local_ip_address": "10.1.0.1"}""", "InvalidIpForNetwork", 400),
        })
        {
            Refused(await world.TryCreateAsync(LocalIp.Type, json), status, type);
        }
        await world.CreateAsync(
            LocalIp.Type, $$"""{"local_port_id": "{{two.Value.Id}}", "local_ip_address": "10.0.0.8"}""");
    }

    [Fact]
    public async Task It_means_ports_and_stays_while_it_does()
    {
        var network = await NetworkAsync();
        var ip = (await world.CreateAsync(LocalIp.Type, $$"""{"network_id": "{{network}}"}""")).Value;
        await world.NodeAsync("alpha", "192.0.2.1");
        var port = (await world.PortAsync(network, "\"binding:host_id\": \"alpha\"")).Value;
        var made = await AssociateAsync(ip, port.Id);
        Assert.Equal(
            new LocalIpAssociation(
                ip.Id, network, "project", ip.Address, port.Id, port.FixedIps[0].IpAddress, "alpha"),
            made.Value.Answer.Single().Value);
        Refused(await AssociateAsync(ip, port.Id), 409, "LocalIPAssociationExists");
        Refused(await AssociateAsync(ip, network), 400, "BadRequest");
        Refused(await world.DeleteAsync(LocalIp.Type, ip.Id), 409, "LocalIPInUse");
        var ended = associations.Delete(new(made.Value.Answer.Single().Value, 1), Nothing);
        Assert.Null((await world.RunAsync(ended)).Error);
        Refused(await world.RunAsync(ended), 404, "LocalIPAssociationNotFound");

        await AssociateAsync(ip, port.Id);
        Assert.Null((await world.DeleteAsync(Port.Type, port.Id)).Error);
        Assert.Null((await world.DeleteAsync(LocalIp.Type, ip.Id)).Error);
    }

    private static ChangeRequest Nothing => new(Caller.System, Body.Empty, null, Guid.Empty.ToString(), 0);

    private static void Refused(Result<Outcome> result, int status, string type) =>
        Assert.Equal((status, type), (result.Error?.Status, result.Error?.Type));

    private async Task<string> NetworkAsync()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        return network;
    }

    private Task<Result<Outcome>> AssociateAsync(LocalIp ip, string portId)
    {
        var body = Body.Empty
            .With(LocalIpAssociationAttributes.LocalIpId, ip.Id)
            .With(LocalIpAssociationAttributes.FixedPortId, portId);
        return world.RunAsync(associations.Create([new NewResource("", "project", body, 0)]));
    }
}
