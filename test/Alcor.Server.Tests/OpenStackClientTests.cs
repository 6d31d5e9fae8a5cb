using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

/// <summary>The real client, as operators use it: <c>openstack</c> without authentication.</summary>
public sealed class OpenStackClientTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Client = "/usr/bin/openstack";

    [Fact]
    public async Task The_real_client_creates_lists_shows_changes_and_deletes()
    {
        Assert.SkipUnless(File.Exists(Client), $"{Client} is not installed");
        var network = await ReadAsync("network create --mtu 1400 --description first net1");
        Assert.Equal("net1", (string?)network["name"]);
        Assert.Equal(1400, (int?)network["mtu"]);
        await RunAsync("network set --name net2 --description hello net1");
        Assert.Equal("hello", (string?)(await ReadAsync("network show net2"))["description"]);
        Assert.Equal("net2", (string?)Assert.Single((await ReadAsync("network list")).AsArray())!["Name"]);

        var subnet = await ReadAsync(
            "subnet create --network net2 --subnet-range 10.1.0.0/24 --dns-nameserver 192.0.2.53"
            + " --allocation-pool start=10.1.0.10,end=10.1.0.200"
            + " --host-route destination=10.9.0.0/16,gateway=10.1.0.9 sub1");
        Assert.Equal("10.1.0.1", (string?)subnet["gateway_ip"]);
        await RunAsync("subnet set --name sub2 --no-dhcp sub1");
        Assert.False((bool?)(await ReadAsync("subnet show sub2"))["enable_dhcp"]);
        var listed = Assert.Single((await ReadAsync("subnet list --network net2")).AsArray())!;
        Assert.Equal("10.1.0.0/24", (string?)listed["Subnet"]);

        var port = await ReadAsync("port create --network net2 --fixed-ip subnet=sub2,ip-address=10.1.0.50 port1");
        Assert.Equal("10.1.0.50", (string?)port["fixed_ips"]![0]!["ip_address"]);
        await RunAsync("port set --name port2 --disable port1");
        var shown = await ReadAsync("port show port2");
        Assert.False((bool?)shown["admin_state_up"]);
        Assert.Equal((string?)port["mac_address"], (string?)shown["mac_address"]);
        Assert.Single((await ReadAsync("port list --network net2")).AsArray());
        Assert.Single((await ReadAsync("port list --fixed-ip ip-address=10.1.0.50")).AsArray());
        Assert.Empty((await ReadAsync("port list --fixed-ip subnet=sub2,ip-address=10.1.0.51")).AsArray());
        Assert.Empty((await ReadAsync("network agent list")).AsArray());
        var extensions = (await ReadAsync("extension list --network")).AsArray();
        Assert.Contains(extensions, extension => (string?)extension!["Alias"] == "provider");

        var refused = await Programs.RunAsync(Client, Arguments("network delete net2"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("ports still in use", refused.Error, StringComparison.Ordinal);
        await RunAsync("port delete port2");
        await RunAsync("subnet delete sub2");
        await RunAsync("network delete net2");
        Assert.Empty((await ReadAsync("network list")).AsArray());
    }

    private string[] Arguments(string command) =>
    [
        "--os-auth-type", "none",
        "--os-endpoint", server.Http.BaseAddress!.ToString().TrimEnd('/'),
        .. command.Split(' '),
    ];

    private async Task<JsonNode> ReadAsync(string command)
    {
        var output = await RunAsync($"{command} -f json");
        return JsonNode.Parse(output)!;
    }

    private async Task<string> RunAsync(string command)
    {
        var finished = await Programs.RunAsync(Client, Arguments(command));
        Assert.True(finished.ExitCode == 0, $"openstack {command}: {finished.ExitCode}\n{finished.Error}");
        return finished.Output;
    }
}
