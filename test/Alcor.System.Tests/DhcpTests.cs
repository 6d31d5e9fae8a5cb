using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>The agent's DHCP, asked by a client that we did not write, and by hand-made packets.</summary>
[Collection(RegionCollection.Name)]
public sealed class DhcpTests(RegionFixture fixture)
{
    private const int SignalRenew = 10; // SIGUSR1 tells udhcpc to renew
    private static readonly TimeSpan LeaseLimit = TimeSpan.FromSeconds(30);

    // Sends a DHCPREQUEST as a client does that comes back from a reboot (RFC 2131 section 4.3.2, INIT-REBOOT), and
    // prints the message type (option 53) of the answer, or "silence".
    private const string RebootScript = """
        import socket, struct, sys
        mac = bytes.fromhex(sys.argv[1].replace(':', ''))
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        s.bind(('eth0', 0))
        s.settimeout(0.2)
        bootp = struct.pack('!BBBBIHH4s4s4s4s16s64s128sI', 1, 1, 6, 0, 77, 0, 0x8000, bytes(4), bytes(4), bytes(4),
            bytes(4), mac.ljust(16, bytes(1)), bytes(64), bytes(128), 0x63825363)
        bootp += bytes([53, 1, 3, 50, 4]) + socket.inet_aton(sys.argv[2]) + bytes([255])
        udp = struct.pack('!HHHH', 68, 67, 8 + len(bootp), 0) + bootp
        ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes(4), bytes([255] * 4))
        total = sum(struct.unpack('!10H', ip))
        total = (total & 0xffff) + (total >> 16)
        ip = ip[:10] + struct.pack('!H', ~total & 0xffff) + ip[12:]
        for attempt in range(int(sys.argv[3])):
            s.send(bytes([255] * 6) + mac + struct.pack('!H', 0x0800) + ip + udp)
            try:
                while True:
                    frame = s.recv(2000)
                    if frame[23] == 17 and frame[36:38] == bytes([0, 68]) and frame[46:50] == bytes([0, 0, 0, 77]):
                        options = frame[282:]
                        print(options[options.index(bytes([53, 1])) + 2])
                        sys.exit()
            except socket.timeout:
                pass
        print('silence')
        """;

    private Region Region => fixture.Region;

    private RegionHost Alpha => Region.Hosts[0];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lease_says_what_the_subnet_says()
    {
        await using var network = await NetworkAsync();
        var port = await network.CreatePortAsync(Alpha);
        var machine = await network.PlugAsync(Alpha, port);
        await network.ActiveAsync(port);

        var lease = await machine.DhcpAsync(LeaseLimit, Token);

        Assert.Equal(port.Address, lease.Address.ToString());
        Assert.Equal(24, lease.PrefixLength);
        Assert.Equal("10.2.0.1", lease.Router?.ToString());
        Assert.Equal(RegionFixture.NetworkMtu, lease.Mtu);
        Assert.Equal(TimeSpan.FromDays(1), lease.Duration);
        Assert.Equal("192.0.2.53 192.0.2.54", lease.Options["dns"]);
        Assert.Equal("10.2.0.1", lease.Options["serverid"]);
        var routes = await machine.RunAsync("ip", "route");
        Assert.Contains("198.51.100.0/24 via 10.2.0.9 dev eth0", routes);
        Assert.Contains("default via 10.2.0.1 dev eth0", routes);
    }

    [Fact]
    public async Task A_lease_is_renewed()
    {
        await using var network = await NetworkAsync();
        var (machine, port) = await network.BootAsync(Alpha);
        var (client, log) = await LeaseAsync(machine, port);
        await using var _ = client;

        Assert.True(Daemon.Signal(client.ProcessId, SignalRenew));

        await ToldAsync(log, $"told: renew {port.Address} 86400");
        // It asked its server directly, as RFC 2131 section 4.4.5 wants it, and so had to find it by ARP.
        Assert.Contains("10.2.0.1 dev eth0 lladdr fe:a1:c0:00:00:43", await machine.RunAsync("ip", "neighbour"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lease_outlives_the_agent_and_is_renewed_by_the_next_one(bool killed)
    {
        await using var network = await NetworkAsync();
        var (machine, port) = await network.BootAsync(Alpha);
        var (other, otherPort) = await network.BootAsync(Alpha);
        var (client, log) = await LeaseAsync(machine, port);
        await using var _ = client;

        await (killed ? Alpha.KillAgentAsync() : Alpha.StopAgentAsync());
        await Traffic.RequireAnsweredAsync(other, port.Address);
        // A client that asks meanwhile asks again, and is answered in the end.
        var asking = RebootAsync(other, otherPort.MacAddress, otherPort.Address, attempts: 300);
        Alpha.StartAgent();
        Assert.Equal("5", await asking);
        Assert.True(Daemon.Signal(client.ProcessId, SignalRenew));

        await ToldAsync(log, $"told: renew {port.Address} 86400");
        // Once, when it started.
        Assert.Single(await File.ReadAllLinesAsync(log, Token),
            line => line.StartsWith("told: deconfig", StringComparison.Ordinal));
        await Traffic.RequireAnsweredAsync(other, port.Address);
    }

    [Fact]
    public async Task A_machine_that_comes_back_with_its_address_keeps_it_and_with_a_foreign_one_is_refused()
    {
        const string acknowledge = "5", refuse = "6";
        await using var network = await NetworkAsync();
        var (machine, port) = await network.BootAsync(Alpha);
        Assert.Equal(acknowledge, await RebootAsync(machine, port.MacAddress, port.Address));
        Assert.Equal(refuse, await RebootAsync(machine, port.MacAddress, "10.2.0.99"));
        Assert.Equal(refuse, await RebootAsync(machine, port.MacAddress, "192.168.77.5"));
    }

    [Fact]
    public async Task A_client_that_asks_for_a_foreign_address_is_offered_its_own()
    {
        await using var network = await NetworkAsync();
        var (machine, port) = await network.BootAsync(Alpha);
        var said = await machine.Namespace.Command(
            "udhcpc", "-i", "eth0", "-f", "-q", "-n", "-t", "20", "-T", "1", "-r", "10.2.0.99", "-s", "/bin/true")
            .ResultAsync(Token);
        Assert.Contains($"lease of {port.Address} obtained", said.Output + said.Error);
    }

    [Fact]
    public async Task Whoever_calls_itself_by_another_address_than_its_port_hears_nothing()
    {
        await using var network = await NetworkAsync();
        var (machine, port) = await network.BootAsync(Alpha);
        Assert.Equal("silence", await RebootAsync(machine, "fa:16:3e:99:99:99", port.Address));
    }

    [Fact]
    public async Task A_subnet_without_DHCP_gives_no_address()
    {
        await using var network = await TenantNetwork.CreateAsync(
            Region, "10.2.0.0/24", new JsonObject { ["enable_dhcp"] = false });
        var port = await network.CreatePortAsync(Alpha);
        var machine = await network.PlugAsync(Alpha, port);
        await network.ActiveAsync(port);
        await Assert.ThrowsAsync<CommandFailedException>(() => machine.DhcpAsync(TimeSpan.FromSeconds(2), Token));
    }

    private Task<TenantNetwork> NetworkAsync() => TenantNetwork.CreateAsync(Region, "10.2.0.0/24", new JsonObject
    {
        ["gateway_ip"] = "10.2.0.1",
        ["dns_nameservers"] = new JsonArray("192.0.2.53", "192.0.2.54"),
        ["host_routes"] = new JsonArray(
            new JsonObject { ["destination"] = "198.51.100.0/24", ["nexthop"] = "10.2.0.9" }),
    });

    /// <param name="attempts">Five in a second.</param>
    private static async Task<string> RebootAsync(
        VirtualMachine machine, string mac, string address, int attempts = 20) =>
        (await machine.RunAsync("python3", "-c", RebootScript, mac, address, $"{attempts}")).Trim();

    private async Task<(Daemon Client, string Log)> LeaseAsync(VirtualMachine machine, NetworkingPort port)
    {
        var log = Path.Combine(Region.Lab.Directory, $"{machine.Name}.renew.log");
        var script = Path.Combine(Region.Lab.Directory, $"{machine.Name}.renew.sh");
        await File.WriteAllTextAsync(script, "#!/bin/sh\necho \"told: $1 $ip $lease\"\n", Token);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var client = machine.Namespace.Start(log, "udhcpc", "-i", "eth0", "-f", "-T", "1", "-s", script);
        await ToldAsync(log, $"told: bound {port.Address} 86400");
        return (client, log);
    }

    private static Task ToldAsync(string log, string line) => Traffic.EventuallyAsync(
        async () => File.Exists(log) && (await File.ReadAllLinesAsync(log, Token)).Contains(line),
        $"the client was not told '{line}'");
}
