using System.Globalization;
using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests.Scenarios;

/// <summary>
/// A kind of traffic: what answers, what asks, and what counts as an answer. A value more here is a kind more that
/// scenarios can use.
/// </summary>
/// <param name="Protocol">As rules of security groups call it.</param>
/// <param name="Ask">The command of who asks an address; it is run to its end.</param>
internal sealed record ServiceKind(string Name, string Protocol, Func<string, int, string[]> Ask)
{
    /// <summary>
    /// The command that answers at a port until it is ended, in a directory of its own; null: no need.
    /// </summary>
    public Func<int, string, string[]>? Serve { get; init; }

    /// <summary>What the asker is told to say.</summary>
    public string Question { get; init; } = "";

    /// <summary>Whether what the asker has written is an answer, if it has ended well.</summary>
    public Func<string, bool> IsAnswer { get; init; } = output => output.Length > 0;

    /// <summary>What has to be installed for all of them.</summary>
    public static readonly string[] Tools = ["socat", "curl", "cksum", "seq", "busybox", "iperf3"];

    public static readonly ServiceKind Ping = new("ping", "icmp",
        (address, _) => ["ping", "-n", "-c", "1", "-W", "1", address]);

    /// <summary>A connection in which the other end says who asks, and then what it is told.</summary>
    public static readonly ServiceKind Tcp = new("tcp", "tcp",
        (address, port) => ["socat", "-T", "1", "-", $"TCP4:{address}:{Text(port)},connect-timeout=1"])
    {
        Serve = (port, _) => ["socat", $"TCP4-LISTEN:{Text(port)},fork,reuseaddr", "SYSTEM:echo $SOCAT_PEERADDR; cat"],
    };

    /// <summary>A datagram that is sent back. Who answers writes down who has asked.</summary>
    public static readonly ServiceKind Udp = new("udp", "udp",
        (address, port) => ["socat", "-T", "1", "-", $"UDP4:{address}:{Text(port)}"])
    {
        Serve = (port, _) =>
            ["socat", $"UDP4-RECVFROM:{Text(port)},fork", "SYSTEM:echo $SOCAT_PEERADDR >&2; cat"],
        Question = "hello\n",
    };

    /// <summary>A page of 1.3 MB, of which every octet has to be what it was.</summary>
    public static readonly ServiceKind Http = new("http", "tcp",
        (address, port) =>
        [
            "sh", "-c", """curl -sf -m 10 --connect-timeout 1 "$1" | cksum | grep -x "$(seq 200000 | cksum)" """, "sh",
            $"http://{address}:{Text(port)}/numbers",
        ])
    {
        Serve = (port, directory) =>
        [
            "sh", "-c", """seq 200000 > "$1/numbers" && exec busybox httpd -f -p "$2" -h "$1" """, "sh", directory,
            Text(port),
        ],
    };

    /// <summary>As much TCP as the way carries, 4 MiB of it.</summary>
    public static readonly ServiceKind Throughput = new("iperf3", "tcp",
        (address, port) =>
            ["iperf3", "-J", "-c", address, "-p", Text(port), "-n", "4M", "--connect-timeout", "1000"])
    {
        Serve = (port, _) => ["iperf3", "-s", "-p", Text(port)],
        IsAnswer = output => (double?)JsonNode.Parse(output)?["end"]?["sum_received"]?["bits_per_second"] > 0,
    };

    public async Task<bool> AskAsync(NetworkNamespace from, string address, int port)
    {
        var command = Ask(address, port);
        var result = await (from.Command(command[0], command[1..]) with { Input = Question })
            .ResultAsync(TestContext.Current.CancellationToken);
        return result.ExitCode == 0 && IsAnswer(result.Output);
    }

    public override string ToString() => Name;

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
