using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>
/// TFTP and active FTP through SNAT and by a floating IP on real Open vSwitch: what the server sends of its own accord
/// comes in where the router has a helper for it, and nowhere else.
/// </summary>
public sealed class ConnectionTrackerSwitchTests
{
    private const string Outside = "203.0.113.1";
    private const string GatewayAddress = "203.0.113.5";
    private const string Floating = "203.0.113.10";
    private const string Inside = "10.0.0.10";
    private const int Inner = 1;
    private const int Outer = 90;
    private const int Router = 80;

    /// <summary>Answers from a port of its own (RFC 1350 section 4).</summary>
    private const string TftpServer = """
        cat >/dev/null
        printf '\000\003\000\001tftp data' | socat -u - UDP4-SENDTO:$SOCAT_PEERADDR:$SOCAT_PEERPORT
        """;

    /// <summary>Connects to where it is told to, and says where that is (RFC 959 section 4.1.2).</summary>
    private const string FtpServer = """
        read command
        IFS=' ,'
        set -- $(echo "$command" | tr -d '\r')
        echo "told $2.$3.$4.$5"
        echo 'ftp data' | socat -u - TCP4:$2.$3.$4.$5:$(($6 * 256 + $7)),connect-timeout=2
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_two_ends_agree_on_comes_through_a_router_with_a_helper_for_it()
    {
        await using var world = await LabWorld.StartAsync("cth", hosts: 2);
        var external = await world.StartWithOutsideAsync($"{Outside}/24");
        // The machine is not where the gateway is.
        var machine = await world.PlugAsync(1, 10, $"{Inside}/24 10.0.0.1");
        await SayAsync(world);
        await ServeAsync(world, external, "tftp", "UDP4-RECVFROM:69,fork", TftpServer);
        await ServeAsync(world, external, "ftp", "TCP4-LISTEN:21,fork,reuseaddr", FtpServer);

        Assert.Equal("", await TftpAsync(machine, port: 5_000));
        Assert.Equal($"told {Inside}\n", await FtpAsync(machine));
        await world.ChangeAsync(Say.RouterPartition(Router), RouterEntry(world,
            new ConntrackHelper { Name = "tftp", Protocol = 17, Port = 69 },
            new ConntrackHelper { Name = "ftp", Protocol = 6, Port = 21 }));
        Assert.EndsWith("tftp data", await TftpAsync(machine, port: 5_001));
        Assert.Equal($"told {GatewayAddress}\nftp data\n", await FtpAsync(machine));

        await world.ChangeAsync(Say.RouterPartition(Router), Say.Entry(EntryKind.FloatingIp, 95, new FloatingIpEntry
        {
            Address = Say.Bytes(Floating), Mac = Say.Mac(84), PortId = Say.Bytes(10), FixedAddress = Say.Bytes(Inside),
        }));
        Assert.EndsWith("tftp data", await TftpAsync(machine, port: 5_002));
        Assert.Equal($"told {Floating}\nftp data\n", await FtpAsync(machine));
        await world.RequireNoDriftAsync();
    }

    private static async Task ServeAsync(
        LabWorld world, ExternalNetwork external, string name, string listen, string script)
    {
        var file = Path.Combine(world.Lab.Directory, $"{name}.sh");
        await File.WriteAllTextAsync(file, script, Cancellation);
        external.Outside.Start(Path.Combine(world.Lab.Directory, $"{name}.log"), "socat", listen, $"EXEC:sh {file}");
    }

    /// <summary>What comes to the port that a file was asked for from.</summary>
    private static Task<string> TftpAsync(VirtualMachine machine, int port) => RunAsync(machine,
        $@"printf '\000\001file\000octet\000' | timeout 3 socat -t 2 - UDP4-DATAGRAM:{Outside}:69,bind=:{port}");

    /// <summary>What the server says, and then what it sends to where it was told to.</summary>
    private static Task<string> FtpAsync(VirtualMachine machine) => RunAsync(machine,
        "timeout 4 socat -u TCP4-LISTEN:5001,reuseaddr OPEN:/tmp/$$,creat & sleep 0.5; "
        + $@"printf 'PORT 10,0,0,10,19,137\r\n' | socat -t 3 - TCP4:{Outside}:21; wait; cat /tmp/$$; rm -f /tmp/$$");

    private static async Task<string> RunAsync(VirtualMachine machine, string script)
    {
        var result = await machine.Namespace.Command("sh", "-c", script).ResultAsync(Cancellation);
        return result.Output;
    }

    private static Entry RouterEntry(LabWorld world, params ConntrackHelper[] helpers) => Say.Entry(
        EntryKind.Router, Router, new RouterEntry
        {
            AdminStateUp = true,
            Interfaces = { Say.Interface(82, Inner, 2, "10.0.0.1") },
            Gateway = Say.Gateway(Outer, 83, world.Tunnel(0), (92, GatewayAddress)),
            ConntrackHelpers = { helpers },
        });

    private static Task SayAsync(LabWorld world) => world.SayAsync(
        [(1, Say.Protected(10, Inner, 2, Inside, 50))],
        (Say.NetworkPartition(Inner), [
            Say.Network(Inner, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"),
            Say.Neighbor(10, Inside, world.Tunnel(1)), Say.RouterPort(82, Router, "10.0.0.1"),
        ]),
        (Say.NetworkPartition(Outer), [
            Say.External(Outer),
            Say.Subnet(92, "203.0.113.0/24", Outside, dhcp: false),
        ]),
        (Say.SecurityGroupPartition(50), [
            Say.SecurityGroup(50), Say.EgressRule(51), Say.Rule(52, new SecurityGroupRuleEntry { IpVersion = 4 }),
        ]),
        (Say.RouterPartition(Router), [RouterEntry(world)]));
}
