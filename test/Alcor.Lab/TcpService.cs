namespace Alcor.Lab;

/// <summary>
/// A TCP service that tells each client by which address and port it sees it, and then echoes: who translates
/// addresses on the way cannot hide, and a connection can be kept and watched.
/// </summary>
public static class TcpService
{
    /// <summary>Starts it, and waits until it listens; it ends with the namespace.</summary>
    public static async Task StartAsync(NetworkNamespace network, string directory, int port, bool isIpv6 = false)
    {
        var listen = isIpv6 ? $"TCP6-LISTEN:{port},ipv6only=1" : $"TCP4-LISTEN:{port}";
        network.Start(Path.Combine(directory, $"{network.Name}-{port}-{(isIpv6 ? 6 : 4)}.log"), "socat",
            $"{listen},fork,reuseaddr", "SYSTEM:echo $SOCAT_PEERADDR; cat");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await AskAsync(network, isIpv6 ? "[::1]" : "127.0.0.1", port) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    /// <summary>By which address the service sees a machine; null: two SYNs do not reach it.</summary>
    public static async Task<string?> AskAsync(NetworkNamespace from, string address, int port)
    {
        // Of itself socat waits half a second for the answer, once it has nothing more to say.
        var result = await from.Command("socat", "-t", "5", "-T", "5", "-", $"TCP:{address}:{port},connect-timeout=2")
            .ResultAsync(CancellationToken.None);
        return result.Output.Split('\n')[0] is { Length: > 0 } seen ? seen.Trim() : null;
    }
}
